import { cancelled, isOciError, OciError, type OciErrorDetails, throwIfAborted } from '../../errors.ts';
import { giveBack, PIECE_SIZE } from '../../lending.ts';
import type { ConnectionOptions, HttpBody, HttpRequest, HttpResponse, SendOptions } from '../transport.ts';
import { connectionFailure, timedOut } from './failure.ts';
import { ResponseBody } from './responseBody.ts';

/** Which patience can run out. */
export type Timeout = NonNullable<OciErrorDetails['REGISTRY_UNAVAILABLE']['timeout']>;

/** Long enough for a registry that assembles a large upload before it answers; the contract's `--timeout`. */
const DEFAULT_TIMEOUT_SECONDS = 30;
/** A lost packet of a connection is sent again after 1, 3 and 7 seconds. */
const DEFAULT_CONNECT_SECONDS = 10;
/** For a manifest or a page of tags that trickles in and never falls silent. */
const DEFAULT_TOTAL_SECONDS = 300;

/**
 * Bytes that an upload is handed over in at first. The engine taking the next piece is the only sign of progress there is, so
 * a piece must fit through a slow line well within the timeout. While the line proves fast, pieces grow up to
 * {@link PIECE_SIZE}; when it becomes slow, they shrink again.
 */
const FIRST_PIECE = 64 * 1024;
/** Milliseconds within which the engine takes a piece on a line that is fast enough for one twice as large. */
const SOON = 500;

/** What an engine found out about the answer. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly chunks: AsyncIterable<Uint8Array>;
}

interface ExchangeOptions extends SendOptions {
  /** Origin of the proxy that the engine goes through, where it knows. */
  readonly proxy?: string;
}

/**
 * What every engine has to do around one request and its answer, once: watch for silence, end on abort, say what went
 * wrong, and count the bytes that were promised.
 *
 * Silence is time spent waiting for the registry. Time spent waiting for the source of an upload, or for the reader of
 * an answer, is not; it counts only towards the time that the whole exchange may take.
 */
export class Exchange {
  /** The engine's: aborted when the caller aborts, when the silence has lasted too long, when the answer is unwanted. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #request: HttpRequest;
  readonly #proxy: string | undefined;
  readonly #caller: AbortSignal | undefined;
  readonly #seconds: Readonly<Record<Timeout, number | undefined>>;
  readonly #deadline: NodeJS.Timeout | undefined;
  readonly #abort = (): void => this.#controller.abort(this.#caller?.reason);
  #silence: NodeJS.Timeout | undefined;
  /** Whose turn it is: the registry's, while there is something to run out of. */
  #awaited: Exclude<Timeout, 'total'> | undefined;
  #isConnecting = false;
  #expired: Timeout | undefined;
  #sourceError: unknown;

  /** @throws OciError CANCELLED when the signal has been aborted already */
  constructor(
    request: HttpRequest,
    connection: ConnectionOptions,
    { signal, movesBlob = false, proxy }: ExchangeOptions,
  ) {
    throwIfAborted(signal);
    this.#request = request;
    this.#proxy = proxy;
    this.#seconds = secondsOf(connection, movesBlob);
    this.#caller = signal;
    this.signal = this.#controller.signal;
    signal?.addEventListener('abort', this.#abort, { once: true });
    this.#deadline = this.#timer('total');
    this.#expect('first-byte');
  }

  /**
   * The caller's headers and what every request of ours carries. Bodies travel as they are stored, so that what arrives
   * has the digest that was asked for. The length is the engine's affair.
   */
  headers(): Record<string, string> {
    const { 'content-length': _, ...headers } = this.#request.headers ?? {};
    return { 'accept-encoding': 'identity', ...headers };
  }

  /** There is no connection yet. An engine that says so says `connected` too. */
  connecting(): void {
    this.#isConnecting = true;
    if (this.#awaited) this.#expect('connect');
  }

  connected(): void {
    this.#isConnecting = false;
    if (this.#awaited === 'connect') this.#expect('first-byte');
  }

  /** From now on the registry has to do something within the timeout. */
  #expect(what: Exclude<Timeout, 'total'>): void {
    this.#pause();
    this.#awaited = this.#isConnecting ? 'connect' : what;
    this.#silence = this.#timer(this.#awaited);
  }

  /** It is somebody else's turn. */
  #pause(): void {
    clearTimeout(this.#silence);
    this.#awaited = undefined;
  }

  #timer(what: Timeout): NodeJS.Timeout | undefined {
    const seconds = this.#seconds[what];
    if (seconds === undefined) return undefined;
    return setTimeout(() => {
      this.#expired = what;
      this.#controller.abort();
    }, seconds * 1000);
  }

  /** Nothing more is expected of anybody. */
  end(): void {
    this.#pause();
    clearTimeout(this.#deadline);
    this.#caller?.removeEventListener('abort', this.#abort);
  }

  /**
   * The body in pieces, exactly as many bytes as it promised.
   * @param hasLeft whether the engine has no more use for a piece when it asks for the next one; default: it may have
   * @throws OciError SIZE_MISMATCH, and what the source throws; `failure` then repeats it
   */
  async *upload(body: HttpBody, hasLeft: (piece: Uint8Array) => boolean = () => false): AsyncGenerator<Uint8Array> {
    this.#pause();
    const source = await this.#ask(() => body.open()[Symbol.asyncIterator]());
    let sent = 0;
    let size = FIRST_PIECE;
    try {
      for (let next = await this.#ask(() => source.next()); !next.done; next = await this.#ask(() => source.next())) {
        const chunk = next.value;
        sent += chunk.length;
        if (sent > body.size) await this.#ask(() => this.#wrongSize(body, sent));
        let isFree = true;
        for (let start = 0; start < chunk.length; ) {
          const piece = chunk.subarray(start, start + size);
          start += piece.length;
          const handedOver = performance.now();
          this.#expect('idle');
          yield piece;
          this.#pause();
          const isFast = performance.now() - handedOver < SOON;
          size = isFast ? Math.min(2 * size, PIECE_SIZE) : Math.max(size / 2, FIRST_PIECE);
          // What was written before it has left before it.
          isFree = hasLeft(piece);
        }
        if (isFree) giveBack(chunk);
      }
      if (sent < body.size) await this.#ask(() => this.#wrongSize(body, sent));
      this.#expect('first-byte');
    } finally {
      await source.return?.();
    }
  }

  /** What the source does, remembering its failure: an engine reports it, if at all, as one of the connection. */
  async #ask<T>(source: () => T | Promise<T>): Promise<T> {
    try {
      return await source();
    } catch (error) {
      this.#sourceError = error;
      throw error;
    }
  }

  /** The answer as callers see it. */
  respond({ status, headers, chunks }: Answer): HttpResponse {
    this.#pause();
    const hasNoBody = this.#request.method === 'HEAD' || status === 204 || status === 304;
    const body = new ResponseBody(chunks, {
      size: hasNoBody ? undefined : sizeOf(headers.get('content-length')),
      destroy: () => this.#controller.abort(),
      waiting: () => {
        throwIfAborted(this.#caller);
        this.#expect('idle');
      },
      arrived: () => this.#pause(),
      ended: () => this.end(),
      failure: (error) => this.failure(error),
    });
    return { status, headers, url: this.#request.url, body, discard: () => body.discard() };
  }

  /** Why the exchange failed, given what the engine threw; ends it. */
  failure(error: unknown): Error {
    this.end();
    if (this.#caller?.aborted) return isOciError(this.#caller.reason) ? this.#caller.reason : cancelled(error);
    if (this.#expired) {
      const place = { registry: this.#request.url.host, proxy: this.#proxy };
      return timedOut(place, this.#expired, this.#seconds[this.#expired] ?? 0, error);
    }
    if (this.#sourceError instanceof Error) return this.#sourceError;
    if (isOciError(error)) return error;
    return connectionFailure({ registry: this.#request.url.host, proxy: this.#proxy }, error);
  }

  #wrongSize(body: HttpBody, actual: number): never {
    const digest = this.#request.url.searchParams.get('digest') ?? '';
    const message = `a request body of ${body.size} bytes turned out to have ${actual}`;
    throw new OciError('SIZE_MISMATCH', message, { digest, expected: body.size, actual });
  }
}

/** Seconds that connecting may take. */
export function connectSecondsOf({ connectTimeoutSeconds, timeoutSeconds }: ConnectionOptions): number {
  return connectTimeoutSeconds ?? Math.min(DEFAULT_CONNECT_SECONDS, timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
}

function secondsOf(connection: ConnectionOptions, movesBlob: boolean): Readonly<Record<Timeout, number | undefined>> {
  const silence = connection.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  return {
    connect: connectSecondsOf(connection),
    'first-byte': silence,
    idle: silence,
    total: movesBlob ? connection.blobTimeoutSeconds : (connection.totalTimeoutSeconds ?? DEFAULT_TOTAL_SECONDS),
  };
}

function sizeOf(contentLength: string | undefined): number | undefined {
  return contentLength !== undefined && /^\d{1,15}$/.test(contentLength) ? Number(contentLength) : undefined;
}
