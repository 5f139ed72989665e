import { pushUnderTag } from '../floe/pushUnderTag.ts';
import { ensureListed, packArtifact, parseMediaType, SourceStore } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { PushOptions } from './commandOptions.ts';
import { layersOf } from './fileLayers.ts';
import { reportPush } from './pushReport.ts';
import { tagOf } from './references.ts';
import type { Session } from './session.ts';
import { resolveSubject } from './subject.ts';

/** What other clients write for an artifact of which nothing is said; a manifest without a config must say something. */
const DEFAULT_ARTIFACT_TYPE = 'application/vnd.unknown.artifact.v1';

/** `push REF FILE[:MEDIATYPE]…`: files and folders as one artifact, each a layer titled with its name. */
export async function pushFiles(session: Session, operands: readonly string[], options: PushOptions): Promise<void> {
  const { annotation, artifactType = DEFAULT_ARTIFACT_TYPE, subject: about, ...place } = options;
  const named = await session.named(operands, place);
  const tag = tagOf(named.reference);
  parseMediaType(artifactType);
  if (named.rest.length === 0) {
    throw wrongUsage(
      'Nothing to push is named.',
      'Give -a FILE for compiled artifacts, or FILE[:MEDIATYPE]... for any files and folders.',
    );
  }
  const layers = await layersOf(session, named.rest);

  const progress = session.progress('push');
  const target = await session.repository(named, { create: about === undefined });
  const subject = about === undefined ? undefined : await resolveSubject(session, target, named.reference, about);
  const parts = { artifactType, layers, ...(annotation && { annotations: annotation }), ...(subject && { subject }) };
  const store = new SourceStore('files');
  const descriptor = await packArtifact(store, parts, session.call);
  const pushed = await pushUnderTag(
    target,
    tag,
    { store, descriptor },
    { ...session.scope, onEvent: progress.onEvent },
  );
  if (subject && pushed.outcome === 'unchanged') {
    await ensureListed(target, descriptor, subject.digest, session.call);
  }
  progress.end();
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  await reportPush(session, named.reference, { ...pushed, artifactType, size });
}
