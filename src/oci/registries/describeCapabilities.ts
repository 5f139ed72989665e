import type { Capabilities } from './capabilities.ts';
import { providerByHost } from './detect.ts';
import { PROVIDER_TITLES } from './providerName.ts';
import type { RateLimit } from './rateLimit.ts';

/** One thing that is known of a registry. The text is English, for whoever helps. */
export interface KnownFact {
  readonly name: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What its name and its answers have shown, without a request more; what is not known is left out. */
export function describeCapabilities(shown: Capabilities, registry: string): readonly KnownFact[] {
  const { conditionalReads, maxPageSize, pageSizes, rateLimit, apiRateLimit, knownSince } = shown;
  const provider = providerByHost(registry) ?? shown.provider;
  const reads = conditionalReads ? 'answered without content while nothing has changed' : 'answered in full each time';
  const pages =
    maxPageSize === undefined ? 'their pages are as the registry cuts them' : `pages of ${maxPageSize} entries at most`;
  return [
    ...(provider === undefined ? [] : [{ name: 'Kind', text: PROVIDER_TITLES[provider], facts: { provider } }]),
    ...(conditionalReads === undefined ? [] : [{ name: 'Repeated reads', text: reads, facts: { conditionalReads } }]),
    ...(maxPageSize !== undefined || pageSizes === false
      ? [{ name: 'Lists', text: pages, facts: { maxPageSize: maxPageSize ?? null, pageSizes: pageSizes ?? null } }]
      : []),
    ...uploads(shown),
    ...deletion(shown),
    ...(rateLimit ? [limitOf('Rate limit', rateLimit)] : []),
    ...(apiRateLimit ? [limitOf('Limit of its API', apiRateLimit)] : []),
    ...(knownSince === undefined
      ? []
      : [{ name: 'Remembered', text: `some of this since ${knownSince}, for a week`, facts: { knownSince } }]),
  ];
}

function uploads(shown: Capabilities): readonly KnownFact[] {
  const { chunkedUploads, wholeUploads, minChunkSize, mount, sha512, ranges, conditionalWrites } = shown;
  const facts = { chunkedUploads, wholeUploads, minChunkSize, mount, sha512, ranges, conditionalWrites };
  const texts = [
    word(wholeUploads, 'large blobs in one request', 'no large blobs in one request'),
    word(chunkedUploads, 'chunks', 'no chunks'),
    minChunkSize === undefined ? undefined : `of ${minChunkSize} bytes at least`,
    word(mount, 'mounts', 'no mounts'),
    word(ranges, 'parts of blobs', 'no parts of blobs'),
    word(sha512, 'sha512', 'no sha512'),
    word(conditionalWrites, 'conditions of writes', 'no conditions of writes'),
  ].filter((text) => text !== undefined);
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return texts.length === 0 ? [] : [{ name: 'Transfers', text: texts.join(', '), facts: known }];
}

function deletion({ tagDeletion, manifestDeletion }: Capabilities): readonly KnownFact[] {
  const texts = [
    word(tagDeletion, "tags by the specification's request", "no tags by the specification's request"),
    word(manifestDeletion, 'manifests', 'no manifests'),
  ].filter((text) => text !== undefined);
  const facts = {
    ...(tagDeletion !== undefined && { tagDeletion }),
    ...(manifestDeletion !== undefined && { manifestDeletion }),
  };
  return texts.length === 0 ? [] : [{ name: 'Deletion', text: texts.join(', '), facts }];
}

function word(ability: boolean | undefined, can: string, cannot: string): string | undefined {
  return ability === undefined ? undefined : ability ? can : cannot;
}

function limitOf(name: string, rateLimit: RateLimit): KnownFact {
  const { limit, remaining, windowSeconds, resetAt } = rateLimit;
  const span = windowSeconds === undefined ? '' : ` in ${windowSeconds / 3600} hours`;
  const until = resetAt === undefined ? '' : `, anew from ${resetAt}`;
  return { name, text: `${remaining} of ${limit} requests${span} are left${until}`, facts: { ...rateLimit } };
}
