import type { CallOptions } from '../content/store.ts';
import { isOciError, OciError } from '../errors.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import type { HttpRequest } from '../transport/transport.ts';
import type { RegistryClient } from './client.ts';
import type { RepositoryUrls } from './urls.ts';

/** The specification asks for 202; registries also say that they are done already. */
const DELETED: readonly number[] = [200, 202, 204];

/**
 * Whether a registry keeps a manifest for as long as a tag names it, as Google's did.
 * https://github.com/fluxcd/pkg/issues/328 (GOOGLE_MANIFEST_DANGLING_TAG)
 */
export function wantsTagsGone(error: unknown): boolean {
  const known = isOciError(error, 'UNSUPPORTED') ? error.cause : error;
  if (!isOciError(known, 'REGISTRY_ERROR')) return false;
  return known.details.errors.some(({ code }) => code === 'GOOGLE_MANIFEST_DANGLING_TAG');
}

/**
 * Takes tags and manifests out of one repository.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#content-management
 */
export class Deletion {
  readonly #client: RegistryClient;
  readonly #urls: RepositoryUrls;
  readonly #repository: string;

  /** `repository` is `host/name`, for messages. */
  constructor(client: RegistryClient, urls: RepositoryUrls, repository: string) {
    this.#client = client;
    this.#urls = urls;
    this.#repository = repository;
  }

  /**
   * By its name, and never by the digest behind it, which would take its other tags along.
   * @throws OciError NOT_FOUND, UNSUPPORTED: distribution 2 answers 400 to any tag
   */
  async tag(tag: Tag, options: CallOptions): Promise<void> {
    const what = `removing the tag ${tag} from ${this.#repository} without its manifest`;
    const instead = 'Removing the manifest takes all its tags along, where the registry does that';
    await this.#delete(tag, { kind: 'tag', what: `${this.#repository}:${tag}` }, { what, instead }, options);
  }

  /** @throws OciError NOT_FOUND, UNSUPPORTED */
  async manifest(digest: Digest, options: CallOptions): Promise<void> {
    const what = `removing the manifest ${digest} from ${this.#repository}`;
    await this.#delete(digest, { kind: 'manifest', what: `${this.#repository}@${digest}` }, { what }, options);
  }

  async #delete(
    reference: Tag | Digest,
    notFound: OciError<'NOT_FOUND'>['details'],
    unsupported: OciError<'UNSUPPORTED'>['details'],
    options: CallOptions,
  ): Promise<void> {
    const request: HttpRequest = { method: 'DELETE', url: this.#urls.manifest(reference) };
    const subject = { repository: this.#repository, notFound };
    try {
      await this.#client.exchange(request, { statuses: DELETED, subject }, options);
    } catch (error) {
      throw this.#reasonFor(error, unsupported);
    }
  }

  #reasonFor(error: unknown, { what, ...rest }: OciError<'UNSUPPORTED'>['details']): unknown {
    const isRefused = isOciError(error, 'REGISTRY_ERROR') && error.details.status === 400;
    // zot says so where others answer 404.
    if (isRefused && error.details.errors.some(({ code }) => code === 'NAME_UNKNOWN')) {
      const details = { kind: 'repository', what: this.#repository } as const;
      return new OciError('NOT_FOUND', error.message, details, { cause: error });
    }
    if (!isRefused && !isOciError(error, 'UNSUPPORTED')) return error;
    const details = { what: `${what}; ${error.message}`, ...rest };
    return new OciError('UNSUPPORTED', `${what} is not supported`, details, { cause: error });
  }
}
