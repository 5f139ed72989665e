import type { CallOptions } from '../content/store.ts';
import { verified } from '../content/verify.ts';
import { isOciError } from '../errors.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { RequestSubject } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';
import { isPassing } from '../transport/unavailable.ts';
import type { Expectation, FetchOptions, RegistryClient } from './client.ts';
import type { RepositoryUrls } from './urls.ts';

/** Bytes after which a connection that breaks has been worth its while, and the next attempt counts as the first. */
const WORTHWHILE = 1024 * 1024;

/**
 * Blobs of one repository: whether they exist, and their content.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs
 */
export class Blobs {
  readonly #client: RegistryClient;
  readonly #urls: RepositoryUrls;
  readonly #repository: string;

  /** `repository` is `host/name`, for messages. */
  constructor(client: RegistryClient, urls: RepositoryUrls, repository: string) {
    this.#client = client;
    this.#urls = urls;
    this.#repository = repository;
  }

  async exists({ digest }: Descriptor, options: CallOptions = {}): Promise<boolean> {
    const url = this.#urls.blob(digest);
    const subject = this.#subject(digest);
    try {
      const { status } = await this.#client.exchange(
        { method: 'HEAD', url },
        { statuses: [200, 404], subject },
        options,
      );
      return status === 200;
    } catch (error) {
      // Storage that signs URLs for GET alone answers 403 to HEAD.
      if (!isOciError(error, 'DENIED') && !isOciError(error, 'UNSUPPORTED')) throw error;
      const request: HttpRequest = { method: 'GET', url, headers: { range: 'bytes=0-0' } };
      // An empty blob has no first byte: 416.
      const { status } = await this.#client.exchange(request, { statuses: [200, 206, 404, 416], subject }, options);
      return status !== 404;
    }
  }

  /** Streams the content, verified; continues where it was when the connection breaks. */
  async *read(descriptor: Descriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    yield* verified(descriptor, this.#resumed(descriptor, options));
  }

  async *#resumed({ digest, size }: Descriptor, options: CallOptions): AsyncGenerator<Uint8Array> {
    const request: HttpRequest = { method: 'GET', url: this.#urls.blob(digest) };
    const expectation: Expectation = { statuses: [200], subject: this.#subject(digest) };
    let response = await this.#client.fetch(request, expectation, { ...options, movesBlob: true, attempt: 1 });
    let offset = 0;
    for (let attempt = 1; ; attempt++) {
      const start = offset;
      const current = response;
      try {
        for await (const chunk of current.body) {
          offset += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        // All that there is has come, though more was promised; whoever verifies it decides.
        if (offset === size && isPassing(error)) return;
        if (offset - start >= WORTHWHILE) attempt = 1;
        if (!(await this.#client.again(error, attempt, options))) throw error;
        this.#client.logger.debug('read_resumed', { registry: this.#client.registry, digest, offset });
        const next: FetchOptions = { ...options, movesBlob: true, attempt: attempt + 1 };
        response = (await this.#fetchFrom(offset, request, expectation, next)) ?? raise(error);
      } finally {
        await current.discard();
      }
    }
  }

  /**
   * The rest of the content, from the registry's own URL again: a signed one may have expired. `undefined` when the
   * registry does not continue just there.
   */
  async #fetchFrom(
    offset: number,
    request: HttpRequest,
    { subject }: Expectation,
    options: FetchOptions,
  ): Promise<HttpResponse | undefined> {
    if (offset === 0) return await this.#client.fetch(request, { statuses: [200], subject }, options);
    const headers = { ...request.headers, range: `bytes=${offset}-` };
    const response = await this.#client.fetch({ ...request, headers }, { statuses: [200, 206, 416], subject }, options);
    const range = response.headers.get('content-range') ?? '';
    if (response.status === 206 && range.startsWith(`bytes ${offset}-`)) return response;
    await response.discard();
    return undefined;
  }

  #subject(digest: Digest): RequestSubject {
    const repository = this.#repository;
    return { repository, notFound: { kind: 'blob', what: `${repository}@${digest}` } };
  }
}

function raise(error: unknown): never {
  throw error;
}
