import * as z from 'zod/mini';
import { invalidFile } from './credentialFile.ts';
import type { Credential } from './credentials.ts';

const text = z.optional(z.nullable(z.string()));
const entrySchema = z.object({ auth: text, username: text, password: text, identitytoken: text, registrytoken: text });

/** Where an entry stands, for messages and as the credential's source. */
interface EntryPlace {
  readonly file: string;
  readonly key: string;
}

/**
 * The credential of one entry of `auths`; undefined for an empty one, which says that a credential store has it.
 * A registry token goes before an identity token, and that before user name and password, as Docker has it.
 * @throws OciError INVALID_DOCUMENT naming the part, never its value
 */
export function credentialOfEntry(entry: unknown, { file, key }: EntryPlace): Credential | undefined {
  const fail = (part: string, message: string): never => {
    throw invalidFile(file, [{ path: ['auths', key, part].filter(Boolean).join('.'), message }]);
  };
  const parsed = entrySchema.safeParse(entry ?? {});
  if (!parsed.success) {
    const [part = ''] = parsed.error.issues[0]?.path ?? [];
    return fail(String(part), part === '' ? 'must be an object' : 'must be text');
  }
  const { auth, identitytoken, registrytoken } = parsed.data;
  const pair = auth ? (decodeAuth(auth) ?? fail('auth', 'must be the base64 of username:password')) : parsed.data;
  const username = pair.username || undefined;
  const named = { ...(username !== undefined && { username }), source: file };
  if (registrytoken) return { kind: 'registryToken', token: registrytoken, ...named };
  if (identitytoken) return { kind: 'identityToken', token: identitytoken, ...named };
  if (username === undefined && !pair.password) return undefined;
  if (username === undefined) return fail('username', 'is missing');
  return { kind: 'basic', username, password: pair.password ?? '', source: file };
}

/** The alphabet of base64 or its form for addresses, with or without padding. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function decodeAuth(auth: string): { readonly username: string; readonly password: string } | undefined {
  if (!BASE64.test(auth.trim())) return undefined;
  const decoded = Buffer.from(auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  // Docker has padded passwords with NUL and still reads them so.
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replace(/\0+$/, '') };
}
