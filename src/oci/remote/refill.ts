/** A stream in pieces of one size, each held in memory until it, or a part of it, is no longer needed. */
export class Refill {
  readonly #stream: AsyncIterator<Uint8Array>;
  readonly #buffer: Buffer;
  #filled = 0;
  #rest: Uint8Array = new Uint8Array();

  /** @param pieceSize bytes */
  constructor(stream: AsyncIterable<Uint8Array>, pieceSize: number) {
    this.#stream = stream[Symbol.asyncIterator]();
    this.#buffer = Buffer.allocUnsafeSlow(pieceSize);
  }

  /** What comes next: a full piece, or the last one. Valid until the next call. @throws what the stream throws */
  async fill(): Promise<Uint8Array> {
    while (this.#filled < this.#buffer.length) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#stream.next();
        if (done) break;
        this.#rest = value;
      }
      const taken = this.#rest.subarray(0, this.#buffer.length - this.#filled);
      this.#buffer.set(taken, this.#filled);
      this.#filled += taken.length;
      this.#rest = this.#rest.subarray(taken.length);
    }
    return this.#buffer.subarray(0, this.#filled);
  }

  /** Has no more use for the first `count` bytes of the piece. */
  drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#filled);
    this.#filled -= count;
  }

  async close(): Promise<void> {
    await this.#stream.return?.();
  }
}
