import type { CopiedArtifact } from '../floe/copyArtifact.ts';
import { blobsOf, movedText } from '../floe/copySummary.ts';
import { compileGlob } from '../floe/glob.ts';
import { mirrorArtifacts } from '../floe/mirrorArtifacts.ts';
import { formatReference, type OciError, type ReadableStore, type Tag } from '../oci/index.ts';
import { CliError } from './cliError.ts';
import { blobJson, copyJson, plannedTable } from './copyReport.ts';
import { openDestination } from './destination.ts';
import { present } from './present.ts';
import type { Session } from './session.ts';
import type { TwoPlaces } from './twoPlaces.ts';

/** What `mirror`, `backup` and `restore` are told. */
export interface MirrorTagsOptions {
  /** For people: what the command is called. */
  readonly verb: 'mirror' | 'backup' | 'restore';
  readonly filter?: string;
  readonly referrers: boolean;
  readonly dryRun: boolean;
}

/** What has become of the tags, for the report. */
export interface MirroredTags {
  /** What the destination has now, tag by tag. */
  readonly copied: readonly { readonly tag: Tag; readonly result: CopiedArtifact }[];
  readonly failed: readonly { readonly tag: Tag; readonly error: OciError }[];
  readonly destination: ReadableStore;
}

/**
 * Copies the tags of one place to another, or the one that is named.
 * @throws what fails for all tags alike: a place that is not there, a credential that is refused
 */
export async function mirrorTags(
  session: Session,
  places: TwoPlaces,
  { verb, filter, referrers, dryRun }: MirrorTagsOptions,
): Promise<MirroredTags> {
  const matches = filter === undefined ? undefined : compileGlob(filter, '--filter');
  const source = await session.repository(places.source);
  const destination = await openDestination(session, places, dryRun);
  const { check } = await session.client(places.source);
  const progress = session.progress(verb);
  const { tag: only } = places.source.reference;
  const { copied, failed } = await mirrorArtifacts(source, destination, {
    ...session.scope,
    ...(matches && { filter: matches }),
    ...(only !== undefined && { only }),
    check,
    referrers,
    onEvent: progress.onEvent,
  });
  progress.end();
  const [first] = failed;
  // Nothing was done: the reason is worth more than a list of failures.
  if (copied.length === 0 && first !== undefined) throw first.error;
  return { copied, failed, destination };
}

/** One line a tag, what a dry run would move, or the document of `--json`; with what else the command has to say. */
export async function reportMirror(
  session: Session,
  { source, destination }: TwoPlaces,
  { copied, failed }: MirroredTags,
  options: Pick<MirrorTagsOptions, 'dryRun'>,
  members: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const blobs = blobsOf(copied.map(({ result }) => result));
  const errors = failed.map(({ tag, error }) => ({ tag, code: error.code, message: present(error).message }));
  if (session.options.json) {
    await session.output.json({
      source: formatReference(source.reference),
      destination: formatReference(destination.reference),
      dryRun: options.dryRun,
      tags: copied.map(({ tag, result }) => ({
        name: tag,
        digest: result.descriptor.digest,
        outcome: result.outcome,
        ...copyJson(result),
      })),
      errors,
      blobs: blobs.map(blobJson),
      ...members,
    });
    return;
  }
  if (options.dryRun) await session.output.table(...plannedTable(blobs));
  else {
    const rows = copied.map(({ tag, result }) => [tag, result.descriptor.digest, result.outcome]);
    await session.output.table(['TAG', 'DIGEST', 'OUTCOME'], rows);
  }
  for (const { tag, message } of errors) session.warn(`${tag}: ${message}`);
  const changed = copied.filter(({ result }) => result.outcome === 'copied').length;
  const verb = options.dryRun ? 'would copy' : 'copied';
  session.note(`${verb} ${changed} of ${copied.length + failed.length} tags; ${movedText(blobs)}`);
}

/** @throws CliError INCOMPLETE when a tag failed */
export function refuseIncomplete({ copied, failed }: MirroredTags): void {
  if (failed.length === 0) return;
  const of = copied.length + failed.length;
  throw new CliError(
    'INCOMPLETE',
    `${failed.length} of ${of} tags were not copied.`,
    'The others were. Repeat the command for the rest; what is there is not moved again.',
    { missing: failed.length, of },
  );
}
