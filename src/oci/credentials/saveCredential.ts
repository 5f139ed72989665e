import { readCredentialFile } from './credentialFile.ts';
import { runCredentialHelper } from './credentialHelper.ts';
import { editConfig } from './editConfig.ts';
import type { Environment } from './environment.ts';
import { helperFor } from './fileCredentials.ts';
import { addressesOf, IDENTITY_TOKEN_USERNAME } from './helperCredentials.ts';
import { dockerKey, matchingKeys } from './registryKey.ts';

/** Where a credential is kept, or taken away. */
export interface SaveOptions {
  /** Docker's `config.json`, which need not be there yet. */
  readonly file: string;
  /** Helpers are looked for on its PATH, and run in it. */
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}

/** What is kept of a sign-in: an identity token takes the place of the password. */
export type KeptLogin = { readonly username: string } & (
  | { readonly password: string }
  | { readonly identityToken: string }
);

/** Where a credential was put. */
export interface SavedIn {
  /** The file, or `docker-credential-NAME`. */
  readonly place: string;
  /** False: whoever can read the file has the password. */
  readonly isEncrypted: boolean;
}

/**
 * Keeps a credential where Docker would: in the helper or store that its file names, else in the file itself.
 * Whatever else is in the file stays.
 * @throws OciError MISSING_CREDENTIAL when the helper fails; INVALID_DOCUMENT, FILE_NOT_READABLE, FILE_NOT_WRITABLE
 */
export async function saveCredential(login: KeptLogin, registry: string, options: SaveOptions): Promise<SavedIn> {
  const { file } = options;
  const key = dockerKey(registry);
  const helper = await namedHelper(registry, file);
  if (helper !== undefined) {
    const input = JSON.stringify({ ServerURL: key, ...secretOf(login) });
    await runCredentialHelper(helper, 'store', input, { ...options, registry });
  }
  // An empty entry says that the store has it.
  const entry = helper === undefined ? entryOf(login) : {};
  await editConfig(file, (config) => ({ ...config, auths: { ...objectIn(config['auths']), [key]: entry } }));
  return helper === undefined
    ? { place: file, isEncrypted: false }
    : { place: `docker-credential-${helper}`, isEncrypted: true };
}

/** As helpers take it. https://github.com/docker/docker-credential-helpers#development */
function secretOf(login: KeptLogin): { readonly Username: string; readonly Secret: string } {
  if ('password' in login) return { Username: login.username, Secret: login.password };
  return { Username: IDENTITY_TOKEN_USERNAME, Secret: login.identityToken };
}

/** As Docker writes it in its file. */
function entryOf(login: KeptLogin): Readonly<Record<string, string>> {
  const { username } = login;
  const auth = (password: string): string => Buffer.from(`${username}:${password}`).toString('base64');
  return 'password' in login ? { auth: auth(login.password) } : { auth: auth(''), identitytoken: login.identityToken };
}

/**
 * Forgets what {@link saveCredential}, or Docker, has kept for a registry.
 * @returns whether there was anything
 * @throws as {@link saveCredential}
 */
export async function eraseCredential(registry: string, options: SaveOptions): Promise<boolean> {
  const { file } = options;
  const config = await readCredentialFile(file);
  if (config === undefined) return false;
  const helper = await namedHelper(registry, file);
  const keys = matchingKeys(Object.keys(config.auths), registry, undefined);
  const erased = helper !== undefined && (await eraseFromHelper(helper, registry, options));
  if (keys.length > 0) {
    await editConfig(file, (current) => {
      const auths = Object.entries(objectIn(current['auths'])).filter(([key]) => !keys.includes(key));
      return { ...current, auths: Object.fromEntries(auths) };
    });
  }
  return erased || keys.length > 0;
}

/** Programs differ in whether erasing what is not there is an error, so each address is asked for first. */
async function eraseFromHelper(helper: string, registry: string, options: SaveOptions): Promise<boolean> {
  let isErased = false;
  for (const address of addressesOf(registry)) {
    const found = await runCredentialHelper(helper, 'get', address, { ...options, registry });
    if (found === undefined || !/"Secret"\s*:\s*"[^"]/.test(found)) continue;
    await runCredentialHelper(helper, 'erase', address, { ...options, registry });
    isErased = true;
  }
  return isErased;
}

async function namedHelper(registry: string, path: string): Promise<string | undefined> {
  const file = await readCredentialFile(path);
  return file === undefined ? undefined : helperFor(file, registry, path)?.name;
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
