import type { CallOptions } from '../content/store.ts';
import { skip, verified } from '../content/verify.ts';
import { isOciError, OciError } from '../errors.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { RequestSubject } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';
import { isPassing } from '../transport/unavailable.ts';
import type { FetchOptions, RegistryClient } from './client.ts';
import { MIN_PARTED, type PartSource, readInParts, readRest, type Span } from './partedRead.ts';
import type { RepositoryUrls } from './urls.ts';

/** Bytes after which a connection that breaks has been worth its while, and the next attempt counts as the first. */
const WORTHWHILE = 1024 * 1024;

/** What one registry was found to do with parts of blobs; shared by its repositories. */
export interface PartHabits {
  /** Whether it gives them, as far as is known. */
  honoured: boolean;
  /** Blobs large enough for parts that are being read. */
  reading: number;
}

/**
 * Blobs of one repository: whether they exist, and their content.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs
 */
export class Blobs {
  readonly #client: RegistryClient;
  readonly #urls: RepositoryUrls;
  readonly #repository: string;
  readonly #parts: PartHabits;

  /** `repository` is `host/name`, for messages. */
  constructor(client: RegistryClient, urls: RepositoryUrls, repository: string, parts: PartHabits) {
    this.#client = client;
    this.#urls = urls;
    this.#repository = repository;
    this.#parts = parts;
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

  /**
   * Streams the content, verified; continues where it was when the connection breaks. One large blob at a time comes in
   * several parts at once; where several blobs are read, they are what comes at once.
   */
  async *read(descriptor: Descriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    yield* verified(descriptor, this.readAfter(descriptor, 0, options));
  }

  /** The content without its first bytes, unchecked. */
  async *readAfter(descriptor: Descriptor, start: number, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    const { size } = descriptor;
    const source: PartSource = {
      size,
      start,
      part: (span, call) => this.#resumed(descriptor, span, call),
      whole: (call) => this.#resumed(descriptor, { start: 0, end: size }, call),
      isAlone: () => this.#parts.reading === 1,
    };
    if (!this.#parts.honoured) return yield* skip(start, source.whole(options));
    if (size - start < MIN_PARTED) return yield* readRest(source, options);
    this.#parts.reading++;
    try {
      yield* source.isAlone() ? readInParts(source, options) : readRest(source, options);
    } finally {
      this.#parts.reading--;
    }
  }

  async *#resumed(descriptor: Descriptor, span: Span, options: CallOptions): AsyncGenerator<Uint8Array> {
    const { digest, size } = descriptor;
    let response = await this.#fetchSpan(descriptor, span, { ...options, movesBlob: true, attempt: 1 });
    if (response === undefined) throw this.#givesNoParts();
    let offset = span.start;
    let had = 0;
    for (let attempt = 1; ; attempt++) {
      const start = offset;
      const current = response;
      try {
        for await (const chunk of skip(had, current.body)) {
          offset += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        // All that there is has come, though more was promised; whoever verifies it decides.
        if (offset === span.end && isPassing(error)) return;
        if (offset - start >= WORTHWHILE) attempt = 1;
        if (!(await this.#client.again(error, attempt, options))) throw error;
        this.#client.logger.debug('read_resumed', { registry: this.#client.registry, digest, offset });
        const next: FetchOptions = { ...options, movesBlob: true, attempt: attempt + 1 };
        const rest = await this.#fetchSpan(descriptor, { start: offset, end: span.end }, next);
        // Of a part, whoever wanted one has to know; of the whole, all comes once more.
        if (rest === undefined && span.end < size) throw this.#givesNoParts();
        had = rest === undefined ? offset : 0;
        response = rest ?? (await this.#fetchSpan(descriptor, { start: 0, end: size }, next)) ?? raise(error);
      } finally {
        await current.discard();
      }
    }
  }

  /**
   * What is left of the content, or a part of it, from the registry's own URL each time: a signed one may have expired.
   * `undefined` when the registry does not give just that.
   */
  async #fetchSpan(
    { digest, size }: Descriptor,
    { start, end }: Span,
    options: FetchOptions,
  ): Promise<HttpResponse | undefined> {
    const request: HttpRequest = { method: 'GET', url: this.#urls.blob(digest) };
    const subject = this.#subject(digest);
    if (start === 0 && end === size) return await this.#client.fetch(request, { statuses: [200], subject }, options);
    const last = end === size ? '' : end - 1;
    const headers = { range: `bytes=${start}-${last}` };
    const response = await this.#client.fetch({ ...request, headers }, { statuses: [200, 206, 416], subject }, options);
    const range = response.headers.get('content-range') ?? '';
    if (response.status === 206 && range.startsWith(`bytes ${start}-${last === '' ? '' : `${last}/`}`)) return response;
    await response.discard();
    return undefined;
  }

  #givesNoParts(): OciError<'UNSUPPORTED'> {
    this.#parts.honoured = false;
    const what = `parts of blobs at ${this.#client.registry}`;
    return new OciError('UNSUPPORTED', `${what} are not to be had`, { what });
  }

  #subject(digest: Digest): RequestSubject {
    const repository = this.#repository;
    return { repository, notFound: { kind: 'blob', what: `${repository}@${digest}` } };
  }
}

function raise(error: unknown): never {
  throw error;
}
