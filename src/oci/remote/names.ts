import type { CallOptions } from '../content/store.ts';
import { OciError } from '../errors.ts';
import { quotable, redactUrl } from '../transport/redact.ts';
import type { RequestSubject } from '../transport/responseError.ts';
import type { RegistryClient } from './client.ts';
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
  const known = new Set<string>();
  for await (const page of pages(client, endpoint, subject, options)) {
    for (const name of namesIn(page, member, endpoint())) {
      if (typeof name !== 'string' || !isName(name)) {
        client.logger.debug('name_skipped', {
          registry: client.registry,
          list: member,
          name: quotable(String(name)),
        });
      } else if (!known.has(name)) {
        known.add(name);
        yield name;
      }
    }
  }
}

function namesIn(page: unknown, member: string, url: URL): readonly unknown[] {
  const names = typeof page === 'object' && page !== null && member in page ? Reflect.get(page, member) : undefined;
  if (names === null) return [];
  if (Array.isArray(names)) return names;
  const reason = `the answer has no list "${member}"`;
  const details = { method: 'GET', url: redactUrl(url), status: 200, reason };
  throw new OciError('INVALID_RESPONSE', `${details.url}: ${reason}`, details);
}
