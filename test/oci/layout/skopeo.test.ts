import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { artifact, type Graph, multiPlatform, putGraph, tagOf } from '../../support/artifacts.ts';
import { blobPath, newLayout, tagsOf } from './support/layouts.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

/** Runs the skopeo of this machine, without the signature policy that a machine may or may not have. */
async function skopeo(...args: readonly string[]): Promise<Buffer> {
  const run = promisify(execFile);
  const { stdout } = await run('skopeo', ['--insecure-policy', ...args], { encoding: 'buffer' });
  return stdout;
}

async function expectSame(store: LayoutStore, graph: Graph): Promise<void> {
  for (const { descriptor, bytes } of graph.contents) {
    expect(await store.exists(descriptor)).toBe(true);
    expect(await bytesOf(store.read(descriptor))).toEqual(Buffer.from(bytes));
  }
}

const graphs: readonly (readonly [kind: string, graph: Graph])[] = [
  ['an artifact', artifact(1)],
  ['an index', multiPlatform(2)],
];

describe.each(graphs)('%s', (_, graph) => {
  it('that we wrote is inspected by skopeo, byte for byte', async () => {
    const store = await newLayout();
    await putGraph(store, graph, '1.0.0', 'latest');
    for (const tag of ['1.0.0', 'latest']) {
      const manifest = await skopeo('inspect', '--raw', `oci:${store.path}:${tag}`);
      expect(digestOf(manifest)).toBe(graph.root.descriptor.digest);
    }
  });

  it('that we wrote is copied by skopeo, byte for byte, and read by us', async () => {
    const store = await newLayout();
    await putGraph(store, graph, '1.0.0');
    const path = join(temporaryFolder(), 'copy');
    await skopeo('copy', '--all', `oci:${store.path}:1.0.0`, `oci:${path}:2.0.0`);
    const copy = await LayoutStore.open(path);
    expect(await tagsOf(copy)).toEqual(['2.0.0']);
    expect((await copy.resolve(tagOf('2.0.0'))).digest).toBe(graph.root.descriptor.digest);
    expect((await copy.resolve(graph.root.descriptor.digest)).mediaType).toBe(graph.root.descriptor.mediaType);
    await expectSame(copy, graph);
    for (const { descriptor, bytes } of graph.contents) {
      expect(await readFile(blobPath(copy, descriptor.digest))).toEqual(Buffer.from(bytes));
    }
  });

  it("is added by skopeo to a layout of ours, and by us to one of skopeo's, and nothing is lost", async () => {
    const store = await newLayout();
    const other = artifact(3);
    await putGraph(store, other, 'ours');
    const source = await newLayout();
    await putGraph(source, graph, 'v1');
    await skopeo('copy', '--all', `oci:${source.path}:v1`, `oci:${store.path}:theirs`);
    await putGraph(store, artifact(4), 'more');
    expect(await tagsOf(store)).toEqual(['more', 'ours', 'theirs']);
    await expectSame(store, other);
    await expectSame(store, graph);
    expect(digestOf(await skopeo('inspect', '--raw', `oci:${store.path}:more`))).toBe(
      artifact(4).root.descriptor.digest,
    );
  });

  it('that skopeo wrote without a tag is found by its digest', async () => {
    const source = await newLayout();
    await putGraph(source, graph, 'v1');
    const path = join(temporaryFolder(), 'copy');
    await skopeo('copy', '--all', `oci:${source.path}:v1`, `oci:${path}`);
    const copy = await LayoutStore.open(path);
    expect(await tagsOf(copy)).toEqual([]);
    expect(await copy.resolve(graph.root.descriptor.digest)).toEqual(graph.root.descriptor);
    await copy.tag(graph.root.descriptor, tagOf('v2'));
    expect(digestOf(await skopeo('inspect', '--raw', `oci:${path}:v2`))).toBe(graph.root.descriptor.digest);
  });
});
