import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourceStore } from '../../../src/oci/content/sourceStore.ts';
import type { Target } from '../../../src/oci/content/store.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { ALWAYS_HASHED } from '../../../src/oci/remote/checkedBody.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { encodedOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { packArtifact } from '../../../src/oci/transfer/packArtifact.ts';
import { layerOfFile } from '../../../src/oci/transfer/packLayer.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { blob, emptyConfig, imageManifest, putGraph, tagOf } from '../../support/artifacts.ts';
import { type DockerRegistry, startDockerRegistry } from '../../support/dockerRegistry.ts';
import { failure } from '../../support/failure.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';
import { timesHashed } from '../../support/hashing.ts';

const v1 = tagOf('v1');
const layer = blob(1, { size: ALWAYS_HASHED + 1_000_000 });
const { size } = layer.descriptor;
const root = imageManifest([layer]);
const graph = { root, contents: [emptyConfig, layer, root] };

let server: DockerRegistry;
let folder: string;
let count = 0;
const transport = createUndiciTransport({});
beforeAll(async () => {
  server = await startDockerRegistry();
});
afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => removeFolder(folder));

/** A repository that nobody has used, for a client that remembers nothing: nothing is there, and nothing is mounted. */
const remote = (name = `repository-${++count}`): Target =>
  new Registry({ host: server.host, plainHttp: true, transport }).repository(parseRepositoryName(name));
const layout = (): Promise<LayoutStore> => LayoutStore.open(join(folder, `layout-${++count}`), { create: true });
const move = (source: Target, destination: Target): Promise<unknown> => copy(source, v1, destination, { tags: [v1] });

/** As `push` does with a file. */
async function push(destination: Target, meanwhile = async (_path: string) => {}): Promise<void> {
  const path = join(folder, 'large.bin');
  await writeFile(path, layer.bytes);
  const files = new SourceStore('files');
  const layers = [await layerOfFile(path, 'application/octet-stream')];
  await packArtifact(files, { artifactType: 'application/vnd.example.test.v1', layers }, { tags: [v1] });
  await meanwhile(path);
  await move(files, destination);
}

describe('the bytes of a large blob are hashed by us', () => {
  it('never on their way from a layout to a registry', async () => {
    const [from, to] = [await layout(), remote()];
    await putGraph(from, graph, 'v1');
    expect(await timesHashed(size, () => move(from, to))).toBe(0);
    expect(await to.resolve(v1)).toEqual(expect.objectContaining({ digest: root.descriptor.digest }));
  });

  it('once on their way from a file to a registry: to find their digest', async () => {
    expect(await timesHashed(size, () => push(remote()))).toBe(1);
  });

  it.each([
    ['a registry', async () => remote('source')],
    ['a layout', layout],
  ])('once on their way from %s to a layout, which keeps nothing that it has not checked', async (_, source) => {
    const [from, to] = [await source(), await layout()];
    await putGraph(from, graph, 'v1');
    expect(await timesHashed(size, () => move(from, to))).toBe(1);
  });

  it('twice on their way from a file to a layout', async () => {
    const to = await layout();
    expect(await timesHashed(size, () => push(to))).toBe(2);
  });

  it('once on their way from one registry to another', async () => {
    await using other = await startDockerRegistry();
    const from = remote('source');
    await putGraph(from, graph, 'v1');
    const registry = new Registry({ host: other.host, plainHttp: true, transport });
    const to = registry.repository(parseRepositoryName('copied'));
    expect(await timesHashed(size, () => move(from, to))).toBe(1);
  });
});

describe('a large blob that is wrong on our disk', () => {
  const wrong = Buffer.from(layer.bytes);
  wrong[size - 1] = (wrong.at(-1) ?? 0) ^ 1;
  const mismatch = failure('DIGEST_MISMATCH', { expected: layer.descriptor.digest });
  const expectNothing = async (store: Target): Promise<void> => {
    expect(await store.exists(layer.descriptor)).toBe(false);
    await expect(store.resolve(v1)).rejects.toEqual(failure('NOT_FOUND'));
  };

  it.each([
    ['registry', async () => remote()],
    ['layout', layout],
  ])('in a layout, never becomes visible in a %s, nor what is above it', async (_, destination) => {
    const [from, to] = [await layout(), await destination()];
    await putGraph(from, graph, 'v1');
    await writeFile(join(from.path, 'blobs/sha256', encodedOf(layer.descriptor.digest)), wrong);
    await expect(move(from, to)).rejects.toEqual(mismatch);
    await expectNothing(to);
  });

  it('because its file has changed since it was hashed, is found out as it is sent', async () => {
    const to = remote();
    await expect(push(to, (path) => writeFile(path, wrong))).rejects.toEqual(mismatch);
    await expectNothing(to);
  });

  it('is as good as before when its file was only touched', async () => {
    const to = remote();
    await push(to, (path) => writeFile(path, layer.bytes));
    expect(await to.exists(layer.descriptor)).toBe(true);
  });
});
