import { type CallOptions, type Digest, isOciError, type ManifestDescriptor, type Tag } from '../oci/index.ts';
import type { RepositoryReader } from './places.ts';

/**
 * The repository, and what its cache knows of where a reference led while the repository itself cannot be asked. Where that
 * is nothing, the reason why it cannot be asked is the answer.
 */
export function withFallback(repository: RepositoryReader, cached: RepositoryReader): RepositoryReader {
  const resolve = async (reference: Tag | Digest, options: CallOptions = {}): Promise<ManifestDescriptor> => {
    try {
      return await repository.resolve(reference, options);
    } catch (error) {
      if (!isOciError(error, 'REGISTRY_UNAVAILABLE') && !isOciError(error, 'CIRCUIT_OPEN')) throw error;
      return await cached.resolve(reference, options).catch((missing: unknown) => {
        throw isOciError(missing, 'NOT_FOUND') ? error : missing;
      });
    }
  };
  return {
    name: repository.name,
    resolve,
    read: (descriptor, options) => repository.read(descriptor, options),
    exists: (descriptor, options) => repository.exists(descriptor, options),
    tags: (options) => repository.tags(options),
    mayReread: async (attempt, options) => (await repository.mayReread?.(attempt, options)) ?? false,
  };
}
