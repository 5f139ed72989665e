import path from 'node:path';
import type { Uri } from 'vscode';
import { COMPILED_ARTIFACTS_TITLE } from '../../floe/mediaTypes.ts';
import { prepareDocument } from '../../floe/pushArtifact.ts';
import type { TagPush } from '../../floe/pushUnderTag.ts';
import type { Annotations, Observer } from '../../oci/index.ts';
import { diskPathOf } from '../diskPath.ts';
import type { Destination } from '../places.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import { typeOfFiles } from './artifactTypes.ts';
import { packPaths } from './packPaths.ts';
import { readDocument } from './readDocument.ts';
import { type SendParts, send } from './send.ts';

/** What a push works with, whoever has asked for it. */
export interface PushToParts extends SendParts {
  /** Told of what is done. */
  readonly observability: Observer;
}

/** What the manifest says besides the files. */
export interface PushToOptions extends TransferCall {
  readonly artifactType?: string | undefined;
  readonly annotations?: Annotations | undefined;
}

/**
 * Pushes files where they are to go, without a question, for programs: a compiled_artifacts.json alone as what it is,
 * anything else as layers. What breaks floe's contract or looks like a secret is refused.
 * @throws OciError what `readDocument`, `prepareDocument`, `packPaths` and `send` throw
 */
export async function pushTo(
  parts: PushToParts,
  files: readonly Uri[],
  destination: Destination,
  { artifactType, annotations, ...call }: PushToOptions,
): Promise<TagPush> {
  return await observeAt(parts.observability, 'push', destination, async (tell) => {
    const told = { ...call, tell };
    const [first] = files;
    if (files.length === 1 && first !== undefined && isDocument(first)) {
      const document = await prepareDocument(
        await readDocument(first),
        annotations === undefined ? {} : { annotations },
      );
      return await send(parts, destination, document, told);
    }
    const paths = files.map((file) => diskPathOf(file, 'push'));
    const type = artifactType ?? typeOfFiles(paths);
    await using packed = await packPaths(paths, { artifactType: type, annotations, signal: call.signal });
    return await send(parts, destination, packed, told);
  });
}

/** Whether a file is compiled artifacts, by its name: others are pushed as they are. */
export function isDocument({ path: file }: Uri): boolean {
  return path.posix.basename(file) === COMPILED_ARTIFACTS_TITLE;
}
