import path from 'node:path';
import { l10n, window } from 'vscode';
import { type Attached, attach as attachTo, layersOfFiles } from '../../oci/index.ts';
import { diskPathOf } from '../diskPath.ts';
import { typeOfFiles } from '../operations/artifactTypes.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import { askAddress } from './askAddress.ts';
import { askArtifactType } from './askArtifactType.ts';
import { copyDigest } from './copyText.ts';
import { inspect } from './inspect.ts';
import { askFiles } from './pushFiles.ts';
import type { PushParts } from './startPush.ts';

/** Attaches files to an artifact: they become an artifact of their own that refers to it, such as an SBOM. */
export async function attach(parts: PushParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Attach to'), parts.book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const { place, repository } = address;
  const title = l10n.t('Attach to {0}', nameOf(address));
  const paths = (await askFiles(title, l10n.t('Attach'))).map((file) => diskPathOf(file, 'attach'));
  if (paths.length === 0) return;
  const artifactType = await askArtifactType(title, typeOfFiles(paths));
  if (artifactType === undefined) return;
  const { concurrency } = parts.settings;
  await parts.transfers.start({
    title: l10n.t('Attaching to {0}', nameOf(address)),
    action: 'attach',
    operation: 'attach',
    about: factsOf(address),
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
      ? l10n.t('{0} was attached to {1} already. {2}', names, nameOf(address), digest)
      : l10n.t('Attached {0} to {1}. {2}', names, nameOf(address), digest);
  const look = l10n.t('Inspect');
  const copy = l10n.t('Copy Digest');
  const answer = await window.showInformationMessage(plainText(message), look, copy);
  const { tag: _, ...repository } = address;
  if (answer === look) await inspect(parts, { ...repository, digest });
  if (answer === copy) await copyDigest(parts, { ...repository, digest });
}

/** A type that says what the bytes are is the media type of the file too; other types are about the artifact alone. */
function mediaTypeFor(artifactType: string): string | undefined {
  return artifactType.endsWith('+json') ? artifactType : undefined;
}
