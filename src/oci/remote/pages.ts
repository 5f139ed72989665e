import type { CallOptions } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import { invalidResponse, type RequestSubject } from '../transport/responseError.ts';
import type { HttpRequest } from '../transport/transport.ts';
import type { RegistryClient } from './client.ts';
import { followLinks, type NewItems, type Page } from './links.ts';

/** What ECR accepts at most, and distribution by default; larger numbers are refused or cut. */
const PAGE_SIZE = 1000;
/** Bytes; a page of 1000 of the longest names takes a third of one MiB. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/**
 * What is new on each page of a list, following `Link`.
 * @param endpoint the first page's URL, with a page size or the registry's own
 * @param itemsIn what is on a page, which is JSON
 * @throws OciError INVALID_RESPONSE, REDIRECT_REFUSED for a link to another origin, LIMIT_EXCEEDED
 */
export async function* pages(
  client: RegistryClient,
  endpoint: (pageSize?: number) => URL,
  itemsIn: (document: unknown, page: Page) => readonly string[],
  subject: RequestSubject,
  options: CallOptions,
): AsyncGenerator<NewItems<string>> {
  const fetch = async (url: URL): Promise<Page> => {
    const request: HttpRequest = { method: 'GET', url };
    const whole = await client.fetchWhole(request, { statuses: [200], subject }, MAX_PAGE_BYTES, options);
    return { ...whole, request };
  };
  const { abilities } = client;
  const whole = async (): Promise<Page> => {
    const page = await fetch(endpoint());
    abilities.learn({ pageSizes: false });
    return page;
  };
  const isRefused = abilities.current.pageSizes === false;
  const first = await fetch(isRefused ? endpoint() : endpoint(PAGE_SIZE)).catch((error: unknown) => {
    if (!isRefused && refusesPageSize(error)) return whole();
    throw error;
  });
  yield* followLinks(first, { fetch, itemsOf: (page) => itemsIn(jsonOf(page), page), keyOf: (item) => item });
}

function refusesPageSize(error: unknown): boolean {
  return isOciError(error, 'UNSUPPORTED') || (isOciError(error, 'REGISTRY_ERROR') && error.details.status === 400);
}

function jsonOf({ response, bytes, request }: Page): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // What the parser says quotes pieces of the text, and may cut a secret that nobody recognises then.
    throw invalidResponse(response, request, 'a list is due, and this is not JSON');
  }
}
