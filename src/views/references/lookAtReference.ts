import { l10n, workspace } from 'vscode';
import { createdOf, layersSizeOf } from '../../floe/artifact.ts';
import { artifactTypeOf, type CallOptions, isImageIndex, parseReference } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { describeError } from '../describeError.ts';
import { formatSize } from '../format.ts';
import { readManifest } from '../readManifest.ts';
import type { ReferenceFacts } from './referenceFacts.ts';

/** Milliseconds. A hover that comes later is in the way of what somebody does by then. */
const PATIENCE = 5_000;

/**
 * What a registry says of a reference in a file. Nothing is asked because of a workspace that is not trusted, or of a
 * registry that is not connected; then it says so. Undefined also when it is cancelled.
 */
export async function lookAtReference(
  book: Pick<AddressBook, 'places'>,
  text: string,
  { signal }: CallOptions = {},
): Promise<ReferenceFacts | undefined> {
  if (!workspace.isTrusted) return undefined;
  const reference = parseReference(text);
  if (reference.kind !== 'registry') return undefined;
  const { registry, repository } = reference;
  const place = book.places().find(({ kind, id }) => kind === 'registry' && id === registry);
  if (place === undefined) return { facts: [[l10n.t('Registry'), l10n.t('{0} is not connected', registry)]] };
  const name = reference.digest ?? reference.tag;
  if (name === undefined) return undefined;
  const timeout = AbortSignal.timeout(PATIENCE);
  const call = { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
  try {
    const { descriptor, manifest } = await readManifest(await place.reader(repository, call), name, call);
    const size = layersSizeOf(manifest);
    const facts = [
      [l10n.t('Digest'), descriptor.digest],
      [l10n.t('Artifact type'), artifactTypeOf(manifest)],
      [l10n.t('Size'), size === null ? undefined : formatSize(size)],
      [l10n.t('Manifests'), isImageIndex(manifest) ? String(manifest.manifests.length) : undefined],
      [l10n.t('Created'), createdOf(manifest) ?? undefined],
    ] as const;
    return { facts: facts.flatMap(([fact, value]) => (value === undefined ? [] : [[fact, value] as const])) };
  } catch (error) {
    if (signal?.aborted) return undefined;
    const reason = timeout.aborted
      ? l10n.t('{0} did not answer within {1} seconds', registry, PATIENCE / 1_000)
      : describeError(error).sentence;
    return { facts: [[l10n.t('Registry'), reason]] };
  }
}
