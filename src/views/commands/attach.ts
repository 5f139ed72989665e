import path from 'node:path';
import { window } from 'vscode';
import { type Attached, attach as attachTo, layersOfFiles } from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { askAddress } from './askAddress.ts';
import { askArtifactType, typeOfFiles } from './askArtifactType.ts';
import { copyDigest } from './copyText.ts';
import { openManifest } from './openManifest.ts';
import type { PushParts } from './push.ts';
import { askFiles, diskPathOf } from './pushFiles.ts';

/** Attaches files to an artifact: they become an artifact of their own that refers to it, such as an SBOM. */
export async function attach(parts: PushParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress('Attach to', parts.book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const { place, repository } = address;
  const title = `Attach to ${nameOf(address)}`;
  const paths = (await askFiles(title, 'Attach')).map(diskPathOf);
  if (paths.length === 0) return;
  const artifactType = await askArtifactType(title, typeOfFiles(paths));
  if (artifactType === undefined) return;
  const { concurrency } = parts.settings;
  await parts.transfers.start({
    title: `Attaching to ${nameOf(address)}`,
    action: 'attach',
    run: async (call) => {
      const mediaType = mediaTypeFor(artifactType);
      const files = paths.map((file) => ({ path: file, ...(mediaType !== undefined && { mediaType }) }));
      await using packed = await layersOfFiles(files, call);
      const store = await place.open(repository, call);
      const subject = await store.resolve(version, call);
      return await attachTo(store, subject, { artifactType, layers: packed.layers }, { ...call, concurrency });
    },
    done: async (attached) => {
      await parts.trees.rereadRepository(place, repository);
      await present(parts, address, paths, attached);
    },
  });
}

async function present(
  parts: PushParts,
  address: Address,
  paths: readonly string[],
  { descriptor, outcome }: Attached,
): Promise<void> {
  const { digest } = descriptor;
  const names = plainText(paths.map((file) => path.basename(file)).join(', '), 100);
  const message =
    outcome === 'unchanged'
      ? `${names} was attached to ${nameOf(address)} already. ${digest}`
      : `Attached ${names} to ${nameOf(address)}. ${digest}`;
  const inspect = 'Inspect';
  const copy = 'Copy Digest';
  const answer = await window.showInformationMessage(plainText(message), inspect, copy);
  const { tag: _, ...repository } = address;
  if (answer === inspect) await openManifest(parts, { ...repository, digest });
  if (answer === copy) await copyDigest(parts, { ...repository, digest });
}

/** A type that says what the bytes are is the media type of the file too; other types are about the artifact alone. */
function mediaTypeFor(artifactType: string): string | undefined {
  return artifactType.endsWith('+json') ? artifactType : undefined;
}
