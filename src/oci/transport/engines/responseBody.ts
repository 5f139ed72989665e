/** How a body tells its exchange what happens to it. */
interface BodyEvents {
  /** Bytes promised by the headers. */
  readonly size: number | undefined;
  readonly destroy: () => void;
  readonly waiting: () => void;
  readonly arrived: () => void;
  readonly ended: () => void;
  readonly failure: (error: unknown) => Error;
}

/** What is left of an unwanted body is read up to here, so that its connection can serve the next request. */
const MAX_DRAINED = 64 * 1024;
/** Milliseconds that reading it may take: a new connection is soon cheaper. */
const MAX_DRAIN_TIME = 500;

/**
 * The body of an answer: its own iterator, so that it can be read once, given back before the first byte, and so that
 * one that breaks off is an error and never a short success.
 */
export class ResponseBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #events: BodyEvents;
  #state: 'untouched' | 'reading' | 'done' = 'untouched';
  #received = 0;

  constructor(chunks: AsyncIterable<Uint8Array>, events: BodyEvents) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#events = events;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    if (this.#state !== 'untouched') throw new Error('the body of an answer can be read only once');
    this.#state = 'reading';
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#state === 'done') return { done: true, value: undefined };
    try {
      this.#events.waiting();
      const { done, value } = await this.#chunks.next();
      this.#events.arrived();
      if (!done) {
        this.#received += value.length;
        return { done: false, value };
      }
      const { size } = this.#events;
      if (size !== undefined && this.#received !== size) {
        throw Object.assign(new Error(`${this.#received} of ${size} bytes arrived`), { code: 'ECONNRESET' });
      }
      this.#state = 'done';
      this.#events.ended();
      return { done: true, value: undefined };
    } catch (error) {
      this.#close();
      throw this.#events.failure(error);
    }
  }

  /** Whoever stops in the middle gives the connection up: there is no telling how much would still come. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#state !== 'done') this.#close();
    return { done: true, value: undefined };
  }

  /** Reads the little that is left, or gives the connection up. Never fails. */
  async discard(): Promise<void> {
    const { size } = this.#events;
    if (this.#state === 'untouched' && (size ?? 0) <= MAX_DRAINED) await this.#drain();
    if (this.#state !== 'done') this.#close();
  }

  async #drain(): Promise<void> {
    this.#state = 'reading';
    const late = setTimeout(this.#events.destroy, MAX_DRAIN_TIME);
    try {
      while (this.#received <= MAX_DRAINED && !(await this.next()).done);
    } catch {
      // It was unwanted; that it broke off as well is no news.
    } finally {
      clearTimeout(late);
    }
  }

  #close(): void {
    this.#state = 'done';
    this.#events.destroy();
    this.#events.ended();
  }
}
