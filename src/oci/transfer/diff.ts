import type { CallOptions, ReadableStore } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { Annotation, type Annotations } from '../spec/annotations.ts';
import type { Descriptor, ManifestDescriptor } from '../spec/descriptor.ts';
import { isImageIndex, type Manifest, parseManifest } from '../spec/manifest.ts';
import { formatPlatform } from './platform.ts';

/** One thing that two artifacts do not have in common. `left` and `right` are what each has there; absent: nothing. */
export interface Difference<T> {
  /** What it is called within its part: a member, a key, a title, a platform. */
  readonly name: string;
  readonly left?: T;
  readonly right?: T;
}

/** Where two manifests differ, part by part. */
export interface ManifestDifferences {
  /** Media type, artifact type, config and subject. */
  readonly manifest: readonly Difference<string>[];
  /** By key. */
  readonly annotations: readonly Difference<string>[];
  /** By title, or by place for those without one. */
  readonly layers: readonly Difference<Descriptor>[];
  /** Of an index: by platform, or by place for those without one. */
  readonly manifests: readonly Difference<Descriptor>[];
}

/** A manifest that was read, with the store it is in. */
export interface ReadManifest {
  readonly store: ReadableStore;
  readonly descriptor: ManifestDescriptor;
  readonly manifest: Manifest;
}

/** @throws OciError INVALID_MANIFEST and what the store throws */
export async function readManifest(
  store: ReadableStore,
  descriptor: ManifestDescriptor,
  options: CallOptions = {},
): Promise<ReadManifest> {
  return { store, descriptor, manifest: parseManifest(await readVerified(store, descriptor, options)) };
}

/** Compares two manifests by what they say. Equal parts of manifests with different bytes are possible: a reader sees no difference. */
export function diffManifests(left: ReadManifest, right: ReadManifest): ManifestDifferences {
  const sides = [left, right] as const;
  const compare = <T>(entriesOf: (side: ReadManifest) => Entries<T>, textOf: (value: T) => string) =>
    differencesOf(entriesOf(sides[0]), entriesOf(sides[1]), textOf);
  return {
    manifest: compare(membersOf, (text) => text),
    annotations: compare(
      ({ manifest }) => Object.entries<string>(manifest.annotations ?? {}),
      (text) => text,
    ),
    layers: compare(({ manifest }) => named(isImageIndex(manifest) ? [] : manifest.layers, titleOf), identityOf),
    manifests: compare(
      ({ manifest }) => named(isImageIndex(manifest) ? manifest.manifests : [], platformOf),
      identityOf,
    ),
  };
}

type Entries<T> = readonly (readonly [name: string, value: T])[];

/** By name, in the order of the left side, then what only the right one has. */
function differencesOf<T>(left: Entries<T>, right: Entries<T>, textOf: (value: T) => string): readonly Difference<T>[] {
  const [ofLeft, ofRight] = [new Map(left), new Map(right)];
  return [...new Set([...ofLeft.keys(), ...ofRight.keys()])].flatMap((name) => {
    const [mine, yours] = [ofLeft.get(name), ofRight.get(name)];
    if (mine !== undefined && yours !== undefined && textOf(mine) === textOf(yours)) return [];
    return [{ name, ...(mine !== undefined && { left: mine }), ...(yours !== undefined && { right: yours }) }];
  });
}

function membersOf({ descriptor, manifest }: ReadManifest): Entries<string> {
  const config = isImageIndex(manifest) ? undefined : manifest.config;
  const members: Entries<string | undefined> = [
    ['mediaType', descriptor.mediaType],
    ['artifactType', manifest.artifactType],
    ['config.mediaType', config?.mediaType],
    ['config.digest', config?.digest],
    ['subject', manifest.subject?.digest],
  ];
  return members.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** Names that come twice are told apart by a number, in the order of the document. */
function named(
  descriptors: readonly Descriptor[],
  nameOf: (descriptor: Descriptor) => string | undefined,
): Entries<Descriptor> {
  const taken = new Map<string, number>();
  return descriptors.map((descriptor) => {
    const name = nameOf(descriptor) ?? '';
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    return [count === 1 && name !== '' ? name : `${name}#${count}`, descriptor];
  });
}

function titleOf({ annotations = {} }: Descriptor): string | undefined {
  return annotations[Annotation.title];
}

function platformOf({ platform }: Descriptor): string | undefined {
  return platform && formatPlatform(platform);
}

/** All that makes two descriptors say the same; annotations in any order. */
function identityOf({ mediaType, digest, size, artifactType, annotations = {} }: Descriptor): string {
  return JSON.stringify([mediaType, digest, size, artifactType, sortedEntries(annotations)]);
}

function sortedEntries(annotations: Annotations): readonly (readonly [string, string])[] {
  return Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
}
