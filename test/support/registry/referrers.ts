import * as z from 'zod/mini';
import { isDigest } from '../../../src/oci/spec/digest.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { type Answer, answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { StoredManifest } from './content.ts';
import type { Exchange } from './exchange.ts';

const documentSchema = z.object({
  artifactType: z.optional(z.string()),
  annotations: z.optional(z.nullable(z.record(z.string(), z.string()))),
  config: z.optional(z.object({ mediaType: z.string() })),
  subject: z.optional(z.object({ digest: z.string() })),
});

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers */
export function listReferrers(exchange: Exchange, name: string, subject: string): Answer {
  const { method, content, query, quirks } = exchange;
  if (quirks.referrersApi === false) return answer(404, { 'content-type': 'text/plain' }, '404 page not found\n');
  if (method !== 'GET') return errorAnswer(405, 'UNSUPPORTED', 'method not allowed');
  if (!isDigest(subject)) return errorAnswer(400, 'DIGEST_INVALID', 'not a digest', { detail: { subject } });
  const wanted = quirks.filtersReferrers === false ? [] : query.getAll('artifactType');
  const stored = content.repositories.get(name)?.manifests ?? new Map<string, StoredManifest>();
  const manifests = [...stored]
    .flatMap(([digest, manifest]) => referrerOf(digest, manifest, subject))
    .filter(({ artifactType }) => wanted.length === 0 || (artifactType !== undefined && wanted.includes(artifactType)));
  const page = pageOf(manifests, exchange);
  return jsonAnswer(
    200,
    { schemaVersion: 2, mediaType: MediaType.imageIndex, manifests: page.entries },
    {
      'content-type': MediaType.imageIndex,
      ...(wanted.length > 0 ? { 'oci-filters-applied': 'artifactType' } : {}),
      ...page.headers,
    },
  );
}

/** How far a client has come is in a parameter that only this registry understands. */
function pageOf<T>(all: readonly T[], { path, query, quirks, locate }: Exchange) {
  const from = Number(query.get('from') ?? 0);
  const to = from + (quirks.referrersPageSize ?? all.length);
  const next = new URLSearchParams([...query].filter(([name]) => name !== 'from'));
  next.set('from', String(to));
  const headers = to < all.length ? { link: `<${locate(`${path}?${next}`)}>; rel="next"` } : {};
  return { entries: all.slice(from, to), headers };
}

function referrerOf(digest: string, { bytes, mediaType }: StoredManifest, subject: string) {
  const { success, data } = documentSchema.safeParse(jsonOf(bytes));
  if (!success || data.subject?.digest !== subject) return [];
  const artifactType = data.artifactType ?? data.config?.mediaType;
  return [
    {
      mediaType,
      digest,
      size: bytes.length,
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(data.annotations ? { annotations: data.annotations } : {}),
    },
  ];
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
