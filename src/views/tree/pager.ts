/** Takes a listing page by page. It looks one item ahead, so that it knows whether there is more. */
export class Pager<T> {
  readonly #iterator: AsyncIterator<T>;
  readonly #items: T[] = [];
  #ahead: IteratorResult<T> | undefined;

  constructor(listing: AsyncIterable<T>) {
    this.#iterator = listing[Symbol.asyncIterator]();
  }

  /** All items taken so far. */
  get items(): readonly T[] {
    return this.#items;
  }

  get hasMore(): boolean {
    return this.#ahead?.done === false;
  }

  /** Takes up to `count` further items. */
  async take(count: number): Promise<void> {
    for (let taken = 0; taken < count; taken += 1) {
      const next = this.#ahead ?? (await this.#iterator.next());
      this.#ahead = next;
      if (next.done === true) return;
      this.#items.push(next.value);
      this.#ahead = undefined;
    }
    this.#ahead ??= await this.#iterator.next();
  }
}
