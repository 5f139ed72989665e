import { OciError, throwIfAborted } from '../../../src/oci/errors.ts';
import type { Clock } from '../../../src/oci/transport/clock.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from '../../../src/oci/transport/transport.ts';
import { below, oneOf, type Random } from '../random.ts';
import { type Answer, answer } from '../registry/answer.ts';
import { RegistryContent } from '../registry/content.ts';
import { routeOf } from '../registry/route.ts';
import { dispatch } from '../registry/server.ts';

/** How a request can go wrong; `lost`: it has its effect, and the answer does not arrive. */
const FAULTS = ['refused', 'lost', 'cut request', 'silence', '503', '429', 'wait', 'cut answer', 'corrupt'] as const;
type Fault = (typeof FAULTS)[number] | 'none';

export interface NetworkOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Share of the requests that go wrong, from 0 to 1. */
  readonly faultRate: number;
  /** Milliseconds, from and to, during which nothing goes right. */
  readonly outages: readonly (readonly [from: number, to: number])[];
  /** Hears of every request when it is sent. */
  readonly onSend?: (request: HttpRequest) => void;
}

/** Milliseconds of silence that an engine would take. */
const SILENCE = 30_000;

/** A registry and the line to it without any socket: everything takes time of the clock, and goes wrong by the seed. */
export class VirtualNetwork implements Transport {
  readonly content = new RegistryContent();
  readonly #options: NetworkOptions;
  #isHealed = false;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** From now on all goes right. */
  heal(): void {
    this.#isHealed = true;
  }

  async send(request: HttpRequest, { signal }: SendOptions = {}): Promise<HttpResponse> {
    const { clock, onSend } = this.#options;
    throwIfAborted(signal);
    onSend?.(request);
    const fault = this.#fault();
    await this.#travel(signal);
    if (fault === 'refused') throw unavailable(request, 'refused');
    if (fault === 'silence') {
      await clock.sleep(SILENCE, signal);
      throw unavailable(request, 'silent');
    }
    const instead = answerInstead(fault);
    const good = instead ?? (await this.#serve(request, fault, signal));
    await this.#travel(signal);
    if (fault === 'lost') throw unavailable(request, 'the answer was lost');
    return this.#respond(request, good, fault, signal);
  }

  async close(): Promise<void> {}

  #fault(): Fault {
    const { clock, random, faultRate, outages } = this.#options;
    if (this.#isHealed) return 'none';
    const isOut = outages.some(([from, to]) => clock.now() >= from && clock.now() < to);
    if (isOut) return oneOf(random, ['refused', 'silence', '503']);
    return random() < faultRate ? oneOf(random, FAULTS) : 'none';
  }

  #travel(signal: AbortSignal | undefined): Promise<void> {
    const { clock, random } = this.#options;
    return clock.sleep(1 + below(random, 50), signal);
  }

  async #serve(request: HttpRequest, fault: Fault, signal: AbortSignal | undefined): Promise<Answer> {
    const { method, url, headers = {}, body } = request;
    const route = routeOf(url.pathname);
    if (route === undefined || route === 'invalid name') return answer(404);
    const limit =
      fault === 'cut request' && body ? below(this.#options.random, body.size + 1) : Number.POSITIVE_INFINITY;
    const exchange = {
      method,
      path: url.pathname,
      query: url.searchParams,
      rawQuery: url.search.slice(1),
      headers: { ...headers, ...(body && { 'content-length': String(body.size) }) },
      body: this.#received(request, limit, signal),
      content: this.content,
      quirks: {},
      locate: (path: string) => path,
    };
    return dispatch(exchange, route);
  }

  async *#received(request: HttpRequest, limit: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of request.body?.open() ?? []) {
      await this.#travel(signal);
      size += chunk.length;
      if (size >= limit) throw unavailable(request, 'reset');
      yield chunk;
    }
  }

  #respond(request: HttpRequest, good: Answer, fault: Fault, signal: AbortSignal | undefined): HttpResponse {
    const { random } = this.#options;
    const bytes = request.method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(good.body);
    if (fault === 'corrupt' && bytes.length > 0) {
      const at = below(random, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    }
    const end = fault === 'cut answer' ? below(random, bytes.length + 1) : bytes.length;
    const travel = (): Promise<void> => this.#travel(signal);
    const body = async function* (): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < end; start += 1000) {
        await travel();
        yield bytes.subarray(start, Math.min(start + 1000, end));
      }
      if (end < bytes.length) throw unavailable(request, 'cut off');
    };
    const headers = new Map(Object.entries(good.headers).map(([name, value]) => [name, String(value)]));
    return { status: good.status, headers, url: request.url, body: body(), discard: async () => {} };
  }
}

function answerInstead(fault: Fault): Answer | undefined {
  if (fault === '503') return answer(503);
  if (fault === '429') return answer(429);
  return fault === 'wait' ? answer(429, { 'retry-after': '2' }) : undefined;
}

function unavailable({ url }: HttpRequest, reason: string): OciError {
  return new OciError('REGISTRY_UNAVAILABLE', `${url.host}: ${reason}`, { registry: url.host, reason, status: null });
}
