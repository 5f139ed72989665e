import type { RegistryContent } from './content.ts';
import type { Quirks } from './options.ts';

/** What a handler gets: the request, and the registry around it. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as it was sent, without `?`. */
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The request's body, once. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly content: RegistryContent;
  readonly quirks: Quirks;
  /** Writes a location the way the registry's quirks say. */
  readonly locate: (path: string) => string;
}
