import LinkHeader from 'http-link-header';
import { OciError } from '../errors.ts';
import { checkHop } from '../transport/origin.ts';
import { invalidResponse } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';
import type { WholeResponse } from './client.ts';

/** A million names of tags, and an end to a registry that never stops. */
const MAX_PAGES = 1000;
/** Pages on end. A registry that leaves out what somebody may not see has some; nobody waits for more of them. */
const MAX_EMPTY_PAGES = 10;

/** One page of a list, and what was asked for it. */
export interface Page extends WholeResponse {
  readonly request: HttpRequest;
}

/** How a list is read. */
export interface ListReading<Item> {
  readonly fetch: (url: URL) => Promise<Page>;
  readonly itemsOf: (page: Page) => readonly Item[];
  /** Equal for what is the same entry of the list. */
  readonly keyOf: (item: Item) => string;
}

/** A page, and what is on it that was not on one before. */
export interface NewItems<Item> {
  readonly page: Page;
  readonly items: readonly Item[];
}

/**
 * The first page and those that its `Link` leads to. Nothing is left out silently: a link that cannot be followed is an
 * error, before the page that has it is given. A list that leads back, or on and on with nothing new, is one as soon as it
 * shows.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags and RFC 8288
 * @throws OciError INVALID_RESPONSE, REDIRECT_REFUSED for a link to another origin, LIMIT_EXCEEDED, and what `fetch` and
 *   `itemsOf` throw
 */
export async function* followLinks<Item>(
  first: Page,
  { fetch, itemsOf, keyOf }: ListReading<Item>,
): AsyncGenerator<NewItems<Item>> {
  const asked = new Set([first.request.url.href]);
  const given = new Set<string>();
  let emptyPages = 0;
  for (let page = first; ; ) {
    const next = nextOf(page);
    const all = itemsOf(page);
    const items = all.filter((item) => given.size < given.add(keyOf(item)).size);
    yield { page, items };
    if (next === undefined) return;
    emptyPages = all.length === 0 ? emptyPages + 1 : 0;
    if (asked.has(next.href)) throw invalidResponse(page.response, page.request, 'the pages go in a circle');
    if (all.length > 0 && items.length === 0)
      throw invalidResponse(page.response, page.request, 'the list goes on and on with what it had before');
    if (emptyPages > MAX_EMPTY_PAGES)
      throw invalidResponse(page.response, page.request, 'the list goes on and on with nothing on it');
    if (asked.size >= MAX_PAGES) throw tooMany(next);
    asked.add(next.href);
    page = await fetch(next);
  }
}

function nextOf({ response, request }: Page): URL | undefined {
  const header = response.headers.get('link');
  if (header === undefined) return undefined;
  const link = linksIn(header, response, request).rel('next')[0];
  if (link === undefined) return undefined;
  if (!URL.canParse(link.uri, response.url.href)) {
    throw invalidResponse(response, request, 'the link to the next page is not a URL');
  }
  const url = new URL(link.uri, response.url);
  checkHop('link', request.url, url);
  return url;
}

function linksIn(header: string, response: HttpResponse, request: HttpRequest): LinkHeader {
  try {
    return LinkHeader.parse(header);
  } catch (error) {
    throw invalidResponse(response, request, 'the Link header cannot be read', error);
  }
}

function tooMany(url: URL): OciError {
  const what = `pages of ${url.host}${url.pathname}`;
  return new OciError('LIMIT_EXCEEDED', `more than ${MAX_PAGES} ${what}`, { what, limit: MAX_PAGES });
}
