import * as z from 'zod/mini';
import { invalidLayout } from '../layout/invalidLayout.ts';
import { parseJson } from '../layout/layoutIndex.ts';
import { descriptorSchema, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import { isTag, type Tag } from '../spec/tag.ts';
import type { CacheKey } from './cacheKey.ts';
import type { Endorsement } from './endorsement.ts';
import { isIntact, withChecksum } from './recordChecksum.ts';

/** Where a reference led when the registry was last asked. Times are milliseconds since 1970. */
export interface ReferenceRecord extends CacheKey {
  readonly descriptor: ManifestDescriptor;
  readonly etag?: string;
  /** When the reference was first seen to lead there. */
  readonly fetchedAt: number;
  /** When it was last seen to. */
  readonly checkedAt: number;
  readonly endorsement?: Endorsement;
}

/** It goes out in a header again. */
const ETAG = /^[ -~]{1,1024}$/;

const time = z.iso.datetime();
const isDigestText = (value: unknown): boolean => typeof value === 'string' && isDigest(value);
const schema = z.looseObject({
  registry: z.string(),
  repository: z.custom<RepositoryName>((value) => typeof value === 'string' && isRepositoryName(value)),
  reference: z.custom<Tag | Digest>((value) => typeof value === 'string' && (isTag(value) || isDigest(value))),
  descriptor: z.custom<ManifestDescriptor>((value) => {
    const { success, data } = descriptorSchema.safeParse(value);
    return success && isManifestDescriptor(data as ManifestDescriptor);
  }),
  etag: z.optional(z.string().check(z.regex(ETAG))),
  fetchedAt: time,
  checkedAt: time,
  endorsement: z.optional(z.looseObject({ by: z.string(), digest: z.custom<Digest>(isDigestText) })),
});

/** @throws OciError INVALID_LAYOUT; `path` is for messages */
export function parseRecord(bytes: Uint8Array, path: string): ReferenceRecord {
  const json = parseJson(bytes, path);
  const { success, data, error } = schema.safeParse(json);
  if (!success) throw invalidLayout(path, `is no reference record (${error.issues[0]?.path.join('.')})`);
  if (!isIntact(json as Record<string, unknown>)) throw invalidLayout(path, 'is damaged: its checksum is another');
  const { registry, repository, reference, descriptor, etag, fetchedAt, checkedAt, endorsement } = data;
  if (isDigest(reference) && descriptor.digest !== reference) throw invalidLayout(path, `leads ${reference} elsewhere`);
  return {
    registry,
    repository,
    reference,
    descriptor,
    ...(etag === undefined ? {} : { etag }),
    fetchedAt: Date.parse(fetchedAt),
    checkedAt: Date.parse(checkedAt),
    ...(endorsement && { endorsement: { by: endorsement.by, digest: endorsement.digest } }),
  };
}

/** The bytes of a record's file. An etag that is none is left out. */
export function formatRecord(record: ReferenceRecord): Uint8Array {
  const { registry, repository, reference, descriptor, etag, fetchedAt, checkedAt, endorsement } = record;
  const { mediaType, digest, size } = descriptor;
  const members = {
    registry,
    repository,
    reference,
    descriptor: { mediaType, digest, size },
    ...(etag !== undefined && ETAG.test(etag) && { etag }),
    fetchedAt: new Date(fetchedAt).toISOString(),
    checkedAt: new Date(checkedAt).toISOString(),
    ...(endorsement && { endorsement: { by: endorsement.by, digest: endorsement.digest } }),
  };
  return Buffer.from(JSON.stringify(withChecksum(members)));
}
