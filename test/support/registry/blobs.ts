import { isDigest } from '../../../src/oci/spec/digest.ts';
import { type Answer, answer, errorAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';

/** HEAD, GET (with one range) and DELETE of a blob. */
export function handleBlob(exchange: Exchange, name: string, digest: string): Answer {
  if (!isDigest(digest)) return errorAnswer(400, 'DIGEST_INVALID', 'not a digest', { detail: { digest } });
  const blobs = exchange.content.repositories.get(name)?.blobs;
  const bytes = blobs?.get(digest);
  switch (exchange.method) {
    case 'HEAD':
    case 'GET':
      return bytes ? readBlob(exchange, digest, bytes) : unknownBlob(digest);
    case 'DELETE':
      if (exchange.quirks.deletion === false) return errorAnswer(405, 'UNSUPPORTED', 'deletion is off');
      return blobs?.delete(digest) ? answer(202) : unknownBlob(digest);
    default:
      return errorAnswer(405, 'UNSUPPORTED', 'method not allowed');
  }
}

function readBlob({ headers, quirks }: Exchange, digest: string, bytes: Uint8Array): Answer {
  const etag = `"${digest}"`;
  const common = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    ...(quirks.ranges === 'ignored' ? {} : { 'accept-ranges': 'bytes' }),
    etag,
  };
  if (headers['if-none-match'] === etag) return answer(304, { etag });
  const asked = quirks.ranges === 'ignored' ? undefined : headers['range'];
  const range = asked === undefined ? undefined : quirks.ranges === 'refused' ? 'none' : rangeOf(asked, bytes.length);
  if (range === 'none') return answer(416, { 'content-range': `bytes */${bytes.length}` });
  if (range === undefined) return answer(200, common, bytes);
  const [first, last] = quirks.ranges === 'misplaced' ? [0, range[1] - range[0]] : range;
  const contentRange = `bytes ${first}-${last}/${bytes.length}`;
  return answer(206, { ...common, 'content-range': contentRange }, bytes.subarray(first, last + 1));
}

/**
 * First and last byte of a range, `none` when it lies past the end, `undefined` when the header is to be ignored.
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
 */
function rangeOf(header: string, size: number): readonly [number, number] | 'none' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  const [, from = '', to = ''] = match ?? [];
  if (match === null || (from === '' && to === '')) return undefined;
  if (from === '') return Number(to) === 0 || size === 0 ? 'none' : [Math.max(0, size - Number(to)), size - 1];
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= size ? 'none' : [first, last];
}

function unknownBlob(digest: string): Answer {
  return errorAnswer(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { detail: { digest } });
}
