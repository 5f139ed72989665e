import type { CallOptions } from '../content/store.ts';
import { quotable } from '../transport/redact.ts';
import { invalidResponse, type RequestSubject } from '../transport/responseError.ts';
import type { RegistryClient } from './client.ts';
import type { Page } from './links.ts';
import { pages } from './pages.ts';

/** A list of names that a registry gives in pages. */
export interface NameList<Name extends string> {
  /** The member of each page that holds the names: `tags`, `repositories`. */
  readonly member: string;
  /** The first page's URL, with a page size or the registry's own. */
  readonly endpoint: (pageSize?: number) => URL;
  readonly subject: RequestSubject;
  readonly isName: (text: string) => text is Name;
}

/**
 * Each name once, in the registry's order. `null` is an empty list, as Go programs write it. What is not a name is left
 * out: Artifactory lists digests and `_uploads` among its tags.
 */
export async function* listNames<Name extends string>(
  client: RegistryClient,
  { member, endpoint, subject, isName }: NameList<Name>,
  options: CallOptions,
): AsyncGenerator<Name> {
  const itemsIn = (document: unknown, page: Page) => namesIn(document, member, page);
  for await (const { items } of pages(client, endpoint, itemsIn, subject, options)) {
    for (const name of items) {
      if (isName(name)) yield name;
      else client.logger.debug('name_skipped', { registry: client.registry, list: member, name: quotable(name) });
    }
  }
}

function namesIn(document: unknown, member: string, { response, request }: Page): readonly string[] {
  const isObject = typeof document === 'object' && document !== null;
  const names = isObject && member in document ? Reflect.get(document, member) : undefined;
  if (names === null) return [];
  if (Array.isArray(names)) return names.map((name) => (typeof name === 'string' ? name : `(${typeof name})`));
  throw invalidResponse(response, request, `the answer has no list "${member}"`);
}
