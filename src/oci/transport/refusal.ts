import type { HttpResponse } from './transport.ts';

/** A refusal is kept while its challenge is answered; what is longer is cut. */
const MAX_REFUSAL = 64 * 1024;

/** How ECR refuses a password that has run out: with a 403, as if somebody had no right. https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html */
const EXPIRED = /authorization token has expired/i;

/** The refusal with its body in memory, so that its connection is free for the token request and the next attempt. */
export async function held(response: HttpResponse): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_REFUSAL) break;
  }
  const kept = Buffer.concat(chunks).subarray(0, MAX_REFUSAL);
  const body = {
    async *[Symbol.asyncIterator]() {
      if (kept.length > 0) yield kept;
    },
  };
  return { ...response, body, discard: async () => {} };
}

/** An answer that may say that a password has run out. */
export interface Expiry {
  readonly response: HttpResponse;
  readonly hasExpired: boolean;
}

/** Whether a password was refused because it has run out, and the answer as it can still be read. */
export async function expiryIn(answer: HttpResponse): Promise<Expiry> {
  if (answer.status !== 403) return unexpired(answer);
  const response = await held(answer);
  const chunks = await Array.fromAsync(response.body);
  return { response, hasExpired: EXPIRED.test(Buffer.concat(chunks).toString('utf8')) };
}

/** An answer that says nothing of the kind. */
export function unexpired(response: HttpResponse): Expiry {
  return { response, hasExpired: false };
}
