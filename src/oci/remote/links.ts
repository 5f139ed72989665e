import LinkHeader from 'http-link-header';
import { OciError } from '../errors.ts';
import { checkHop } from '../transport/origin.ts';
import { redactUrl } from '../transport/redact.ts';
import { invalidResponse } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';
import type { WholeResponse } from './client.ts';

/** A million names of tags, and an end to a registry that never stops. */
const MAX_PAGES = 1000;

/** One page of a list, and what was asked for it. */
export interface Page extends WholeResponse {
  readonly request: HttpRequest;
}

/**
 * The first page and those that its `Link` leads to. Nothing is left out silently: a link that cannot be followed is an
 * error, before the page that has it is given.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags and RFC 8288
 * @throws OciError INVALID_RESPONSE, REDIRECT_REFUSED for a link to another origin, LIMIT_EXCEEDED, and what `fetch` throws
 */
export async function* followLinks(first: Page, fetch: (url: URL) => Promise<Page>): AsyncGenerator<Page> {
  const seen = new Set([first.request.url.href]);
  let page = first;
  for (;;) {
    const next = nextOf(page);
    yield page;
    if (next === undefined) return;
    if (seen.has(next.href)) throw loop(next);
    if (seen.size >= MAX_PAGES) throw tooMany(next);
    seen.add(next.href);
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

function loop(url: URL): OciError {
  const details = {
    method: 'GET',
    url: redactUrl(url),
    status: 200,
    reason: 'the pages go in a circle',
  };
  return new OciError('INVALID_RESPONSE', `${details.url}: ${details.reason}`, details);
}

function tooMany(url: URL): OciError {
  const what = `pages of ${url.host}${url.pathname}`;
  return new OciError('LIMIT_EXCEEDED', `more than ${MAX_PAGES} ${what}`, { what, limit: MAX_PAGES });
}
