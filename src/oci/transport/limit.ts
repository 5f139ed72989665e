import { throwIfAborted } from '../errors.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { type Hosts, ownHosts } from './availability.ts';
import { checkPause } from './patience.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';
import { watchBody } from './watchBody.ts';

/** Requests to one host at a time: enough to fill a line with small blobs, few enough that no registry minds. */
const DEFAULT_CONCURRENCY = 8;

/**
 * What a request occupies the host with. Content that moves takes as long as it takes; everything else is over at once
 * and should not wait behind it.
 */
type Lane = 'upload' | 'download' | 'small';

/**
 * Lets at most `concurrency` exchanges with one host be under way; one lasts until its body has been read, discarded or
 * has failed, or the request was aborted. Around a single hop, so that nobody holds a place while waiting for another.
 *
 * One place is kept for small requests, so that they never queue behind blobs, and one for each direction of blobs: an
 * upload whose content is downloaded from the same host needs both, and would otherwise wait for itself. Below 3 there
 * would be nothing to keep, so fewer than 3 counts as 3.
 *
 * A host that is paused gets nothing: whoever waits for it, or was waiting for a place when the pause began, holds none. A
 * pause of more than `longestPause` milliseconds is not waited for.
 * @throws OciError REGISTRY_UNAVAILABLE for such a pause
 */
export function limited(
  inner: Transport,
  concurrency: number = DEFAULT_CONCURRENCY,
  { availability, nameOf, telemetry = silentTelemetry }: Hosts = ownHosts(),
  longestPause: number = Number.POSITIVE_INFINITY,
): Transport {
  const hosts = new Map<string, Places>();

  const send = async (request: HttpRequest, options: SendOptions = {}): Promise<HttpResponse> => {
    const { host } = request.url;
    const name = nameOf(request.url);
    const onQueue = (by: 1 | -1): void => telemetry.count('floe_oci_queue_length', { registry: name }, by);
    const places = hosts.get(host) ?? new Places(Math.max(3, concurrency), onQueue);
    hosts.set(host, places);
    const enter = async (): Promise<() => void> => {
      checkPause(name, availability, longestPause);
      await availability.pauseOver(name, options.signal);
      const release = await places.take(laneOf(request), options.signal);
      if (availability.pauseLeft(name) === 0) return release;
      release();
      return enter();
    };
    const release = await enter();
    try {
      return releasing(await inner.send(request, options), release, options.signal);
    } catch (error) {
      release();
      throw error;
    }
  };

  return { send, close: () => inner.close() };
}

/** By the distribution spec's addresses. A manifest is small enough to be in memory already. */
function laneOf({ method, url, body }: HttpRequest): Lane {
  if (body !== undefined && body.size > 0 && !url.pathname.includes('/manifests/')) return 'upload';
  return method === 'GET' && url.pathname.includes('/blobs/') ? 'download' : 'small';
}

interface Waiter {
  readonly lane: Lane;
  readonly enter: () => void;
}

/** The places at one host; who has waited longest and fits goes first. */
class Places {
  readonly #total: number;
  readonly #onQueue: (by: 1 | -1) => void;
  readonly #taken: Record<Lane, number> = { upload: 0, download: 0, small: 0 };
  #queue: readonly Waiter[] = [];

  /** @param onQueue told when somebody begins to wait, and when it is over */
  constructor(total: number, onQueue: (by: 1 | -1) => void) {
    this.#total = total;
    this.#onQueue = onQueue;
  }

  /** @throws OciError CANCELLED while waiting */
  async take(lane: Lane, signal: AbortSignal | undefined): Promise<() => void> {
    throwIfAborted(signal);
    if (this.#fits(lane)) this.#taken[lane]++;
    else {
      this.#onQueue(1);
      await this.#wait(lane, signal).finally(() => this.#onQueue(-1));
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#taken[lane]--;
      this.#admit();
    };
  }

  #wait(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        lane,
        enter: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#queue = this.#queue.filter((other) => other !== waiter);
        try {
          throwIfAborted(signal);
        } catch (error) {
          reject(error);
        }
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue = [...this.#queue, waiter];
    });
  }

  #admit(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const admitted = next;
      this.#queue = this.#queue.filter((waiter) => waiter !== admitted);
      this.#taken[admitted.lane]++;
      admitted.enter();
    }
  }

  #next(): Waiter | undefined {
    return this.#queue.find(({ lane }) => this.#fits(lane));
  }

  #fits(lane: Lane): boolean {
    const { upload, download, small } = this.#taken;
    if (upload + download + small >= this.#total) return false;
    if (lane === 'small') return true;
    return upload + download < this.#total - 1 && this.#taken[lane] < this.#total - 2;
  }
}

/** The answer, giving its place back when nothing more of it can come. */
function releasing(response: HttpResponse, leave: () => void, signal: AbortSignal | undefined): HttpResponse {
  const release = (): void => {
    signal?.removeEventListener('abort', release);
    leave();
  };
  signal?.addEventListener('abort', release, { once: true });
  if (signal?.aborted) release();
  return watchBody(response, { completed: release, left: release, failed: release });
}
