import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { SourceStore } from '../../../src/oci/content/sourceStore.ts';
import { bytesOf, sourceOf } from '../../../src/oci/content/verify.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import type { TransferEvent } from '../../../src/oci/transfer/events.ts';
import { type ArtifactParts, packArtifact } from '../../../src/oci/transfer/packArtifact.ts';
import { layerOfFile, type PackLayer } from '../../../src/oci/transfer/packLayer.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import { artifact, blob, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';
import { ObservedStore, turns, untilCancelled } from '../../support/stores.ts';

const TYPE = 'application/vnd.example.test.v1+json';

function layerOf(seed: number, title?: string): PackLayer {
  const { descriptor, bytes } = blob(seed, title === undefined ? {} : { title });
  return { ...descriptor, open: sourceOf(bytes) };
}

async function manifestText(parts: ArtifactParts): Promise<string> {
  const store = new MemoryStore();
  return Buffer.from(await bytesOf(store.read(await packArtifact(store, parts)))).toString();
}

describe('packing an artifact', () => {
  it('writes config, layers and a manifest whose members have a fixed order', async () => {
    const subject = artifact(1).root.descriptor;
    const text = await manifestText({
      artifactType: TYPE,
      layers: [layerOf(1, 'a.json'), layerOf(2)],
      annotations: { b: '2', a: '1' },
      subject,
    });
    const [first, second] = [layerOf(1), layerOf(2)];
    expect(text).toBe(
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",' +
        `"artifactType":"${TYPE}",` +
        '"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},' +
        `"layers":[{"mediaType":"application/octet-stream","digest":"${first.digest}","size":64,"annotations":{"org.opencontainers.image.title":"a.json"}},` +
        `{"mediaType":"application/octet-stream","digest":"${second.digest}","size":64}],` +
        `"subject":{"mediaType":"${subject.mediaType}","digest":"${subject.digest}","size":${subject.size}},` +
        '"annotations":{"a":"1","b":"2"}}',
    );
  });

  it('gives the same manifest whatever the order in which annotations were put together', async () => {
    const layers = [{ ...layerOf(1), annotations: { x: '1', é: '2', Z: '3', '10': '4', '9': '5' } }];
    const again = [{ ...layerOf(1), annotations: { '9': '5', Z: '3', '10': '4', é: '2', x: '1' } }];
    const one = await manifestText({ artifactType: TYPE, layers, annotations: { b: 'x', a: 'y', __proto: 'z' } });
    const other = await manifestText({
      artifactType: TYPE,
      layers: again,
      annotations: { __proto: 'z', a: 'y', b: 'x' },
    });
    expect(one).toBe(other);
  });

  it('leaves out what is empty, and lets the empty descriptor stand for no layers', async () => {
    const document = JSON.parse(await manifestText({ artifactType: TYPE, layers: [], annotations: {} }));
    expect(Object.keys(document)).toEqual(['schemaVersion', 'mediaType', 'artifactType', 'config', 'layers']);
    expect(document.layers).toEqual([document.config]);
  });

  it('writes all that the manifest names, the same content once, and the tags with it', async () => {
    const store = new ObservedStore();
    const config: PackLayer = { ...layerOf(7), mediaType: 'application/vnd.example.config+json' };
    const layers = [layerOf(1, 'a'), layerOf(2), layerOf(1, 'b')];
    const manifest = await packArtifact(store, { artifactType: TYPE, config, layers }, { tags: [tagOf('v1')] });
    expect(store.calls).toHaveLength(4);
    expect(store.calls.at(-1)).toBe(`write ${manifest.digest}`);
    expect(await store.resolve(tagOf('v1'))).toEqual(manifest);
    expect((await validate(store, [manifest])).problems).toEqual([]);
  });

  it('tells what happens to each', async () => {
    const events: TransferEvent[] = [];
    const { digest } = await packArtifact(
      new MemoryStore(),
      { artifactType: TYPE, layers: [layerOf(1)] },
      { concurrency: 1, onEvent: (event) => events.push(event) },
    );
    expect(events.filter(({ kind }) => kind === 'finished').map((event) => event.descriptor.digest)).toEqual([
      digestOf('{}'),
      layerOf(1).digest,
      digest,
    ]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'progress', bytes: 64 }));
  });

  it.each([
    ['artifact type', { artifactType: 'not a type', layers: [] }],
    ['layer', { artifactType: TYPE, layers: [{ ...layerOf(1), mediaType: 'text/plain; charset=utf-8' }] }],
    ['config', { artifactType: TYPE, layers: [], config: { ...layerOf(1), mediaType: '' } }],
  ])('refuses a media type that is none, before it writes anything: %s', async (_, parts) => {
    const store = new ObservedStore();
    await expect(packArtifact(store, parts)).rejects.toEqual(failure('INVALID_MEDIA_TYPE'));
    expect(store.calls).toEqual([]);
  });

  it('refuses to write a manifest that registries need not take', async () => {
    const store = new ObservedStore();
    const parts = { artifactType: TYPE, layers: [], annotations: { large: 'x'.repeat(4 * 1024 * 1024) } };
    await expect(packArtifact(store, parts)).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: 4 * 1024 * 1024 }));
    expect(store.calls).toEqual([]);
  });

  it('stops everything when one layer fails, and nothing is running when it returns', async () => {
    const store = new ObservedStore();
    const [good, bad] = [layerOf(1), layerOf(2)];
    store.interfere = async (_, digest, signal) => {
      if (digest !== bad.digest) return untilCancelled(signal);
      await turns(2);
    };
    const lying = { ...bad, open: sourceOf(blob(3).bytes) };
    const packed = packArtifact(store, { artifactType: TYPE, layers: [good, lying] }, { tags: [tagOf('v1')] });
    await expect(packed).rejects.toEqual(failure('DIGEST_MISMATCH', { expected: bad.digest }));
    expect(store.running).toBe(0);
    store.interfere = () => {};
    await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('NOT_FOUND'));
  });
});

describe('a layer of a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await makeFolder({ 'a.json': '{"a": 1}', empty: '', sub: { 'b.txt': 'b' } });
  });
  afterEach(() => removeFolder(folder));

  it('has its digest, size and name', async () => {
    const { open, ...layer } = await layerOfFile(join(folder, 'a.json'), 'application/json');
    expect(layer).toEqual({
      mediaType: 'application/json',
      size: 8,
      digest: digestOf('{"a": 1}'),
      annotations: { 'org.opencontainers.image.title': 'a.json' },
    });
    for (let i = 0; i < 2; i++) expect(Buffer.from(await bytesOf(open())).toString()).toBe('{"a": 1}');
  });

  it('may have another title, and no bytes', async () => {
    const layer = await layerOfFile(join(folder, 'empty'), 'text/plain', 'sub/other.txt');
    expect(layer).toMatchObject({ size: 0, annotations: { 'org.opencontainers.image.title': 'sub/other.txt' } });
    expect(await bytesOf(layer.open())).toHaveLength(0);
  });

  it('is at rest, and can be opened further on', async () => {
    const path = join(folder, 'a.json');
    const { open } = await layerOfFile(path, 'application/json');
    const rest = async (): Promise<string> =>
      Buffer.from(await bytesOf(open.after?.(5) ?? expect.unreachable())).toString();
    expect([open.atRest, await rest()]).toEqual([true, ' 1}']);
    await writeFile(path, '{"a": 1}');
    expect(await rest()).toBe(' 1}');
    await writeFile(path, '{"a": 2}');
    await expect(rest()).rejects.toEqual(failure('DIGEST_MISMATCH'));
    await expect(bytesOf(open())).rejects.toEqual(failure('DIGEST_MISMATCH', { actual: digestOf('{"a": 2}') }));
  });

  it('goes on where it was in a layout, after a push that was interrupted', async () => {
    const size = 20 * 1024 * 1024;
    await writeFile(join(folder, 'large'), Buffer.alloc(size, 'content '));
    const layer = await layerOfFile(join(folder, 'large'), 'text/plain');
    const files = new SourceStore();
    const manifest = await packArtifact(files, { artifactType: TYPE, layers: [layer] });
    const layout = await LayoutStore.open(join(folder, 'layout'), { create: true });
    const controller = new AbortController();
    const interrupt = (event: TransferEvent): void => {
      if (event.kind === 'progress' && event.bytes > size / 2) controller.abort();
    };
    const interrupted = copy(files, manifest, layout, { signal: controller.signal, onEvent: interrupt });
    await expect(interrupted).rejects.toEqual(failure('CANCELLED'));
    const passed: number[] = [];
    const count = (event: TransferEvent): void => {
      if (event.kind === 'progress' && event.descriptor.digest === layer.digest) passed.push(event.bytes);
    };
    await copy(files, manifest, layout, { onEvent: count });
    expect([Number(passed[0]) > size / 4, passed.at(-1)]).toEqual([true, size]);
    expect((await validate(layout, [manifest])).problems).toEqual([]);
  });

  it('that changed since it was hashed fails the write', async () => {
    const path = join(folder, 'a.json');
    const layers = [await layerOfFile(path, 'application/json')];
    await writeFile(path, '{"a": 2}');
    const store = new MemoryStore();
    await expect(packArtifact(store, { artifactType: TYPE, layers })).rejects.toEqual(failure('DIGEST_MISMATCH'));
  });

  it.each([
    ['a missing file', 'none.json', failure('FILE_NOT_FOUND')],
    ['a file below a file', 'a.json/b', failure('FILE_NOT_READABLE')],
    ['a folder', 'sub', failure('FILE_NOT_READABLE', { reason: 'it is a folder' })],
  ])('is refused for %s', async (_, name, expected) => {
    await expect(layerOfFile(join(folder, name), 'text/plain')).rejects.toEqual(expected);
  });

  it('is refused for a media type that is none, and for a cancelled caller', async () => {
    const path = join(folder, 'a.json');
    await expect(layerOfFile(path, 'json')).rejects.toEqual(failure('INVALID_MEDIA_TYPE'));
    const cancelled = layerOfFile(path, 'text/plain', 'a', { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toEqual(failure('CANCELLED'));
  });
});
