import * as z from 'zod/mini';
import type { Credential } from '../../oci/index.ts';

type WithoutSource<Kind> = Kind extends unknown ? Omit<Kind, 'source'> : never;

/** What identifies somebody to a registry, as they typed it. */
export type Login = WithoutSource<Credential>;

const version = z.literal(1);
const username = z.optional(z.string());
const savedLogin = z.discriminatedUnion('kind', [
  z.object({ version, kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ version, kind: z.literal('identityToken'), username, token: z.string() }),
  z.object({ version, kind: z.literal('registryToken'), username, token: z.string() }),
]);

/** A login as it stands in the secret storage. */
export function writeLogin(login: Login): string {
  return JSON.stringify({ version: 1, ...login });
}

/** Undefined for what cannot be read, a later version of this text included: whoever needs it asks again. */
export function readLogin(text: string): Login | undefined {
  try {
    const { version: _, username: user, ...login } = savedLogin.parse(JSON.parse(text));
    if (login.kind === 'basic') return { ...login, username: user ?? '' };
    return user === undefined ? login : { ...login, username: user };
  } catch {
    return undefined;
  }
}

/** @param source where it is from, for people */
export function credentialOf(login: Login, source: string): Credential {
  return { ...login, source };
}
