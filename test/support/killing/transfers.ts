import { join } from 'node:path';
import { Cache } from '../../../src/oci/cache/cache.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import type { Tag } from '../../../src/oci/spec/tag.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { unpack } from '../../../src/oci/transfer/unpack.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';

/** What moves content from where to where; each uses folders of its own below the one it is given. */
export const TRANSFERS = ['push', 'backup', 'pull', 'pullThroughCache'] as const;
export type TransferKind = (typeof TRANSFERS)[number];

export const REPOSITORY = parseRepositoryName('team/product');

/** One transfer, from its start to its end; `began` is called when it is about to move something. */
export async function transfer(
  kind: TransferKind,
  host: string,
  folder: string,
  tag: Tag,
  began: () => void = () => {},
): Promise<void> {
  const transport = createUndiciTransport({});
  const remote = new Registry({ host, plainHttp: true, transport }).repository(REPOSITORY);
  const cache = new Cache({ path: join(folder, 'cache') });
  try {
    const layout =
      kind === 'push' || kind === 'backup'
        ? await LayoutStore.open(join(folder, 'layout'), { create: true })
        : undefined;
    began();
    if (layout) {
      await (kind === 'push' ? copy(layout, tag, remote, { tags: [tag] }) : copy(remote, tag, layout, { tags: [tag] }));
    } else {
      const cached = cache.repository({ registry: host, repository: REPOSITORY }, remote, {});
      const source = kind === 'pull' ? remote : cached;
      await unpack(source, await source.resolve(tag), join(folder, 'files'));
    }
  } finally {
    await cache.close();
    await transport.close();
  }
}
