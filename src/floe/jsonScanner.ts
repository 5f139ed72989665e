/** From the document down to a value: member names and array positions. */
export type JsonPath = readonly (string | number)[];

/** Told of each value of a JSON text, and where it stands. */
export interface JsonVisitor {
  /** A value starts at `offset`, in UTF-16 units. Parents come before what they hold. `path` is valid during the call only. */
  onValue?(path: JsonPath, offset: number): void;
  /** That value is over: it stands from `start` to before `end`. */
  onValueEnd?(path: JsonPath, start: number, end: number): void;
  /** The name of the member at the path, with its quotes, before its value. */
  onName?(path: JsonPath, start: number, end: number): void;
  /** An object names a member again; the name starts at `offset`. */
  onDuplicateName?(path: JsonPath, offset: number): void;
}

/** Text that is not JSON, or nests deeper than allowed. The message has no text of the document in it, unlike V8's. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly offset: number;
  /** It may be JSON; how deep it nests is more than is followed. */
  readonly isTooDeep: boolean;

  constructor(reason: string, offset: number, isTooDeep = false) {
    super(reason);
    this.offset = offset;
    this.isTooDeep = isTooDeep;
  }
}

/**
 * Walks JSON text (RFC 8259) for what `JSON.parse` does not tell: where values stand, names that occur twice, and where
 * and why the text stops being JSON.
 *
 * @throws JsonSyntaxError
 */
export function scanJson(text: string, maxDepth: number, visitor: JsonVisitor = {}): void {
  new Scanner(text, maxDepth, visitor).scan();
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #visitor: JsonVisitor;
  readonly #path: (string | number)[] = [];
  #offset = 0;

  constructor(text: string, maxDepth: number, visitor: JsonVisitor) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#visitor = visitor;
  }

  scan(): void {
    this.#space();
    this.#value();
    this.#space();
    if (this.#offset < this.#text.length) throw this.#error('text after its end');
  }

  #value(): void {
    const start = this.#offset;
    this.#visitor.onValue?.(this.#path, start);
    const character = this.#text[this.#offset];
    if (character === '{') this.#object();
    else if (character === '[') this.#array();
    else if (character === '"') this.#string();
    else if (!this.#match(LITERAL) && !this.#match(NUMBER)) throw this.#error('a value is missing');
    this.#visitor.onValueEnd?.(this.#path, start, this.#offset);
  }

  #object(): void {
    const names = new Set<string>();
    this.#items('}', () => {
      const start = this.#offset;
      if (this.#text[start] !== '"') throw this.#error('a member name in double quotes is missing');
      const name = this.#string();
      this.#path.push(name);
      this.#visitor.onName?.(this.#path, start, this.#offset);
      if (names.has(name)) this.#visitor.onDuplicateName?.(this.#path, start);
      names.add(name);
      this.#space();
      if (!this.#take(':')) throw this.#error('a colon is missing');
      this.#space();
      this.#value();
      this.#path.pop();
    });
  }

  #array(): void {
    let index = 0;
    this.#items(']', () => {
      this.#path.push(index++);
      this.#value();
      this.#path.pop();
    });
  }

  #items(close: string, item: () => void): void {
    if (this.#path.length >= this.#maxDepth)
      throw new JsonSyntaxError(`nests deeper than ${this.#maxDepth} levels`, this.#offset, true);
    this.#offset += 1;
    this.#space();
    if (this.#take(close)) return;
    for (;;) {
      item();
      this.#space();
      if (this.#take(close)) return;
      if (!this.#take(',')) throw this.#error(`a comma or ${close} is missing`);
      this.#space();
    }
  }

  #string(): string {
    const start = this.#offset;
    for (this.#offset += 1; ; ) {
      const code = this.#text.charCodeAt(this.#offset);
      if (code === QUOTE) break;
      if (Number.isNaN(code)) throw this.#error('a string without end');
      if (code < SPACE) throw this.#error('a control character in a string');
      if (code !== BACKSLASH) this.#offset += 1;
      else if (!this.#match(ESCAPE)) throw this.#error('an unknown escape in a string');
    }
    this.#offset += 1;
    return JSON.parse(this.#text.slice(start, this.#offset)) as string;
  }

  #space(): void {
    for (; ; this.#offset += 1) {
      const code = this.#text.charCodeAt(this.#offset);
      if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TABULATOR) return;
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#offset] !== character) return false;
    this.#offset += 1;
    return true;
  }

  #match(token: RegExp): boolean {
    token.lastIndex = this.#offset;
    const matched = token.exec(this.#text)?.[0];
    this.#offset += matched?.length ?? 0;
    return matched !== undefined;
  }

  #error(reason: string): JsonSyntaxError {
    const what = this.#offset >= this.#text.length ? 'it ends too early' : reason;
    return new JsonSyntaxError(`is not JSON: ${what}`, this.#offset);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TABULATOR = 0x09;
