import { isOciError } from '../errors.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';
import { credentialOfEntry } from './authEntry.ts';
import { type CredentialFile, invalidFile, parseCredentialFile, readCredentialFile } from './credentialFile.ts';
import type { Credential, CredentialOptions, CredentialSource } from './credentials.ts';
import type { Environment } from './environment.ts';
import { HelperCredentials } from './helperCredentials.ts';
import { matchingKeys } from './registryKey.ts';

/** What the credentials of Docker's `config.json` need besides the file. */
export interface FileCredentialsOptions {
  /** Helpers are looked for on its PATH, and run in it. */
  readonly environment: Environment;
  readonly logger?: Logger;
}

/**
 * The credentials that a `config.json` of Docker or an `auth.json` of Podman leads to: those of the registry's helper
 * (`credHelpers`), of the credential store (`credsStore`), and in the file itself (`auths`), in this order. Read anew
 * each time; without the file there are none.
 *
 * The credential store serves every registry, so its failure matters only where the file says that it has the
 * credential; elsewhere it is written to the log, and the credential is none.
 *
 * @throws (when asked) OciError INVALID_DOCUMENT, FILE_NOT_READABLE, LIMIT_EXCEEDED; MISSING_CREDENTIAL when a helper fails
 */
export function fileCredentials(path: string, options: FileCredentialsOptions): CredentialSource {
  const { environment, logger = silentLogger } = options;
  const helpers = new HelperCredentials(environment);

  const stored = async (
    file: CredentialFile,
    registry: string,
    asked: CredentialOptions,
  ): Promise<Credential | undefined> => {
    const helper = helperFor(file, registry, path);
    if (helper === undefined) return undefined;
    try {
      return await helpers.find(helper.name, registry, asked);
    } catch (error) {
      if (helper.isExpected || !isOciError(error, 'MISSING_CREDENTIAL')) throw error;
      logger.warn('credential_helper_failed', { ...error.details, registry });
      return undefined;
    }
  };

  return {
    async credentialFor(registry, asked = {}) {
      const file = await readCredentialFile(path);
      if (file === undefined) return undefined;
      return (await stored(file, registry, asked)) ?? entryFor(file, path, registry, asked);
    },
  };
}

const VARIABLE = 'DOCKER_AUTH_CONFIG';

/**
 * The `auths` in the variable DOCKER_AUTH_CONFIG, which Docker and the runners of pipelines take for a configuration file
 * of entries alone.
 * @throws (when asked) OciError INVALID_DOCUMENT
 */
export function variableCredentials(environment: Environment): CredentialSource {
  const text = environment[VARIABLE];
  return {
    credentialFor: async (registry, asked = {}) =>
      text ? entryFor(parseCredentialFile(text, VARIABLE), VARIABLE, registry, asked) : undefined,
  };
}

function entryFor(
  { auths }: CredentialFile,
  path: string,
  registry: string,
  { repository }: CredentialOptions,
): Credential | undefined {
  for (const key of matchingKeys(Object.keys(auths), registry, repository)) {
    const credential = credentialOfEntry(auths[key], { file: path, key });
    if (credential !== undefined) return credential;
  }
  return undefined;
}

/** The helper or store that a file names for a registry. */
export interface NamedHelper {
  readonly name: string;
  /** The file says that this helper has a credential for this registry. */
  readonly isExpected: boolean;
}

/** @throws OciError INVALID_DOCUMENT when what stands for the registry is not a name */
export function helperFor(file: CredentialFile, registry: string, path: string): NamedHelper | undefined {
  const [key] = matchingKeys(Object.keys(file.credHelpers), registry, undefined);
  if (key !== undefined) {
    const name = file.credHelpers[key];
    if (typeof name !== 'string') throw invalidFile(path, [{ path: `credHelpers.${key}`, message: 'must be a name' }]);
    // An empty name takes one registry out of the store.
    return name === '' ? undefined : { name, isExpected: true };
  }
  const isExpected = matchingKeys(Object.keys(file.auths), registry, undefined).length > 0;
  return file.credsStore === undefined ? undefined : { name: file.credsStore, isExpected };
}
