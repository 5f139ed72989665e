import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CredentialSource, chain } from './credentials.ts';
import { type FileCredentialsOptions, fileCredentials } from './fileCredentials.ts';
import { mountedSecrets } from './secretReference.ts';

/**
 * The image pull secrets of a pod, where they are mounted: `.dockerconfigjson` in the folder of each secret, in the order
 * of their names. None where nothing is mounted.
 * https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 * @throws (when asked) OciError as {@link fileCredentials}
 */
export function mountedCredentials(options: FileCredentialsOptions): CredentialSource {
  const folder = mountedSecrets(options.environment);
  return {
    async credentialFor(registry, asked) {
      const secrets = await readdir(folder).catch(() => []);
      const files = secrets.sort().map((secret) => join(folder, secret, '.dockerconfigjson'));
      return await chain(...files.map((file) => fileCredentials(file, options))).credentialFor(registry, asked);
    },
  };
}
