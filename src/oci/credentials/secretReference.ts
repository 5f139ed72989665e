import { join } from 'node:path';
import { OciError } from '../errors.ts';
import { readSmallFile } from './credentialFile.ts';
import type { Credential, CredentialOptions, CredentialSource } from './credentials.ts';
import { type Environment, TOKEN_USERNAME } from './environment.ts';
import { fileCredentials } from './fileCredentials.ts';

/** Which secret is meant, never the secret: `credentials_ref` of a manifest.yaml. */
export interface SecretReference {
  readonly source: string;
  readonly name: string;
  /** The one value meant in a secret that has several. */
  readonly key?: string | null | undefined;
}

/** Somebody who can look secrets up where we cannot: in a vault, or in what an editor keeps. */
export interface SecretsBackend {
  /**
   * One value of a secret: with `key` the one of that name, without it the secret itself. Undefined when it is not there;
   * then the credential may come from elsewhere. May throw, which fails what needs the credential.
   */
  read(reference: SecretReference, options?: CredentialOptions): Promise<string | undefined>;
}

/** How the secret behind a reference is read. */
export interface SecretOptions {
  /** Who is asked for the secrets of a source, also of one that can be read here; default: nobody. */
  readonly backends?: Readonly<Record<string, SecretsBackend>>;
  /** What the secret has to make: user name with password, or a token. */
  readonly type: 'basic' | 'token';
  readonly environment: Environment;
}

/** Secrets of the cluster are mounted here, each as a folder of its name, unless FLOE_OCI_SECRETS_DIR says where. */
const MOUNTED_AT = '/var/run/secrets/floe';

/** The folder that holds a folder for each mounted secret. */
export function mountedSecrets(environment: Environment): string {
  return environment['FLOE_OCI_SECRETS_DIR'] || MOUNTED_AT;
}

/** The reference as people write it: `env/orders-robot/password`. */
export function formatSecretReference({ source, name, key }: SecretReference): string {
  return [source, name, key].filter(Boolean).join('/');
}

/**
 * The credential that a secret reference leads to; none where the secret is not there, or its source is not one that can
 * be read here.
 *
 * * `env`: `FLOE_SECRET_<NAME>[_<KEY>]`, upper case with `_` for `-`
 * * `kubernetes`: the files of the mounted secret `<FLOE_OCI_SECRETS_DIR>/<name>`, or its `.dockerconfigjson`
 *
 * * any other: whoever is registered for it in `backends`
 *
 * `basic` takes the keys `username` and `password`, or one value `username:password`; `token` takes the key `token`, or
 * the one value.
 *
 * @throws (when asked) OciError MISSING_CREDENTIAL naming the reference when only half of it is there; FILE_NOT_READABLE
 */
export function secretCredentials(reference: SecretReference, options: SecretOptions): CredentialSource {
  const { environment, type, backends } = options;
  const backend = ownBackend(backends, reference.source);
  if (backend !== undefined) {
    const { source, name } = reference;
    return fromValues(reference, type, (key, asked) => backend.read({ source, name, key }, asked));
  }
  if (reference.source === 'env') return fromValues(reference, type, environmentSecret(reference, environment));
  if (reference.source !== 'kubernetes') return { credentialFor: async () => undefined };
  const folder = join(mountedSecrets(environment), reference.name);
  const values = fromValues(reference, type, mountedSecret(folder));
  const file = fileCredentials(join(folder, '.dockerconfigjson'), { environment });
  return {
    credentialFor: async (registry, asked) =>
      (await values.credentialFor(registry, asked)) ?? (await file.credentialFor(registry, asked)),
  };
}

/** Whether there is a way to look secrets of this source up here; a name of `vault` alone opens no vault. */
export function isSourceReadable(source: string, backends?: SecretOptions['backends']): boolean {
  return source === 'env' || source === 'kubernetes' || ownBackend(backends, source) !== undefined;
}

function ownBackend(backends: SecretOptions['backends'] = {}, source: string): SecretsBackend | undefined {
  return Object.hasOwn(backends, source) ? backends[source] : undefined;
}

/** The variables that hold a secret of source `env`, as in a message: `FLOE_SECRET_X_USERNAME and …`. */
export function variablesOf({ name, key }: SecretReference, type: SecretOptions['type']): string {
  const variable = (part?: string | null): string => variableOf(name, part || undefined);
  if (type === 'token') return variable(key);
  return `${variable('username')} and ${variable(key ?? 'password')}`;
}

/** Reads one value of a secret by its key; without a key, the secret itself. */
type ReadValue = (key: string | undefined, options?: CredentialOptions) => Promise<string | undefined>;

function environmentSecret({ name }: SecretReference, environment: Environment): ReadValue {
  return async (key) => environment[variableOf(name, key)] || undefined;
}

function variableOf(name: string, key: string | undefined): string {
  return ['FLOE_SECRET', name, ...(key ? [key] : [])].join('_').toUpperCase().replaceAll('-', '_');
}

/** Line breaks at the end are those of whoever made the secret with an editor, and part of no credential. */
function mountedSecret(folder: string): ReadValue {
  return async (key) => {
    // A key is the name of one file, never a way to another folder.
    if (key === undefined || !/^[-._a-zA-Z0-9]+$/.test(key) || /^\.\.?$/.test(key)) return undefined;
    return (await readSmallFile(join(folder, key)))?.replace(/[\r\n]+$/, '') || undefined;
  };
}

function fromValues(reference: SecretReference, type: 'basic' | 'token', read: ReadValue): CredentialSource {
  const source = formatSecretReference(reference);
  const own = reference.key || undefined;
  const token = async (_registry: string, options?: CredentialOptions): Promise<Credential | undefined> => {
    const value = (await read(own, options)) ?? (await read('token', options));
    return value === undefined ? undefined : { kind: 'basic', username: TOKEN_USERNAME, password: value, source };
  };
  const basic = async (_registry: string, options?: CredentialOptions): Promise<Credential | undefined> => {
    const [username, password] = [await read('username', options), await read(own ?? 'password', options)];
    if (username !== undefined && password !== undefined) return { kind: 'basic', username, password, source };
    const whole = await read(own, options);
    const colon = whole?.indexOf(':') ?? -1;
    if (whole !== undefined && colon > 0) {
      return { kind: 'basic', username: whole.slice(0, colon), password: whole.slice(colon + 1), source };
    }
    if (username === undefined && password === undefined && whole === undefined) return undefined;
    const reason = username === undefined ? 'its user name is missing' : 'its password is missing';
    throw new OciError('MISSING_CREDENTIAL', `${source}: ${reason}`, { reference: source, reason });
  };
  return { credentialFor: type === 'token' ? token : basic };
}
