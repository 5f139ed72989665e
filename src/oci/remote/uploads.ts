import type { CallOptions, ContentSource, WriteOutcome } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import { invalidResponse, type RequestSubject } from '../transport/responseError.ts';
import type { HttpRequest } from '../transport/transport.ts';
import type { Blobs } from './blobs.ts';
import { type CheckedBody, checkedBody } from './checkedBody.ts';
import type { FetchOptions, RegistryClient } from './client.ts';
import { locationOf, withDigest } from './location.ts';
import type { RepositoryUrls } from './urls.ts';

/** Milliseconds that the cancellation of a session may take: a courtesy that nobody should wait for. */
const CANCEL_LIMIT = 3000;

export interface UploadOptions extends CallOptions {
  /** A repository of the same registry that has the blob. */
  readonly from?: RepositoryName;
  /** Sends the content although the registry says that it has it. Default false. */
  readonly rewrite?: boolean;
}

/**
 * Writes blobs, each with one POST and one PUT.
 *
 * A failed upload starts over in a new session: ECR drops what follows the first chunk of a session and still answers
 * 201, and others do not continue one either.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 */
export class Uploads {
  readonly #client: RegistryClient;
  readonly #urls: RepositoryUrls;
  readonly #repository: string;
  readonly #blobs: Blobs;

  /** `repository` is `host/name`, for messages. */
  constructor(client: RegistryClient, urls: RepositoryUrls, repository: string, blobs: Blobs) {
    this.#client = client;
    this.#urls = urls;
    this.#repository = repository;
    this.#blobs = blobs;
  }

  async write(descriptor: Descriptor, source: ContentSource, options: UploadOptions = {}): Promise<WriteOutcome> {
    const { rewrite = false, from, ...call } = options;
    for (let attempt = 1; ; attempt++) {
      // An earlier attempt may have landed although its answer was lost.
      if (!rewrite && (await this.#blobs.exists(descriptor, call))) return attempt === 1 ? 'existed' : 'written';
      const session = await this.#begin(descriptor, rewrite ? undefined : from, call);
      if (session === 'mounted') return 'mounted';
      const body = checkedBody(descriptor, source);
      try {
        await this.#finish(session, descriptor, body, { ...call, movesBlob: true, attempt });
        return 'written';
      } catch (error) {
        await this.#cancel(session);
        if (body.failure !== undefined) throw body.failure;
        if (!(await this.#again(error, attempt, call))) throw error;
        this.#client.logger.debug('upload_restarted', { repository: this.#repository, digest: descriptor.digest });
      }
    }
  }

  /** Opens a session, unless the registry mounts the blob from `from`. */
  async #begin(
    { digest }: Descriptor,
    from: RepositoryName | undefined,
    options: CallOptions,
  ): Promise<URL | 'mounted'> {
    if (from !== undefined) {
      const request: HttpRequest = { method: 'POST', url: this.#urls.uploads({ mount: digest, from }) };
      try {
        const response = await this.#client.exchange(
          request,
          { statuses: [201, 202], subject: this.#subject() },
          options,
        );
        return response.status === 201 ? 'mounted' : locationOf(response, request);
      } catch (error) {
        // No right to read the other repository, or no mounting here: never a reason for a push to fail.
        if (!MOUNT_REFUSALS.some((code) => isOciError(error, code))) throw error;
        this.#client.logger.debug('mount_refused', { repository: this.#repository, from, digest });
      }
    }
    const request: HttpRequest = { method: 'POST', url: this.#urls.uploads() };
    const response = await this.#client.exchange(request, { statuses: [202], subject: this.#subject() }, options);
    return locationOf(response, request);
  }

  async #finish(session: URL, { digest }: Descriptor, body: CheckedBody, options: FetchOptions): Promise<void> {
    const request: HttpRequest = {
      method: 'PUT',
      url: withDigest(session, digest),
      headers: { 'content-type': 'application/octet-stream' },
      body,
    };
    const notFound = { kind: 'blob', what: `the upload of ${digest} to ${this.#repository}` } as const;
    const expectation = { statuses: [201, 204], subject: { ...this.#subject(), notFound } };
    const response = await this.#client.exchange(request, expectation, options);
    if (!(await body.isComplete())) throw invalidResponse(response, request, 'success before the content was sent');
  }

  /** Whether it is worth another session; the wait before it is then over. */
  async #again(error: unknown, attempt: number, call: CallOptions): Promise<boolean> {
    return isLostSession(error) ? this.#client.waited(attempt, call) : this.#client.again(error, attempt, call);
  }

  /** Best effort: a session that stays is the registry's to collect. */
  async #cancel(session: URL): Promise<void> {
    const expectation = { statuses: [200, 202, 204], subject: this.#subject() };
    const signal = AbortSignal.timeout(CANCEL_LIMIT);
    try {
      await this.#client.exchange({ method: 'DELETE', url: session }, expectation, { signal });
    } catch (error) {
      this.#client.logger.debug('upload_not_cancelled', { repository: this.#repository, error });
    }
  }

  #subject(): RequestSubject {
    const what = this.#repository;
    return { repository: what, notFound: { kind: 'repository', what } };
  }
}

const MOUNT_REFUSALS = ['UNAUTHORIZED', 'DENIED', 'NOT_FOUND', 'UNSUPPORTED', 'REGISTRY_ERROR'] as const;

/** An answer that says that this session is lost; not one about the repository or the content. */
function isLostSession(error: unknown): boolean {
  if (isOciError(error, 'NOT_FOUND')) return error.details.kind === 'blob';
  if (!isOciError(error, 'REGISTRY_ERROR')) return false;
  const { status, errors } = error.details;
  return status === 416 || errors.some(({ code }) => code.startsWith('BLOB_UPLOAD_'));
}
