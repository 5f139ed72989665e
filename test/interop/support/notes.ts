/** Sentences below tables, each once. */
export class Notes {
  readonly #first: number;
  readonly #sentences: string[] = [];

  /** @param first number of the first one */
  constructor(first = 1) {
    this.#first = first;
  }

  /** How many there are. */
  get count(): number {
    return this.#sentences.length;
  }

  get text(): string {
    return this.#sentences.map((sentence, index) => `[${index + this.#first}] ${sentence}\n`).join('\n');
  }

  /** `[1]`, for a cell. */
  markOf(sentence: string): string {
    if (!this.#sentences.includes(sentence)) this.#sentences.push(sentence);
    return `[${this.#sentences.indexOf(sentence) + this.#first}]`;
  }
}
