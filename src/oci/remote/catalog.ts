import type { CallOptions } from '../content/store.ts';
import { isOciError, OciError } from '../errors.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import type { RegistryClient } from './client.ts';
import { listNames } from './names.ts';
import { catalogUrl } from './urls.ts';

/**
 * The repositories of a registry, by the catalog that most registries have but the spec no longer describes.
 * @throws OciError UNSUPPORTED where there is none
 */
export async function* listRepositories(client: RegistryClient, options: CallOptions): AsyncGenerator<RepositoryName> {
  const endpoint = (pageSize?: number) => catalogUrl(client.base, pageSize);
  try {
    yield* listNames(client, { member: 'repositories', endpoint, subject: {}, isName: isRepositoryName }, options);
  } catch (error) {
    if (!isOciError(error, 'REGISTRY_ERROR') || error.details.status !== 404) throw error;
    const what = `listing the repositories of ${client.registry}`;
    throw new OciError('UNSUPPORTED', `${client.registry} has no catalog`, { what }, { cause: error });
  }
}
