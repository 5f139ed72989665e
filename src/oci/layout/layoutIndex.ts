import * as z from 'zod/mini';
import { Annotation } from '../spec/annotations.ts';
import { type Descriptor, descriptorSchema, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { MediaType } from '../spec/mediaTypes.ts';
import { isTag, type Tag } from '../spec/tag.ts';
import { invalidLayout } from './invalidLayout.ts';

/**
 * What `index.json` says: the manifests that the layout is about, each with its tag as an annotation. The functions here
 * are pure; members and entries that we do not know stay what they are.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file
 */
export interface LayoutIndex {
  readonly schemaVersion: 2;
  readonly manifests: readonly Descriptor[];
}

/** Of a layout that is about nothing yet. */
export const EMPTY_INDEX: LayoutIndex & { readonly mediaType: string } = {
  schemaVersion: 2,
  mediaType: MediaType.imageIndex,
  manifests: [],
};

const schema = z.looseObject({
  schemaVersion: z.literal(2),
  /** Go programs write `null` for an empty list. */
  manifests: z.nullable(z.array(descriptorSchema)),
});

/**
 * Reads the untrusted text of `index.json`.
 * @param path for messages
 * @throws OciError INVALID_LAYOUT naming the first member that does not fit
 */
export function parseLayoutIndex(bytes: Uint8Array, path: string): LayoutIndex {
  const result = schema.safeParse(parseJson(bytes, path));
  if (!result.success) {
    const { path: at = [], message = 'does not fit the schema' } = result.error.issues[0] ?? {};
    throw invalidLayout(path, at.length === 0 ? `is no image index: ${message}` : `at ${at.join('.')}: ${message}`);
  }
  return { ...result.data, manifests: (result.data.manifests ?? []) as readonly Descriptor[] };
}

/** @throws OciError INVALID_LAYOUT */
export function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw invalidLayout(path, 'is not JSON', error);
  }
}

/** The name an entry goes by, tag or not: other tools write what they like. */
const nameOf = (entry: Descriptor): string | undefined => entry.annotations?.[Annotation.refName];

/** What a tag points at. Where another tool gave one name twice, the first counts, as for other readers. */
export function entryOfTag(index: LayoutIndex, tag: Tag): Descriptor | undefined {
  return index.manifests.find((entry) => nameOf(entry) === tag);
}

/** Each tag once, in lexical order. Names that are no tags are left out. */
export function tagsOf(index: LayoutIndex): readonly Tag[] {
  const names = index.manifests.map(nameOf).filter((name): name is Tag => name !== undefined && isTag(name));
  return [...new Set(names)].sort();
}

/** Lists a manifest, without a tag unless it is listed already. */
export function withManifest(index: LayoutIndex, descriptor: ManifestDescriptor): LayoutIndex {
  if (index.manifests.some((entry) => isSame(entry, descriptor))) return index;
  return { ...index, manifests: [...index.manifests, entryFor(descriptor)] };
}

/** Points a tag at a manifest. What it pointed at before stays listed, so that its digest stays good. */
export function withTag(index: LayoutIndex, descriptor: ManifestDescriptor, tag: Tag): LayoutIndex {
  const tagged = entryOfTag(index, tag);
  if (tagged && isSame(tagged, descriptor)) return index;
  const { manifests, ...rest } = withoutTag(index, tag);
  const at = manifests.findIndex((entry) => isSame(entry, descriptor) && nameOf(entry) === undefined);
  const entry = withName(manifests[at] ?? entryFor(descriptor), tag);
  return { ...rest, manifests: at < 0 ? [...manifests, entry] : manifests.with(at, entry) };
}

/** Takes a tag away; the manifest stays listed. */
export function withoutTag(index: LayoutIndex, tag: Tag): LayoutIndex {
  const others = index.manifests.filter((entry) => nameOf(entry) !== tag);
  if (others.length === index.manifests.length) return index;
  const untagged = index.manifests
    .filter((entry) => nameOf(entry) === tag && !others.some((other) => isSame(other, entry)))
    .map(withoutName);
  return { ...index, manifests: [...others, ...untagged] };
}

/** Takes a manifest off the list, with all its tags. */
export function withoutManifest(index: LayoutIndex, digest: Digest): LayoutIndex {
  const manifests = index.manifests.filter((entry) => entry.digest !== digest);
  return manifests.length === index.manifests.length ? index : { ...index, manifests };
}

/** Takes manifests off the list that have no tag, because something that is listed references them. */
export function withoutUntagged(index: LayoutIndex, digests: readonly Digest[]): LayoutIndex {
  const manifests = index.manifests.filter((entry) => nameOf(entry) !== undefined || !digests.includes(entry.digest));
  return manifests.length === index.manifests.length ? index : { ...index, manifests };
}

/** The same bytes under another type are something else. */
function isSame(entry: Descriptor, { mediaType, digest }: Descriptor): boolean {
  return entry.digest === digest && entry.mediaType === mediaType;
}

/** Annotations of a descriptor say what it is where it came from, so they stay there. */
function entryFor({ mediaType, digest, size, artifactType }: ManifestDescriptor): Descriptor {
  return { mediaType, digest, size, ...(artifactType === undefined ? {} : { artifactType }) };
}

function withName(entry: Descriptor, tag: Tag): Descriptor {
  return { ...entry, annotations: { ...entry.annotations, [Annotation.refName]: tag } };
}

function withoutName(entry: Descriptor): Descriptor {
  const { annotations: { [Annotation.refName]: _, ...others } = {}, ...rest } = entry;
  return Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
}
