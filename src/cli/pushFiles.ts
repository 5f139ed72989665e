import { packFiles, UNKNOWN_ARTIFACT_TYPE } from '../floe/packFiles.ts';
import { ensureListed, parseMediaType } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { PushOptions } from './commandOptions.ts';
import { createRepository } from './createRepository.ts';
import { layersOf } from './fileLayers.ts';
import { reportPush } from './pushReport.ts';
import { filesOf, tagOf } from './references.ts';
import type { Session } from './session.ts';
import { resolveSubject } from './subject.ts';

/** `push REF FILE[:MEDIATYPE]…`: files and folders as one artifact, each a layer titled with its name. */
export async function pushFiles(session: Session, operands: readonly string[], options: PushOptions): Promise<void> {
  const { annotation, artifactType = UNKNOWN_ARTIFACT_TYPE, subject: about, create = false, ...place } = options;
  const named = await session.named(operands, place);
  const tag = tagOf(named.reference);
  parseMediaType(artifactType);
  if (named.rest.length === 0) {
    throw wrongUsage(
      'Nothing to push is named.',
      'Give -a FILE for compiled artifacts, or FILE[:MEDIATYPE]... for any files and folders.',
    );
  }
  const layers = await layersOf(session, filesOf(named));
  session.tell({ layers: layers.length });

  const progress = session.progress('push');
  if (create) await createRepository(session, named.reference);
  const target = await session.repository(named, { create: about === undefined });
  const subject = about === undefined ? undefined : await resolveSubject(session, target, named.reference, about);
  const parts = { artifactType, layers, ...(annotation && { annotations: annotation }), ...(subject && { subject }) };
  const packed = await packFiles(parts, session.call);
  const client = await session.client(named);
  const pushed = await client.push(packed, tag, {
    ...session.scope,
    create: about === undefined,
    onEvent: progress.onEvent,
  });
  if (subject && pushed.outcome === 'unchanged') {
    await ensureListed(target, packed.descriptor, subject.digest, session.call);
  }
  progress.end();
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  await reportPush(session, named.reference, { ...pushed, artifactType, size });
}
