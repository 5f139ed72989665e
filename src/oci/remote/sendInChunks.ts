import type { CallOptions } from '../content/store.ts';
import { skip } from '../content/verify.ts';
import { isOciError, OciError } from '../errors.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { CheckedBody } from './checkedBody.ts';
import type { RegistryClient } from './client.ts';
import { Refill } from './refill.ts';
import type { UploadSession } from './uploadSession.ts';

/** Bytes of a chunk, which is held in memory: ECR takes 5 to 10 MiB, and it is large enough that requests cost little. */
export const CHUNK_SIZE = 8 * 1024 * 1024;
/** A registry that wants larger chunks than this does not get any: they would not be held in memory. */
const MAX_CHUNK_SIZE = 64 * 1024 * 1024;

/**
 * Sends what a session still lacks of a blob, chunk by chunk, and takes up again where the registry says it stands when a
 * chunk is lost or refused. The session is then to be finished.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 * @param received bytes that the session has
 * @throws OciError UNSUPPORTED when the registry does not keep chunks, what the source throws, and why one is not taken
 */
export async function sendInChunks(
  client: RegistryClient,
  session: UploadSession,
  { digest, size }: Descriptor,
  body: CheckedBody,
  received: number,
  options: CallOptions,
): Promise<void> {
  if (session.minChunk > MAX_CHUNK_SIZE) throw unsupported(client, `of at least ${session.minChunk} bytes`);
  const chunkSize = Math.min(size - received, Math.max(CHUNK_SIZE, session.minChunk));
  const chunks = new Refill(skip(received, body.open()), chunkSize);
  try {
    let failures = 0;
    for (let offset = received; offset < size; ) {
      const bytes = await chunks.fill();
      const end = offset + bytes.length;
      let reached: number | undefined;
      try {
        reached = (await session.append({ offset, bytes }, { ...options, attempt: failures + 1 })) ?? end;
        // One byte and none are told in the same words.
        if (reached < end && end > 1) throw unsupported(client, 'that are kept');
        reached = end;
        failures = 0;
      } catch (error) {
        if (isOciError(error, 'UNSUPPORTED') || !(await mayContinue(client, error, ++failures, options))) throw error;
        reached = await whereItStands(session, options);
        if (reached === undefined || reached < offset || reached > end) throw error;
        client.logger.debug('upload_continued', { registry: client.registry, digest, offset: reached });
      }
      chunks.drop(reached - offset);
      offset = reached;
    }
  } finally {
    await chunks.close();
  }
}

/** Undefined when the registry does not say, or has lost the session. */
export async function whereItStands(session: UploadSession, options: CallOptions): Promise<number | undefined> {
  try {
    return await session.received(options);
  } catch (error) {
    if (!isOciError(error) || error.code === 'CANCELLED') throw error;
    return undefined;
  }
}

/** A chunk that is not the next one, or that got lost, may be sent again from where the registry stands. */
async function mayContinue(
  client: RegistryClient,
  error: unknown,
  failures: number,
  options: CallOptions,
): Promise<boolean> {
  const isMisplaced = isOciError(error, 'REGISTRY_ERROR') && error.details.status === 416;
  return isMisplaced ? client.waited(failures, options) : client.again(error, failures, options);
}

function unsupported({ registry }: RegistryClient, which: string): OciError<'UNSUPPORTED'> {
  return new OciError('UNSUPPORTED', `${registry} takes no chunks ${which}`, {
    what: `chunks ${which} at ${registry}`,
  });
}
