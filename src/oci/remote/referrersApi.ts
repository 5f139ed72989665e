import * as z from 'zod/mini';
import type { CallOptions, ReferrersOptions } from '../content/store.ts';
import { type Descriptor, descriptorSchema } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { essenceOf, MediaType } from '../spec/mediaTypes.ts';
import { invalidResponse } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';
import type { RegistryClient } from './client.ts';
import { followLinks, type ListReading, type Page } from './links.ts';
import type { RepositoryUrls } from './urls.ts';

/** Bytes; a page is an image index, and so never larger than a manifest that we read. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** By which registries without the API answer: they do not know the path, or take it for something else that is wrong. */
const ABSENT: readonly number[] = [400, 404, 405, 406, 501];

/** The same members as an image index; Go programs write `null` for an empty list. */
const schema = z.object({
  mediaType: z.optional(z.literal(MediaType.imageIndex)),
  manifests: z.nullable(z.array(descriptorSchema)),
});

/**
 * The referrers of one subject, page by page, as the registry's API for them gives them; undefined where the registry has
 * no such API.
 *
 * That shows in status, content type and shape together: there are registries that answer 404, 400, 405 or 406, and such as
 * answer every path they do not know with a web page and 200.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 * @param repository `host/name`, for messages
 * @throws OciError INVALID_RESPONSE, REDIRECT_REFUSED, LIMIT_EXCEEDED
 */
export async function referrersByApi(
  client: RegistryClient,
  urls: RepositoryUrls,
  repository: string,
  subject: Digest,
  { artifactType, ...options }: ReferrersOptions,
): Promise<AsyncIterable<readonly Descriptor[]> | undefined> {
  const fetch = async (url: URL, statuses: readonly number[], call: CallOptions): Promise<Page> => {
    const request: HttpRequest = { method: 'GET', url, headers: { accept: MediaType.imageIndex } };
    const whole = await client.fetchWhole(request, { statuses, subject: { repository } }, MAX_PAGE_BYTES, call);
    return { ...whole, request };
  };
  const first = await fetch(urls.referrers(subject, artifactType), [200, ...ABSENT], options);
  if (first.response.status !== 200 || !isApi(first)) {
    if (showsAbsence(first)) client.abilities.learn({ referrersApi: false });
    return undefined;
  }
  client.abilities.learn({ referrersApi: true });
  return (async function* () {
    const reading: ListReading<Descriptor> = {
      fetch: (url) => fetch(url, [200], options),
      itemsOf: (page) => manifestsIn(page) as readonly Descriptor[],
      keyOf: ({ digest }) => digest,
    };
    for await (const { page, items } of followLinks(first, reading)) {
      yield isFiltered(page.response) || artifactType === undefined
        ? items
        : items.filter((referrer) => referrer.artifactType === artifactType);
    }
  })();
}

/**
 * The spec's errors, by which a registry speaks of a repository or content that is not there, or is not shown to us. Of a path
 * that it does not know it says nothing in that form, or nothing that could be told apart from it.
 */
const ERRORS = /^\s*\{.*"errors"\s*:/s;

/** Whether the answer is about the registry, for whatever is asked: what is wrong with a request says nothing of others. */
function showsAbsence({ response: { status }, bytes }: Page): boolean {
  if (status === 405 || status === 501) return true;
  return status === 404 && !ERRORS.test(new TextDecoder().decode(bytes));
}

/** What calls itself an image index is held to it; other JSON is taken for one when it has the shape. */
function isApi(page: Page): boolean {
  const type = essenceOf(page.response.headers.get('content-type') ?? '');
  return type === MediaType.imageIndex || (type === 'application/json' && schema.safeParse(jsonOf(page)).success);
}

function manifestsIn(page: Page): z.infer<typeof schema>['manifests'] & {} {
  const { success, data } = schema.safeParse(jsonOf(page));
  if (success) return data.manifests ?? [];
  throw invalidResponse(page.response, page.request, 'an index of referrers is due, and this is none');
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers */
function isFiltered({ headers }: HttpResponse): boolean {
  const filters = (headers.get('oci-filters-applied') ?? '').split(',');
  return filters.some((filter) => filter.trim() === 'artifactType');
}

function jsonOf({ bytes }: Page): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
