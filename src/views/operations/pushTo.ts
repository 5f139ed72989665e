import path from 'node:path';
import { type Uri, workspace } from 'vscode';
import { MAX_DOCUMENT_SIZE, tooLargeDocument } from '../../floe/jsonDocument.ts';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import { packFiles } from '../../floe/packFiles.ts';
import { type PreparedDocument, prepareDocument } from '../../floe/pushArtifact.ts';
import type { TagPush } from '../../floe/pushUnderTag.ts';
import { type Annotations, layersOfFiles } from '../../oci/index.ts';
import { typeOfFiles } from '../commands/askArtifactType.ts';
import type { Destination } from '../commands/askDestination.ts';
import { type PushParts, send } from '../commands/push.ts';
import { diskPathOf } from '../diskPath.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { TransferCall } from '../transfers/transfer.ts';

/** What a push works with, whoever has asked for it. */
export type PushToParts = Pick<PushParts, 'clients' | 'settings'> & Partial<Pick<PushParts, 'observability'>>;

/** What the manifest says besides the files. */
export interface PushToOptions extends TransferCall {
  readonly artifactType?: string | undefined;
  readonly annotations?: Annotations | undefined;
}

/**
 * Pushes files where they are to go, without a question: a compiled_artifacts.json alone as what it is, anything else
 * as layers. What breaks floe's contract or looks like a secret is refused.
 * @throws OciError what `prepareDocument`, `layersOfFiles` and `pushUnderTag` throw
 */
export async function pushTo(
  parts: PushToParts,
  files: readonly Uri[],
  destination: Destination,
  options: PushToOptions,
): Promise<TagPush> {
  const { observability: observer } = parts;
  if (observer === undefined) return await pushSilently(parts, files, destination, options);
  return await observeAt(observer, 'push', destination, (tell) =>
    pushSilently(parts, files, destination, { ...options, tell }),
  );
}

async function pushSilently(
  parts: PushToParts,
  files: readonly Uri[],
  destination: Destination,
  { artifactType, annotations, ...call }: PushToOptions,
): Promise<TagPush> {
  const [first] = files;
  const described = annotations === undefined ? {} : { annotations };
  if (files.length === 1 && first !== undefined && path.posix.basename(first.path) === COMPILED_ARTIFACTS_TITLE) {
    return await send(parts, destination, await documentIn(first, described), call);
  }
  const paths = files.map((file) => diskPathOf(file, 'push'));
  const type = artifactType ?? typeOfFiles(paths);
  await using packed = await layersOfFiles(
    paths.map((file) => ({ path: file })),
    call,
  );
  const artifact = { ...described, ...(type !== undefined && { artifactType: type }), layers: packed.layers };
  return await send(parts, destination, await packFiles(artifact, call), call);
}

async function documentIn(file: Uri, options: { readonly annotations?: Annotations }): Promise<PreparedDocument> {
  const name = workspace.asRelativePath(file);
  if ((await workspace.fs.stat(file)).size > MAX_DOCUMENT_SIZE) throw tooLargeDocument(name);
  return await prepareDocument({ file: name, bytes: await workspace.fs.readFile(file) }, options);
}
