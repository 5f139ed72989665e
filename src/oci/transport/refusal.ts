import { bodyStart } from './boundedBody.ts';
import type { HttpResponse } from './transport.ts';

/** A refusal is kept while its challenge is answered; what is longer is cut. */
const MAX_REFUSAL = 64 * 1024;

/** How ECR refuses a password that has run out: with a 403, as if somebody had no right. https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html */
const EXPIRED = /authorization token has expired/i;

/** The refusal with its body in memory, so that its connection is free for the token request and the next attempt. */
export async function held(response: HttpResponse): Promise<HttpResponse> {
  const kept = await bodyStart(response.body, MAX_REFUSAL);
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
  const text = (await bodyStart(response.body, MAX_REFUSAL)).toString('utf8');
  return { response, hasExpired: EXPIRED.test(text) };
}

/** An answer that says nothing of the kind. */
export function unexpired(response: HttpResponse): Expiry {
  return { response, hasExpired: false };
}
