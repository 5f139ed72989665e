import { compiledArtifactsLayer } from '../../floe/artifact.ts';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import type { CallOptions, Descriptor, Digest, ManifestDescriptor } from '../../oci/index.ts';
import type { FloeClients } from '../floeClients.ts';
import { type Address, nameOf } from '../places.ts';
import { readManifest } from '../readManifest.ts';
import type { Content } from './content.ts';

/** What is to be pulled: it is there, and the policy in force lets it be used. */
export type FoundPull = FoundFile | FoundFiles;

interface Found {
  readonly address: Address;
  /** Of the manifest. */
  readonly digest: Digest;
  /** Milliseconds: how old the cache's answer is to where the tag leads. Absent: the answer is of now. */
  readonly age?: number;
}

/** One blob, which is pulled into a file. */
export interface FoundFile extends Found {
  readonly kind: 'file';
  readonly blob: Descriptor;
  /** What its file is called where only a folder is given. */
  readonly name: string;
  /** It is a compiled document, which is held against floe's contract. */
  readonly isDocument: boolean;
}

/** All files of an artifact, which are pulled into a folder. */
export interface FoundFiles extends Found {
  readonly kind: 'files';
  readonly manifest: ManifestDescriptor;
}

/** One blob of an artifact, as a row of the tree has it. */
export interface PulledBlob {
  readonly address: Address;
  /** The manifest that it is part of. */
  readonly manifest: Digest;
  readonly descriptor: Descriptor;
  /** What its document is called. */
  readonly name: string;
}

/**
 * Finds what a pull is about: of compiled artifacts their document, of anything else all of its files.
 * @throws OciError NOT_FOUND; UNVERIFIED_SIGNATURE and MISSING_SBOM by the policy in force
 */
export async function findPull(
  clients: FloeClients,
  { address, name }: Content,
  { signal }: CallOptions = {},
): Promise<FoundPull> {
  const call = signal === undefined ? {} : { signal };
  const cached: { age?: number } = {};
  const onCached = (age: number): void => {
    cached.age = age;
  };
  const store = await address.place.reader(address.repository, { ...call, onCached });
  const { descriptor, manifest } = await readManifest(store, name, call);
  await clients.for(address).check?.(nameOf(address), descriptor, store, call);
  const blob = compiledArtifactsLayer(manifest);
  // What a digest names never changes.
  const found = { address, digest: descriptor.digest, ...(address.digest === undefined && cached) };
  return blob === undefined
    ? { ...found, kind: 'files', manifest: descriptor }
    : { ...found, kind: 'file', blob, name: COMPILED_ARTIFACTS_TITLE, isDocument: true };
}

/** The same for one blob, a layer or a config: what the policy says of its manifest goes for it, too. @throws as {@link findPull} */
export async function findBlob(
  clients: FloeClients,
  { address, manifest: digest, descriptor: blob, name }: PulledBlob,
): Promise<FoundFile> {
  const { check } = clients.for(address);
  if (check !== undefined) {
    const store = await address.place.reader(address.repository);
    await check(nameOf({ ...address, digest }), await store.resolve(digest), store);
  }
  return { kind: 'file', address, digest, blob, name, isDocument: false };
}
