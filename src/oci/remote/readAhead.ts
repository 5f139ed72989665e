/** A stream that is read whether anybody takes from it yet or not. It is to be short enough for memory. */
export class ReadAhead implements AsyncIterable<Uint8Array> {
  /** When it has been read, or has failed. Never fails itself: the failure is for who takes from it. */
  readonly ended: Promise<void>;
  readonly #chunks: Uint8Array[] = [];
  #news = Promise.withResolvers<void>();
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.ended = this.#pump(stream);
  }

  /** Once: what has been taken is no longer held. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#failure) throw this.#failure.error;
      else if (this.#hasEnded) return;
      else await this.#news.promise;
    }
  }

  async #pump(stream: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of stream) {
        this.#chunks.push(chunk);
        this.#tell();
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#hasEnded = true;
      this.#tell();
    }
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
