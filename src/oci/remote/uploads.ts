import type { CallOptions, ContentSource, WriteOutcome } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import { isPassing } from '../transport/unavailable.ts';
import { type CheckedBody, checkedBody } from './checkedBody.ts';
import type { FetchOptions, RegistryClient } from './client.ts';
import { CHUNK_SIZE, sendInChunks, whereItStands } from './sendInChunks.ts';
import type { UploadHabits, UploadMode } from './uploadHabits.ts';
import type { UploadSession } from './uploadSession.ts';
import type { UploadStart } from './uploadStart.ts';

/** How a blob is sent. */
export interface UploadOptions extends CallOptions {
  /** A repository of the same registry that may have the blob. */
  readonly from?: RepositoryName;
  /** Sends the content although the registry says that it has it. Default false. */
  readonly rewrite?: boolean;
  /** Begins while the registry is still being asked whether it has the blob. Default false. */
  readonly likelyNew?: boolean;
}

/**
 * Writes blobs, each with one POST and one PUT, or in chunks where the registry wants it so.
 *
 * A failed upload starts over in a new session, unless the registry says how much of a large one it has: ECR drops what
 * follows the first chunk of a session and still answers 201, and others do not continue one either.
 *
 * Large content at rest is sent unhashed, for the registry has to check it. It is hashed when the registry refuses all of it
 * in the end, or takes it without saying which digest it found; whatever goes to such a registry next is hashed as it passes.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 */
export class Uploads {
  readonly #client: RegistryClient;
  readonly #start: UploadStart;
  readonly #habits: UploadHabits;
  readonly #repository: string;

  /** `repository` is `host/name`, for messages. */
  constructor(client: RegistryClient, repository: string, start: UploadStart, habits: UploadHabits) {
    this.#client = client;
    this.#repository = repository;
    this.#start = start;
    this.#habits = habits;
  }

  async write(descriptor: Descriptor, source: ContentSource, options: UploadOptions = {}): Promise<WriteOutcome> {
    const { rewrite = false, from, likelyNew = false, ...call } = options;
    const { digest } = descriptor;
    let mode = this.#modeFor(descriptor);
    let refused: UploadMode | undefined;
    let body: CheckedBody | undefined;
    for (let attempt = 1; ; attempt++) {
      const isFirst = attempt === 1;
      // An earlier attempt may have landed although its answer was lost.
      const how = isFirst ? { from, likelyNew } : { from: undefined, likelyNew: false };
      const session = rewrite
        ? await this.#start.open(descriptor, call)
        : await this.#start.begin(descriptor, how, call);
      if (session === 'mounted') return 'mounted';
      if (session === 'existed') {
        // What an earlier attempt brought there, nobody has confirmed.
        await body?.verify();
        return isFirst ? 'existed' : 'written';
      }
      body = checkedBody(descriptor, source, this.#habits.confirms !== false);
      try {
        this.#habits.confirms = await this.#send(session, descriptor, body, mode, { ...call, attempt });
        if (!this.#habits.confirms) await body.verify();
        this.#habits.mode = mode;
        if (refused !== undefined) this.#client.abilities.learn(REFUSALS[refused]);
        return 'written';
      } catch (error) {
        await session.cancel();
        if (body.failure !== undefined) throw body.failure;
        const other = refused === undefined ? insteadOf(mode, error, descriptor) : undefined;
        if (other === undefined && !(await this.#again(error, attempt, call))) {
          await body.verify();
          throw error;
        }
        if (other !== undefined) [mode, refused] = [other, mode];
        this.#client.logger.debug('upload_restarted', { repository: this.#repository, digest, mode });
      }
    }
  }

  /** What was refused before is not tried first. */
  #modeFor({ size }: Descriptor): UploadMode {
    const { mode } = this.#habits;
    const { wholeUploads, chunkedUploads } = this.#client.abilities.current;
    if (mode === 'chunked') return chunkedUploads === false ? 'monolithic' : mode;
    return wholeUploads === false && size > CHUNK_SIZE ? 'chunked' : mode;
  }

  /** @returns whether the registry says that it has this very content */
  async #send(
    session: UploadSession,
    descriptor: Descriptor,
    body: CheckedBody,
    mode: UploadMode,
    options: FetchOptions,
  ): Promise<boolean> {
    const { digest, size } = descriptor;
    let received = 0;
    if (mode === 'monolithic' || size === 0) {
      try {
        return await session.finish(digest, body, options);
      } catch (error) {
        if (size <= CHUNK_SIZE || body.failure !== undefined || !isPassing(error)) throw error;
        received = (await whereItStands(session, options)) ?? 0;
        // Less is soon sent again, without depending on how well the registry keeps count.
        if (received < CHUNK_SIZE || received > size) throw error;
        this.#client.logger.debug('upload_continued', { repository: this.#repository, digest, offset: received });
      }
    }
    const { signal } = options;
    await sendInChunks(this.#client, session, descriptor, body, received, signal ? { signal } : {});
    return session.finish(digest, undefined, options);
  }

  /** Whether it is worth another session; the wait before it is then over. */
  async #again(error: unknown, attempt: number, call: CallOptions): Promise<boolean> {
    return isLostSession(error) ? this.#client.waited(attempt, call) : this.#client.again(error, attempt, call);
  }
}

/** What a refusal shows, once the other way has worked. */
const REFUSALS = {
  monolithic: { wholeUploads: false, chunkedUploads: true },
  chunked: { wholeUploads: true, chunkedUploads: false },
} as const;

/** The other way to send it, when this one is not for this registry, or for a proxy on the way to it. */
function insteadOf(mode: UploadMode, error: unknown, { size }: Descriptor): UploadMode | undefined {
  const isUnsupported = isOciError(error, 'UNSUPPORTED');
  if (mode === 'chunked') return isUnsupported ? 'monolithic' : undefined;
  const isTooLarge = isOciError(error, 'REGISTRY_ERROR') && error.details.status === 413;
  return size > CHUNK_SIZE && (isTooLarge || isUnsupported) ? 'chunked' : undefined;
}

/** An answer that says that this session is lost; not one about the repository or the content. */
function isLostSession(error: unknown): boolean {
  if (isOciError(error, 'NOT_FOUND')) return error.details.kind === 'blob';
  if (!isOciError(error, 'REGISTRY_ERROR')) return false;
  const { status, errors } = error.details;
  return status === 416 || errors.some(({ code }) => code.startsWith('BLOB_UPLOAD_'));
}
