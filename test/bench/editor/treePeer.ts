// The other side of test/bench/editor/treeProcess.ts, in a process of its own: a registry with many tags, and a line to it on
// which every request takes a while. Tells where they are, and ends with whoever started it.
import { artifact } from '../../support/artifacts.ts';
import { startRegistry } from '../../support/registry/index.ts';

/** Milliseconds that each answer of the slow registry takes. */
const DELAY = 20;

async function registryWith(tags: number): Promise<ReturnType<typeof startRegistry>> {
  const registry = await startRegistry({ quirks: { pageSize: 1_000, maxPageSize: 1_000 } });
  const { root, contents } = artifact(1);
  const repository = registry.repository('app');
  for (const { bytes } of contents.slice(0, -1)) repository.putBlob(bytes);
  repository.putManifest(root.bytes, root.descriptor.mediaType);
  for (let at = 0; at < tags; at += 1) repository.tags.set(`1.${at}.0`, root.descriptor.digest);
  return registry;
}

const large = await registryWith(10_000);
const slow = await registryWith(1_000);
slow.fail({ fault: { kind: 'delay', milliseconds: DELAY } });
process.send?.({ large: large.host, slow: slow.host });
process.on('disconnect', () => process.exit());
