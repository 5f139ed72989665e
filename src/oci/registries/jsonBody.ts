import type { HttpBody } from '../transport/transport.ts';

/** A value as the body of a request. */
export function jsonBody(value: unknown): HttpBody {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
