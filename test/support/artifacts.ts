import type { Target } from '../../src/oci/content/store.ts';
import { sourceOf } from '../../src/oci/content/verify.ts';
import {
  type Descriptor,
  descriptorOf,
  EMPTY_CONTENT,
  EMPTY_DESCRIPTOR,
  type ManifestDescriptor,
} from '../../src/oci/spec/descriptor.ts';
import { type DigestAlgorithm, digestOf } from '../../src/oci/spec/digest.ts';
import { type ManifestMediaType, MediaType } from '../../src/oci/spec/mediaTypes.ts';
import { parseTag, type Tag } from '../../src/oci/spec/tag.ts';

/** Bytes with the descriptor that names them. */
export interface Content<D extends Descriptor = Descriptor> {
  readonly descriptor: D;
  readonly bytes: Uint8Array;
}

export type ManifestContent = Content<ManifestDescriptor>;

/** A manifest with everything below it, children first; the last content is the root. */
export interface Graph {
  readonly root: ManifestContent;
  readonly contents: readonly Content[];
}

const utf8 = new TextEncoder();

/** The same bytes for the same seed, everywhere: mulberry32. */
export function seededBytes(seed: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed >>> 0;
  for (let i = 0; i < size; i++) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    bytes[i] = (mixed ^ (mixed >>> 14)) & 0xff;
  }
  return bytes;
}

export interface BlobOptions {
  /** Default `application/octet-stream`. */
  readonly mediaType?: string;
  /** Bytes of seeded content; default 64. */
  readonly size?: number;
  /** Becomes the annotation `org.opencontainers.image.title`. */
  readonly title?: string;
  /** Default sha256. */
  readonly algorithm?: DigestAlgorithm;
}

/** A blob of seeded bytes, or of the text or bytes given. */
export function blob(content: number | string | Uint8Array, options: BlobOptions = {}): Content {
  const { mediaType = 'application/octet-stream', size = 64, title, algorithm = 'sha256' } = options;
  const bytes = typeof content === 'number' ? seededBytes(content, size) : toBytes(content);
  const annotations = title === undefined ? {} : { annotations: { 'org.opencontainers.image.title': title } };
  return {
    descriptor: { mediaType, digest: digestOf(bytes, algorithm), size: bytes.length, ...annotations },
    bytes,
  };
}

/** The empty config, `{}`. */
export const emptyConfig: Content = { descriptor: EMPTY_DESCRIPTOR, bytes: EMPTY_CONTENT };

/** A manifest or index of exactly this document. `mediaType` defaults to the document's own. */
export function manifestOf(document: object | string, mediaType?: ManifestMediaType): ManifestContent {
  const bytes = toBytes(typeof document === 'string' ? document : JSON.stringify(document));
  const own = typeof document === 'object' && 'mediaType' in document ? document.mediaType : MediaType.imageManifest;
  return { descriptor: descriptorOf(mediaType ?? (own as ManifestMediaType), bytes), bytes };
}

/** An image manifest over these contents. `members` are added to the document as they are. */
export function imageManifest(
  layers: readonly Content[],
  members: Readonly<Record<string, unknown>> = {},
  config: Content = emptyConfig,
): ManifestContent {
  return manifestOf({
    schemaVersion: 2,
    mediaType: MediaType.imageManifest,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    ...members,
  });
}

/** An image index over these manifests. `members` are added to the document as they are. */
export function imageIndex(
  manifests: readonly Content[],
  members: Readonly<Record<string, unknown>> = {},
): ManifestContent {
  return manifestOf({
    schemaVersion: 2,
    mediaType: MediaType.imageIndex,
    manifests: manifests.map((manifest) => manifest.descriptor),
    ...members,
  });
}

/** An artifact with seeded layers, its own for each seed. */
export function artifact(seed: number, options: { readonly layers?: number; readonly size?: number } = {}): Graph {
  const { layers: count = 2, size = 64 } = options;
  const layers = Array.from({ length: count }, (_, i) => blob(seed * 1000 + i, { size, title: `file-${i}.bin` }));
  const root = imageManifest(layers, { artifactType: 'application/vnd.example.test.v1' });
  return { root, contents: [emptyConfig, ...layers, root] };
}

/** An index over artifacts, which share the empty config. */
export function multiPlatform(seed: number, manifests = 2): Graph {
  const parts = Array.from({ length: manifests }, (_, i) => artifact(seed * 100 + i));
  const root = imageIndex(parts.map((part) => part.root));
  return { root, contents: [...new Set(parts.flatMap((part) => part.contents)), root] };
}

/** An index over two artifacts, one of them nested in a further index, with a layer that both use. */
export function nestedIndex(): Graph {
  const [left, right] = [artifact(1), artifact(2)];
  const shared = blob(3);
  const both = [left, right].map(({ contents: [, ...layers] }) => imageManifest([shared, ...layers.slice(0, -1)]));
  const inner = imageIndex([both[1] as ManifestContent]);
  const root = imageIndex([both[0] as ManifestContent, inner]);
  const layers = [left, right].flatMap((graph) => graph.contents.slice(1, -1));
  return { root, contents: [emptyConfig, shared, ...layers, ...both, inner, root] };
}

/** Writes one content, opening its bytes as often as the store asks. */
export async function put(store: Target, content: Content, ...tags: readonly string[]): Promise<void> {
  const options = tags.length === 0 ? {} : { tags: tags.map(parseTag) };
  await store.write(content.descriptor, sourceOf(content.bytes), options);
}

/** Writes a whole graph, the root last and under these tags. */
export async function putGraph(store: Target, graph: Graph, ...tags: readonly string[]): Promise<ManifestDescriptor> {
  for (const content of graph.contents) await put(store, content, ...(content === graph.root ? tags : []));
  return graph.root.descriptor;
}

/** A tag known to be one. */
export function tagOf(text: string): Tag {
  return parseTag(text);
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? utf8.encode(content) : content;
}
