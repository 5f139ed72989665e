import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { giveBack, lend, PIECE_SIZE, pieceOfMemory } from '../../lending.ts';
import type { Answer } from './exchange.ts';
import { lendIfLarge } from './largeReads.ts';

/** Bytes that may wait for the reader before the connection is told to hold back. */
const MAX_WAITING = 64 * 1024;
/**
 * Bytes from which a body is passed on in pieces of as many, if they come at once: TLS gives 16 KiB at a time, and the way of
 * a piece to its place costs more than to copy it.
 */
const GATHERED = 256 * 1024;

/** The answer to one request: the handler that undici tells of it, and the body for who reads it. */
export class UndiciAnswer implements Dispatcher.DispatchHandler, AsyncIterableIterator<Uint8Array, undefined> {
  /** When its headers are in. */
  readonly begun: Promise<Answer>;
  readonly #begun = Promise.withResolvers<Answer>();
  readonly #started: () => void;
  readonly #chunks: Uint8Array[] = [];
  #waiting = 0;
  #maxWaiting = MAX_WAITING;
  /** Nothing follows a chunk in the memory that it was read into, as the size of the next one would. */
  #isAlone = false;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  #end: { readonly error?: unknown } | undefined;
  #reader: (() => void) | undefined;

  /** @param started called when there is a connection */
  constructor(signal: AbortSignal, started: () => void) {
    this.begun = this.#begun.promise;
    this.#started = started;
    signal.addEventListener('abort', () => this.#abort(signal.reason), { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(reasonOf(this.#aborted.reason));
    else this.#started();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#isAlone = headers['transfer-encoding'] === undefined;
    if (Number(headers['content-length']) >= GATHERED) this.#maxWaiting = GATHERED;
    if (status >= 200) this.#begun.resolve({ status, headers: headersOf(headers), chunks: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(this.#isAlone ? lendIfLarge(chunk) : chunk);
    this.#waiting += chunk.length;
    if (this.#waiting >= this.#maxWaiting) controller.pause();
    this.#tell();
  }

  onResponseEnd(): void {
    this.#finish({});
  }

  onResponseError(_: unknown, error: Error): void {
    this.#begun.reject(error);
    this.#finish({ error });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (this.#chunks.length === 0 && this.#end === undefined) {
      this.#controller?.resume();
      if (this.#chunks.length > 0 || this.#end !== undefined) break;
      await new Promise<void>((resolve) => {
        this.#reader = resolve;
      });
    }
    // The rest of what the connection has read comes within this turn of the event loop.
    if (this.#maxWaiting === GATHERED && this.#waiting < GATHERED && this.#end === undefined) await setImmediate();
    const chunk = this.#take();
    if (chunk !== undefined) {
      this.#waiting -= chunk.length;
      return { done: false, value: chunk };
    }
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
    return { done: true, value: undefined };
  }

  /** The next chunk, or what waits as one: as much as a piece of memory holds. */
  #take(): Uint8Array | undefined {
    if (this.#chunks.length < 2 || this.#maxWaiting !== GATHERED) return this.#chunks.shift();
    const piece = pieceOfMemory();
    let filled = 0;
    for (let next = this.#chunks[0]; next && filled + next.length <= PIECE_SIZE; next = this.#chunks[0]) {
      piece.set(next, filled);
      filled += next.length;
      giveBack(next);
      this.#chunks.shift();
    }
    return filled === 0 ? this.#chunks.shift() : lend(piece.subarray(0, filled));
  }

  /** Undici itself looks at the request only when it has a connection for it; nobody waits for that. */
  #abort(reason: unknown): void {
    this.#aborted = { reason };
    this.#controller?.abort(reasonOf(reason));
    this.#begun.reject(reason);
    this.#finish({ error: reason });
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#tell();
  }

  #tell(): void {
    this.#reader?.();
    this.#reader = undefined;
  }
}

function reasonOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

function headersOf(headers: Record<string, string | string[] | undefined>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).map(([name, value = '']) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
