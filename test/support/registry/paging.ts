import { type Answer, errorAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';

export interface Page {
  readonly entries: readonly string[];
  readonly headers: Answer['headers'];
}

/**
 * One page of a sorted list, by `n` and `last`, with a `Link` when there is more.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
export function pageOf(all: Iterable<string>, { query, path, quirks, locate }: Exchange): Page | Answer {
  const n = query.get('n');
  if (n !== null && !/^\d+$/.test(n)) return tooLarge(n);
  const max = quirks.maxPageSize ?? Number.POSITIVE_INFINITY;
  if (n !== null && Number(n) > max && quirks.largePages === 'refuse') return tooLarge(n);
  const size = Math.min(n === null ? (quirks.pageSize ?? Number.POSITIVE_INFINITY) : Number(n), max);
  const last = query.get('last') ?? '';
  const rest = [...all].sort(byBytes).filter((entry) => byBytes(entry, last) > 0);
  const entries = rest.slice(0, size);
  const final = entries.at(-1);
  if (entries.length === rest.length || final === undefined) return { entries, headers: {} };
  const next = new URLSearchParams({ last: final, n: String(size) });
  return { entries, headers: { link: `<${locate(`${path}?${next}`)}>; rel="next"` } };
}

function tooLarge(n: string): Answer {
  return errorAnswer(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested', { detail: { n } });
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
