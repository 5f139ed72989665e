import { attach, formatReference, parseMediaType } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { AttachOptions } from './commandOptions.ts';
import { layersOf } from './fileLayers.ts';
import { filesOf, versionOf } from './references.ts';
import type { Session } from './session.ts';

/** `attach REF FILE[:MEDIATYPE]…`: files as one artifact whose subject is what REF names. It has no tag. */
export async function attachFiles(
  session: Session,
  operands: readonly string[],
  { annotation, artifactType, ...place }: AttachOptions,
): Promise<void> {
  const named = await session.named(operands, place);
  const version = versionOf(named.reference);
  parseMediaType(artifactType);
  if (named.rest.length === 0) {
    throw wrongUsage('Nothing to attach is named.', 'Give FILE[:MEDIATYPE]... after what they are attached to.');
  }
  const layers = await layersOf(session, filesOf(named));

  const progress = session.progress('attach');
  const target = await session.repository(named);
  const subject = await target.resolve(version, session.call);
  const parts = { artifactType, layers, ...(annotation && { annotations: annotation }) };
  const options = { ...session.scope, onEvent: progress.onEvent };
  const { descriptor, outcome, blobs } = await attach(target, subject, parts, options);
  progress.end();

  const { digest } = descriptor;
  if (!session.options.json) return session.output.line(digest);
  await session.output.json({
    reference: formatReference(named.reference),
    digest,
    subject,
    referrers: [{ ...descriptor, artifactType, ...(annotation && { annotations: annotation }) }],
    outcome,
    blobs: blobs.map(({ descriptor: blob, outcome: became }) => ({
      digest: blob.digest,
      size: blob.size,
      outcome: became,
    })),
  });
}
