import { dirname } from 'node:path';
import { productOf } from '../floe/artifact.ts';
import { MAX_DOCUMENT_SIZE, tooLargeDocument } from '../floe/jsonDocument.ts';
import { COMPILED_ARTIFACTS_TYPE } from '../floe/mediaTypes.ts';
import { readProvenance } from '../floe/provenance.ts';
import { prepareDocument } from '../floe/pushArtifact.ts';
import { parseManifest, readVerified } from '../oci/index.ts';
import type { PushOptions } from './commandOptions.ts';
import { createRepository } from './createRepository.ts';
import { inputFile, readInput } from './files.ts';
import { reportPush } from './pushReport.ts';
import { refuseOperands, tagOf } from './references.ts';
import type { Session } from './session.ts';

/**
 * `push -a FILE`. The document is prepared before the target is opened: a bad one must not leave so much as the folder of
 * a new layout behind.
 */
export async function pushDocument(
  session: Session,
  name: string,
  operands: readonly string[],
  { annotation, provenance, validate, allowSecrets, create = false, ...place }: PushOptions,
): Promise<void> {
  const named = await session.named(operands, place);
  refuseOperands(named);
  const tag = tagOf(named.reference);
  const file = inputFile(session.io.cwd, name);
  const document = { file: name, bytes: await readInput(file, MAX_DOCUMENT_SIZE, () => tooLargeDocument(name)) };
  const { warnings, size, ...packed } = await prepareDocument(document, {
    ...(validate !== undefined && { validate }),
    ...(allowSecrets !== undefined && { allowSecrets }),
    ...(annotation && { annotations: annotation }),
    ...(provenance && { provenance: await readProvenance(dirname(file.path), session.call) }),
  });
  session.warnOfDocument(name, warnings);
  const product = productOf(parseManifest(await readVerified(packed.store, packed.descriptor, session.call)));
  session.tell({ layers: 1, productName: product?.name, productVersion: product?.version ?? undefined });

  const progress = session.progress('push');
  if (create) await createRepository(session, named.reference);
  const client = await session.client(named);
  const pushed = await client.push(packed, tag, { ...session.scope, onEvent: progress.onEvent });
  progress.end();
  await reportPush(session, named.reference, { ...pushed, size, artifactType: COMPILED_ARTIFACTS_TYPE });
}
