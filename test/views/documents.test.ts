import { beforeEach, describe, expect, it } from 'vitest';
import { Uri } from 'vscode';
import { MemoryStore } from '../../src/oci/content/memoryStore.ts';
import { cancelled, type Descriptor, digestOf, parseRepositoryName, parseTag } from '../../src/oci/index.ts';
import { StoreDocuments } from '../../src/views/documents.ts';
import { documentUri } from '../../src/views/documentUri.ts';
import { LayerConsent } from '../../src/views/layerConsent.ts';
import { OciFileSystem } from '../../src/views/ociFileSystem.ts';
import type { RepositoryStore } from '../../src/views/places.ts';
import { artifact, blob, emptyConfig, imageManifest, putGraph } from '../support/artifacts.ts';
import { tarOf } from '../support/tar.ts';
import { MemoryPlace } from './support/places.ts';

const repository = parseRepositoryName('team/product');
const tag = parseTag('1.2.0');
const graph = artifact(1, { layers: 1, size: 300 });
const [, layer] = graph.contents;

let place: MemoryPlace;
let files: OciFileSystem;
beforeEach(async () => {
  place = new MemoryPlace();
  await putGraph(place.repository(repository), graph, tag);
  files = fileSystem(async () => place);
});

function fileSystem(placeFor: () => Promise<MemoryPlace>): OciFileSystem {
  return new OciFileSystem(async () => new StoreDocuments({ placeFor, logError: () => {} }));
}

const manifestUri = () => documentUri({ place, repository, tag, role: 'manifest', descriptor: graph.root.descriptor });
function layerUri() {
  if (layer === undefined) throw new Error('No layer');
  const { digest } = graph.root.descriptor;
  return documentUri({ place, repository, tag, role: 'layer', descriptor: layer.descriptor, manifest: digest });
}

describe('a document', () => {
  it('of a manifest is its exact bytes, and stat says how many', async () => {
    expect(await files.readFile(manifestUri())).toEqual(Buffer.from(graph.root.bytes));
    expect(await files.stat(manifestUri())).toMatchObject({ type: 1, permissions: 1, size: graph.root.bytes.length });
  });

  it('of a layer is its exact bytes, and stat says how many', async () => {
    expect(await files.readFile(layerUri())).toEqual(Buffer.from(layer?.bytes ?? []));
    expect((await files.stat(layerUri())).size).toBe(300);
  });

  it('of a layer is found by its tag when the address names no manifest', async () => {
    const uri = layerUri();
    const bare = Uri.from({ scheme: uri.scheme, authority: uri.authority, path: uri.path, query: 'ref=1.2.0' });
    expect((await files.stat(bare)).size).toBe(300);
  });

  it('that is to be compared has its JSON on lines of its own, and stat says how long that is', async () => {
    const uri = Uri.from({ ...manifestUri(), query: 'ref=1.2.0&indented=true' });
    const text = `${JSON.stringify(JSON.parse(new TextDecoder().decode(graph.root.bytes)), undefined, 2)}\n`;
    expect(new TextDecoder().decode(await files.readFile(uri))).toBe(text);
    expect((await files.stat(uri)).size).toBe(text.length);
  });

  it('that is no JSON stays as it is when it is to be compared', async () => {
    const uri = layerUri();
    const indented = Uri.from({ ...uri, query: `${uri.query}&indented=true` });
    expect(await files.readFile(indented)).toEqual(Buffer.from(layer?.bytes ?? []));
  });

  it('cannot be written, renamed, deleted, or listed', () => {
    const uri = manifestUri();
    for (const act of ['writeFile', 'rename', 'delete', 'createDirectory'] as const) {
      expect(() => files[act](uri)).toThrow(expect.objectContaining({ code: 'NoPermissions' }));
    }
    expect(() => files.readDirectory(uri)).toThrow(expect.objectContaining({ code: 'FileNotFound' }));
  });

  it('that is not there is not found', async () => {
    const path = manifestUri().path.replace(/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`);
    const uri = Uri.from({ scheme: 'oci', authority: place.id, path });
    await expect(files.stat(uri)).rejects.toMatchObject({ code: 'FileNotFound' });
    await expect(files.readFile(uri)).rejects.toMatchObject({ code: 'FileNotFound' });
  });

  it('whose address is no address is not found', async () => {
    const uri = Uri.from({ scheme: 'oci', authority: 'r.example', path: '/.vscode/settings.json' });
    await expect(files.stat(uri)).rejects.toMatchObject({ code: 'FileNotFound' });
  });

  it('above 64 MiB says its size and is not read: use Pull', async () => {
    const big = { mediaType: 'application/x', digest: digestOf('big'), size: 64 * 1024 * 1024 + 1 };
    const { descriptor: root, bytes } = imageManifest([{ descriptor: big, bytes: new Uint8Array() }]);
    place.put(
      repository,
      Object.assign(new MemoryStore(), {
        resolve: async () => root,
        read: async function* ({ digest }: Descriptor) {
          if (digest !== root.digest) throw new Error('nothing but the manifest is read');
          yield bytes;
        },
      } satisfies Partial<RepositoryStore>),
    );
    const uri = documentUri({ place, repository, tag, role: 'layer', descriptor: big, manifest: root.digest });
    expect((await files.stat(uri)).size).toBe(big.size);
    await expect(files.readFile(uri)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('use Pull'),
    });
  });

  it('of a registry that the user does not connect is not available, and nothing was sent', async () => {
    const refused = fileSystem(async () => {
      throw cancelled();
    });
    await expect(refused.readFile(manifestUri())).rejects.toMatchObject({
      code: 'Unavailable',
      message: 'Not connected to this registry.',
    });
    expect(place.requests).toBe(0);
  });

  it('of a file in a layer is read from the archive, and stat says how long it is', async () => {
    const uri = await entryUri('app/settings.json');
    expect(await files.stat(uri)).toMatchObject({ type: 1, permissions: 1, size: 13 });
    expect(new TextDecoder().decode(await files.readFile(uri))).toBe('{"answer":42}');
  });

  it('of a file that the layer has not is not found', async () => {
    await expect(files.readFile(await entryUri('other'))).rejects.toMatchObject({ code: 'FileNotFound' });
  });

  it('of a file in a large layer is read only when the user has wanted the layer to be', async () => {
    const uri = await entryUri('app/settings.json');
    const consent = Object.assign(new LayerConsent(), { isAllowed: () => false });
    const others = new OciFileSystem(
      async () => new StoreDocuments({ placeFor: async () => place, logError: () => {}, consent }),
    );
    await expect(others.stat(uri)).rejects.toMatchObject({ code: 'Unavailable' });
  });
});

async function entryUri(entry: string) {
  const archive = blob(tarOf({ name: './app/settings.json', content: '{"answer":42}' }));
  const root = imageManifest([archive]);
  await putGraph(place.repository(repository), { root, contents: [emptyConfig, archive, root] }, tag);
  const { digest: manifest } = root.descriptor;
  return documentUri({ place, repository, tag, role: 'layer', descriptor: archive.descriptor, manifest, entry });
}
