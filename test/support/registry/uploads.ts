import { randomUUID } from 'node:crypto';
import { algorithmOf, digestOf, isDigest } from '../../../src/oci/spec/digest.ts';
import { type Answer, answer, errorAnswer } from './answer.ts';
import type { UploadSession } from './content.ts';
import type { Exchange } from './exchange.ts';

/**
 * Begins an upload: mounts, takes a whole blob, or opens a session.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 */
export async function beginUpload(exchange: Exchange, name: string): Promise<Answer> {
  const { content, query, quirks } = exchange;
  if (exchange.method !== 'POST') return errorAnswer(405, 'UNSUPPORTED', 'method not allowed');
  const mount = query.get('mount');
  const from = query.get('from');
  if (mount !== null && from !== null && quirks.mount !== false) {
    const bytes = content.repositories.get(from)?.blobs.get(mount);
    if (bytes) {
      content.repository(name).blobs.set(mount, bytes);
      return created(exchange, name, mount);
    }
  }
  const session: UploadSession = { chunks: [], size: 0 };
  const digest = query.get('digest');
  if (digest !== null) {
    await receive(session, exchange);
    return commit(exchange, name, session, digest);
  }
  const id = randomUUID();
  content.repository(name).uploads.set(id, session);
  return answer(202, sessionHeaders(exchange, name, id, session));
}

/** GET, PATCH, PUT and DELETE of an upload session. */
export async function handleUpload(exchange: Exchange, name: string, id: string): Promise<Answer> {
  const uploads = exchange.content.repositories.get(name)?.uploads;
  const session = uploads?.get(id);
  if (!uploads || !session) return errorAnswer(404, 'BLOB_UPLOAD_UNKNOWN', 'upload unknown', { detail: { id } });
  const { chunks = 'kept' } = exchange.quirks;
  const status = () => sessionHeaders(exchange, name, id, session);
  if (isTooLarge(exchange)) return errorAnswer(413, 'SIZE_INVALID', 'request entity too large');
  switch (exchange.method) {
    case 'GET':
      return answer(204, status());
    case 'DELETE':
      uploads.delete(id);
      return answer(204);
    case 'PATCH':
      if (chunks === 'refused') return errorAnswer(405, 'UNSUPPORTED', 'no chunks');
      if (!continues(exchange, session)) return outOfOrder(status());
      if (session.isLast === true) return errorAnswer(400, 'SIZE_INVALID', 'the chunk before was too small');
      await receive(chunks === 'dropped' && session.size > 0 ? { chunks: [], size: 0 } : session, exchange);
      session.isLast = Number(exchange.headers['content-length']) < (exchange.quirks.minChunk ?? 0);
      return answer(chunks === 'dropped' ? 201 : 202, status());
    case 'PUT': {
      if (!continues(exchange, session)) return outOfOrder(status());
      await receive(session, exchange);
      const result = commit(exchange, name, session, exchange.query.get('digest') ?? '');
      uploads.delete(id);
      return result;
    }
    default:
      return errorAnswer(405, 'UNSUPPORTED', 'method not allowed');
  }
}

/** Keeps what arrives, also when the connection breaks: the next attempt on this session does not start at 0. */
async function receive(session: UploadSession, { body }: Exchange): Promise<void> {
  for await (const chunk of body) {
    session.chunks.push(chunk);
    session.size += chunk.length;
  }
}

/** Whether this request comes next: it uses the newest location, and its range, if it has one, begins where we are. */
function continues({ headers, query, quirks, rawQuery }: Exchange, session: UploadSession): boolean {
  const sent = rawQuery.split('&').includes(`_state=${stateOf(session)}`);
  const meant = query.getAll('_state').includes(decodeURIComponent(stateOf(session).replaceAll('+', ' ')));
  if (quirks.exactLocations ? !sent : !meant) return false;
  const range = headers['content-range'];
  if (range === undefined) return true;
  const match = /^(\d+)-(\d+)$/.exec(range);
  if (match === null || Number(match[1]) !== session.size) return false;
  const length = headers['content-length'];
  return length === undefined || Number(match[2]) - Number(match[1]) + 1 === Number(length);
}

function isTooLarge({ headers, quirks }: Exchange): boolean {
  return Number(headers['content-length'] ?? 0) > (quirks.maxBody ?? Number.POSITIVE_INFINITY);
}

function outOfOrder(headers: Answer['headers']): Answer {
  return errorAnswer(416, 'BLOB_UPLOAD_INVALID', 'not the next part of this upload', { headers });
}

/**
 * Part of the location that changes with every part, as distribution's does. The characters are there so that a client
 * that decodes and encodes the query again is found out.
 */
function stateOf(session: UploadSession): string {
  return `a%2Bb+c~${session.size}==`;
}

function sessionHeaders(
  { locate, quirks }: Exchange,
  name: string,
  id: string,
  session: UploadSession,
): Answer['headers'] {
  return {
    location: locate(`/v2/${name}/blobs/uploads/${id}?_state=${stateOf(session)}`),
    // distribution says 0-0 for nothing and for one byte alike.
    range: `0-${Math.max(0, session.size - 1)}`,
    'docker-upload-uuid': id,
    ...(quirks.minChunk === undefined ? {} : { 'oci-chunk-min-length': String(quirks.minChunk) }),
  };
}

function commit(exchange: Exchange, name: string, session: UploadSession, digest: string): Answer {
  const invalid = (reason: string) => errorAnswer(400, 'DIGEST_INVALID', reason, { detail: { digest } });
  if (!isDigest(digest)) return invalid('not a digest');
  if (algorithmOf(digest) === 'sha512' && exchange.quirks.sha512 === false) return invalid('unsupported algorithm');
  const bytes = Buffer.concat(session.chunks);
  if (digestOf(bytes, algorithmOf(digest)) !== digest) return invalid('provided digest did not match uploaded content');
  exchange.content.repository(name).blobs.set(digest, bytes);
  return created(exchange, name, digest);
}

function created({ locate }: Exchange, name: string, digest: string): Answer {
  return answer(201, { location: locate(`/v2/${name}/blobs/${digest}`), 'docker-content-digest': digest });
}
