import { type Digest, isDigest } from '../spec/digest.ts';
import { isTag } from '../spec/tag.ts';
import type { TagEntry } from './provider.ts';

/** What an API says of a tag, as it says it. */
export interface Told {
  readonly name: string;
  readonly digest?: string | null | undefined;
  readonly size?: number | string | null | undefined;
  readonly pushedAt?: string | number | Date | null | undefined;
  readonly createdAt?: string | null | undefined;
  readonly artifactType?: string | null | undefined;
  readonly isImmutable?: boolean | undefined;
}

/** As an entry, without what cannot be what it should be; undefined for what is no tag. */
export function tagEntry(told: Told): TagEntry | undefined {
  const { name, digest, artifactType, isImmutable } = told;
  if (!isTag(name)) return undefined;
  const size = Number(told.size ?? Number.NaN);
  const pushedAt = timeOf(told.pushedAt);
  const createdAt = timeOf(told.createdAt);
  return {
    name,
    ...(isDigestText(digest) && { digest }),
    ...(Number.isSafeInteger(size) && size >= 0 && { size }),
    ...(pushedAt !== undefined && { pushedAt }),
    ...(createdAt !== undefined && { createdAt }),
    ...(artifactType && { artifactType }),
    ...(isImmutable !== undefined && { isImmutable }),
  };
}

/** RFC 3339; the year 1, which Go programs write for no date, is none. Numbers are milliseconds since 1970. */
export function timeOf(value: string | number | Date | null | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) || date.getTime() <= 0 ? undefined : date.toISOString();
}

/** The entries that are some. */
export function present<T>(items: readonly (T | undefined)[]): readonly T[] {
  return items.filter((item) => item !== undefined);
}

/** Whether what an API says is a digest. */
export function isDigestText(text: string | null | undefined): text is Digest {
  return typeof text === 'string' && isDigest(text);
}
