import type * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import { boundedBody } from '../transport/boundedBody.ts';
import { checkHop } from '../transport/origin.ts';
import { invalidResponse, type RequestSubject, responseError } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.ts';
import { jsonBody } from './jsonBody.ts';

/** Bytes; a page of a hundred artifacts of Harbor with all their tags takes some hundred KiB. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** An end to an API whose pages never end. */
const MAX_PAGES = 1000;

/** Whose API is asked, and how. */
export interface ApiClientOptions {
  /** As the user names it. */
  readonly registry: string;
  /** Where the API is; paths are resolved against it. */
  readonly base: URL;
  /** Signs in by itself. */
  readonly transport: Transport;
  /** A password is sent without being asked for: see `SendOptions.isApi`. Default false. */
  readonly isUnasked?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request to a registry's own API; default a GET without parameters. */
export interface ApiRequest extends CallOptions {
  readonly method?: HttpRequest['method'];
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly subject?: RequestSubject;
  /** Besides 2xx. */
  readonly statuses?: readonly number[];
}

/** One answer, read and checked. */
export interface ApiAnswer<T> {
  readonly value: T;
  readonly response: HttpResponse;
  readonly request: HttpRequest;
}

/** Asks a registry's own API, in JSON. */
export class ApiClient {
  readonly registry: string;
  readonly #base: URL;
  readonly #transport: Transport;
  readonly #isApi: boolean;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ registry, base, transport, isUnasked = false, headers = {} }: ApiClientOptions) {
    this.registry = registry;
    this.#base = base;
    this.#transport = transport;
    this.#isApi = isUnasked;
    this.#headers = headers;
  }

  /**
   * The answer in the shape that the API's documents promise.
   * @throws OciError INVALID_RESPONSE for any other shape; what the status stands for; LIMIT_EXCEEDED
   */
  async get<T>(path: string | URL, schema: z.ZodMiniType<T>, options: ApiRequest = {}): Promise<ApiAnswer<T>> {
    const { response, request } = await this.#send(path, options);
    const bytes = await readAll(response, request);
    const { success, data } = schema.safeParse(jsonOf(bytes));
    if (!success) throw invalidResponse(response, request, 'its API answers something else than its documents say');
    return { value: data, response, request };
  }

  /** For what counts by its status. @throws as {@link get} does, but for the shape */
  async send(path: string | URL, options: ApiRequest = {}): Promise<HttpResponse> {
    const { response } = await this.#send(path, options);
    await response.discard();
    return response;
  }

  /**
   * Pages, each the next of the one before.
   * @param next where an answer leads on to, as it is written there; undefined at the end
   * @throws OciError REDIRECT_REFUSED for a page on another origin; LIMIT_EXCEEDED; as {@link get} does
   */
  async *pages<T>(
    path: string | URL,
    schema: z.ZodMiniType<T>,
    next: (answer: ApiAnswer<T>) => string | undefined,
    options: ApiRequest = {},
  ): AsyncGenerator<T> {
    const { query: _, ...rest } = options;
    let answer = await this.get(path, schema, options);
    const seen = new Set([answer.request.url.href]);
    for (;;) {
      const to = next(answer);
      yield answer.value;
      if (to === undefined) return;
      const url = this.#nextOf(to, answer);
      if (seen.has(url.href)) throw invalidResponse(answer.response, answer.request, 'the pages go in a circle');
      if (seen.size >= MAX_PAGES) throw tooMany(url);
      seen.add(url.href);
      answer = await this.get(url, schema, rest);
    }
  }

  #nextOf<T>(to: string, { response, request }: ApiAnswer<T>): URL {
    if (!URL.canParse(to, request.url.href)) throw invalidResponse(response, request, 'the next page is not a URL');
    const url = new URL(to, request.url);
    checkHop('link', request.url, url);
    return url;
  }

  async #send(
    path: string | URL,
    { method = 'GET', body, query = {}, subject = {}, statuses = [], signal }: ApiRequest,
  ): Promise<{ readonly response: HttpResponse; readonly request: HttpRequest }> {
    throwIfAborted(signal);
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = {
      accept: 'application/json',
      ...this.#headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const request: HttpRequest = { method, url, headers, ...(body !== undefined && { body: jsonBody(body) }) };
    const response = await this.#transport.send(request, {
      ...(this.#isApi && { isApi: true }),
      ...(signal && { signal }),
    });
    const isFine = (response.status >= 200 && response.status < 300) || statuses.includes(response.status);
    if (!isFine) throw await responseError(response, request, { registry: this.registry, ...subject });
    return { response, request };
  }
}

async function readAll(response: HttpResponse, { url }: HttpRequest): Promise<Uint8Array> {
  const details = { what: `bytes of ${url.host}${url.pathname}`, limit: MAX_PAGE_BYTES };
  const tooLarge = () => new OciError('LIMIT_EXCEEDED', `the answer of ${url.host} is too large`, details);
  try {
    return await boundedBody(response.body, MAX_PAGE_BYTES, tooLarge);
  } finally {
    await response.discard();
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function tooMany(url: URL): OciError {
  const what = `pages of ${url.host}${url.pathname}`;
  return new OciError('LIMIT_EXCEEDED', `more than ${MAX_PAGES} ${what}`, { what, limit: MAX_PAGES });
}
