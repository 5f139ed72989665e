import type { CallOptions } from '../content/store.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { silentTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { boundedBody } from '../transport/boundedBody.ts';
import { type Clock, systemClock } from '../transport/clock.ts';
import { type RequestSubject, responseError } from '../transport/responseError.ts';
import { delayAfter, type RetryOptions } from '../transport/retry.ts';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.ts';
import { isPassing } from '../transport/unavailable.ts';
import { type KnownAbilities, ownAbilities } from './abilities.ts';
import { Warnings } from './warnings.ts';

/** What a request expects. Any other status is thrown as the error it stands for. */
export interface Expectation {
  readonly statuses: readonly number[];
  readonly subject: RequestSubject;
}

/** What the transport is told about one request. */
export interface FetchOptions extends CallOptions {
  /** Which try of the caller's own this is, from 1, for what the transport cannot repeat. Default: the only one. */
  readonly attempt?: number;
  /** The content of a blob moves. Default false. */
  readonly movesBlob?: boolean;
}

/** An answer whose body is in memory. */
export interface WholeResponse {
  readonly response: HttpResponse;
  readonly bytes: Uint8Array;
}

/** Which registry is asked, and what carries its requests. */
export interface ClientOptions {
  readonly registry: string;
  readonly base: URL;
  readonly transport: Transport;
  readonly retry: RetryOptions;
  readonly logger: Logger;
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
  /** What is known of the registry; default: what this client learns. */
  readonly abilities?: KnownAbilities;
}

/** Sends the requests of one registry and turns what it answers into values and errors. */
export class RegistryClient {
  /** As the user names it. */
  readonly registry: string;
  /** The root of the API. */
  readonly base: URL;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly abilities: KnownAbilities;
  readonly #transport: Transport;
  readonly #retry: RetryOptions;
  readonly #clock: Clock;
  readonly #warnings: Warnings;
  readonly #aside = new Set<Promise<void>>();

  constructor({
    registry,
    base,
    transport,
    retry,
    logger,
    telemetry,
    clock = systemClock,
    abilities = ownAbilities(),
  }: ClientOptions) {
    this.abilities = abilities;
    this.registry = registry;
    this.base = base;
    this.logger = logger;
    this.telemetry = telemetry ?? silentTelemetry;
    this.#transport = transport;
    this.#retry = retry;
    this.#clock = clock;
    this.#warnings = new Warnings(registry, logger);
  }

  /** The answer, its body not yet read: to be read to its end or discarded. */
  async fetch(
    request: HttpRequest,
    { statuses, subject }: Expectation,
    { attempt, signal, movesBlob = false }: FetchOptions,
  ): Promise<HttpResponse> {
    throwIfAborted(signal);
    const isLastAttempt = attempt === undefined || attempt >= this.#retry.maxAttempts;
    const response = await this.#transport.send(request, { isLastAttempt, movesBlob, ...(signal && { signal }) });
    this.#warnings.note(response);
    if (statuses.includes(response.status)) return response;
    throw await responseError(response, request, { registry: this.registry, ...subject });
  }

  /** The answer where only status and headers matter. */
  async exchange(request: HttpRequest, expectation: Expectation, options: FetchOptions): Promise<HttpResponse> {
    const response = await this.fetch(request, expectation, options);
    await response.discard();
    return response;
  }

  /**
   * The answer with its body, which is small: a manifest, a page of a list. Asks again when the body breaks off.
   * @throws OciError LIMIT_EXCEEDED when it is larger than `limit` bytes, before or while it is read
   */
  async fetchWhole(
    request: HttpRequest,
    expectation: Expectation,
    limit: number,
    options: CallOptions,
  ): Promise<WholeResponse> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.fetch(request, expectation, { ...options, attempt });
      try {
        return { response, bytes: await readAtMost(limit, response, request) };
      } catch (error) {
        if (!(await this.again(error, attempt, options))) throw error;
        this.logger.debug('body_broke_off', { registry: this.registry, path: request.url.pathname, attempt });
      }
    }
  }

  /** Lets something end that nobody waits for, and that does not fail. */
  aside(task: Promise<void>): void {
    this.#aside.add(task);
    void task.finally(() => this.#aside.delete(task));
  }

  /** When nothing goes on aside any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#aside);
  }

  /**
   * Whether what failed so is tried once more, for what the transport cannot repeat: uploads, and bodies that break off.
   * Only what may pass is, and not when the registry asks for more patience than there is. Waits before it says yes.
   * @param attempt the one that failed, from 1
   */
  async again(error: unknown, attempt: number, options: CallOptions): Promise<boolean> {
    if (!isPassing(error)) return false;
    const { retryAfterSeconds = 0 } = error.details;
    return retryAfterSeconds * 1000 <= this.#retry.maxDelayMs && this.waited(attempt, options);
  }

  /** Whether there is an attempt left; the wait before it is then over. */
  async waited(attempt: number, { signal }: CallOptions): Promise<boolean> {
    if (attempt >= this.#retry.maxAttempts) return false;
    await this.#clock.sleep(delayAfter(attempt, this.#retry, this.#clock.random()), signal);
    return true;
  }
}

async function readAtMost(limit: number, response: HttpResponse, { method, url }: HttpRequest): Promise<Uint8Array> {
  const tooLarge = () =>
    new OciError('LIMIT_EXCEEDED', `the answer to ${method} ${url.pathname} is larger than ${limit} bytes`, {
      what: `bytes of ${url.host}${url.pathname}`,
      limit,
    });
  try {
    if (Number(response.headers.get('content-length') ?? 0) > limit) throw tooLarge();
    return await boundedBody(response.body, limit, tooLarge);
  } finally {
    await response.discard();
  }
}
