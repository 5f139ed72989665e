/** One request as the registry saw it. Grows until the request is over. */
export interface LoggedRequest {
  readonly method: string;
  /** Path with query, as it was sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Which connection carried it: 1 for the first that was opened. */
  readonly connection: number;
  /** Bytes of the request's body that were read. */
  readonly received: number;
  /** Bytes of the answer's body that were sent. */
  readonly sent: number;
  /** Status of the answer; null while there is none. */
  readonly status: number | null;
  /** The most requests that were in flight while this one was, itself included. */
  readonly overlap: number;
}

export type MutableLoggedRequest = { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] };

export interface RequestFilter {
  readonly method?: string;
  /** Matched against the path with its query. */
  readonly path?: RegExp;
}

export class RequestLog {
  readonly #entries: MutableLoggedRequest[] = [];
  readonly #inFlight = new Set<MutableLoggedRequest>();

  begin(entry: MutableLoggedRequest): void {
    this.#entries.push(entry);
    this.#inFlight.add(entry);
    for (const other of this.#inFlight) other.overlap = Math.max(other.overlap, this.#inFlight.size);
  }

  end(entry: MutableLoggedRequest): void {
    this.#inFlight.delete(entry);
  }

  matching({ method, path }: RequestFilter = {}): readonly LoggedRequest[] {
    return this.#entries.filter(
      (entry) => (method === undefined || entry.method === method) && (path === undefined || path.test(entry.path)),
    );
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
