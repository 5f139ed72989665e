import { join } from 'node:path';
import { type CredentialSource, chain } from './credentials.ts';
import type { Environment } from './environment.ts';
import { type FileCredentialsOptions, fileCredentials, variableCredentials } from './fileCredentials.ts';

/** Docker's `config.json`: in `DOCKER_CONFIG`, else in `~/.docker`; undefined where there is no home. */
export function dockerConfigFile(environment: Environment): string | undefined {
  const folder = environment['DOCKER_CONFIG'] || inHome(environment, '.docker');
  return folder === undefined ? undefined : join(folder, 'config.json');
}

/**
 * Podman's `auth.json`, and Skopeo's and Buildah's: `REGISTRY_AUTH_FILE` alone, else below `XDG_RUNTIME_DIR`, then in
 * the home. https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export function podmanAuthFiles(environment: Environment): readonly string[] {
  const only = environment['REGISTRY_AUTH_FILE'];
  if (only) return [only];
  const runtime = environment['XDG_RUNTIME_DIR'];
  const config = environment['XDG_CONFIG_HOME'] || inHome(environment, '.config');
  return [runtime, config].flatMap((folder) => (folder ? [join(folder, 'containers', 'auth.json')] : []));
}

/** What people have signed in to with Docker: DOCKER_AUTH_CONFIG, then its file. */
export function dockerCredentials(options: FileCredentialsOptions): CredentialSource {
  const file = dockerConfigFile(options.environment);
  const inFile = file === undefined ? [] : [fileCredentials(file, options)];
  return chain(variableCredentials(options.environment), ...inFile);
}

/** What people have signed in to with Podman, Skopeo and Buildah. */
export function podmanCredentials(options: FileCredentialsOptions): CredentialSource {
  return chain(...podmanAuthFiles(options.environment).map((path) => fileCredentials(path, options)));
}

/** What people have signed in to with other clients: Docker's before Podman's. */
export function signedInCredentials(options: FileCredentialsOptions): CredentialSource {
  return chain(dockerCredentials(options), podmanCredentials(options));
}

function inHome(environment: Environment, name: string): string | undefined {
  const home = environment[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'];
  return home ? join(home, name) : undefined;
}
