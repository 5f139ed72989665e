import type { CallOptions } from '../content/store.ts';
import { OciError } from '../errors.ts';
import type { Digest } from '../spec/digest.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import { DistributionProvider, isWithin, type ProviderParts } from './distribution.ts';
import { present, tagEntry } from './entries.ts';
import type { Creation, RepositoriesOptions, RepositoryEntry, RepositoryRules, TagEntry } from './provider.ts';

/** One page of what Amazon lists. */
interface EcrPage<T> {
  readonly items: readonly T[];
  /** Undefined at the end. */
  readonly nextToken: string | undefined;
}

interface EcrImage {
  readonly digest?: string | undefined;
  readonly tags: readonly string[];
  readonly size?: number | undefined;
  readonly pushedAt?: Date | undefined;
  readonly artifactType?: string | undefined;
}

interface EcrRepository {
  readonly name: string;
  readonly createdAt?: Date | undefined;
  /** `MUTABLE`, `IMMUTABLE`, and either `_WITH_EXCLUSION`. */
  readonly mutability?: string | undefined;
}

/**
 * What is asked of Amazon's API, whose requests are signed by its SDK with an identity that we never see. All of it fails
 * with NOT_FOUND for what is not there, DENIED for what is not allowed, and MISSING_CREDENTIAL without an identity.
 */
export interface EcrApi {
  repositories(nextToken: string | undefined, call: CallOptions): Promise<EcrPage<EcrRepository>>;
  repository(name: string, call: CallOptions): Promise<EcrRepository>;
  images(repository: string, nextToken: string | undefined, call: CallOptions): Promise<EcrPage<EcrImage>>;
  create(repository: string, call: CallOptions): Promise<'created' | 'existed'>;
  /** The tags of the image that this tag names. */
  tagsBeside(repository: string, tag: string, call: CallOptions): Promise<readonly string[]>;
  /** Removes a tag, and with the last one its image; or an image with all its tags. */
  remove(
    repository: string,
    version: { readonly tag: string } | { readonly digest: string },
    call: CallOptions,
  ): Promise<void>;
}

/** Where an ECR registry is. */
export interface EcrPlace {
  readonly account: string;
  readonly region: string;
}

/**
 * Amazon ECR and ECR Public, by their API. Without an identity in AWS, but with a registry password, the catalog and the
 * spec's tags remain. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html
 */
export class EcrProvider extends DistributionProvider {
  override readonly name: 'ecr' | 'ecr-public';
  override readonly describesTags = true;
  override readonly remarks: readonly string[] = [
    'A repository has to be created before the first push, unless a creation template does it.',
    'A tag is removed by its own API; the last one goes with its manifest alone.',
    'Chunked uploads lose all but the first part: blobs are sent whole.',
  ];
  readonly #api: EcrApi;
  readonly #place: EcrPlace | undefined;

  /** @param place undefined for the public registry */
  constructor(parts: ProviderParts, api: EcrApi, place: EcrPlace | undefined) {
    super(parts);
    this.name = place === undefined ? 'ecr-public' : 'ecr';
    this.#api = api;
    this.#place = place;
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    for await (const page of paged((token) => this.#api.repositories(token, call))) {
      const names = page.map(({ name }) => name).filter(isRepositoryName);
      yield names.filter((name) => within === undefined || isWithin(name, within)).map((name) => ({ name }));
    }
  }

  override async *tags(repository: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    for await (const page of paged((token) => this.#api.images(this.#nameOf(repository), token, options))) {
      yield page.flatMap(({ tags, ...image }) => present(tags.map((name) => tagEntry({ name, ...image }))));
    }
  }

  override createRepository(repository: RepositoryName, options: CallOptions = {}): Promise<Creation> {
    return this.#api.create(this.#nameOf(repository), options);
  }

  /**
   * Amazon removes an image with its last tag, which is not what was asked for.
   * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
   */
  override async deleteTag(repository: RepositoryName, tag: Tag, options: CallOptions = {}): Promise<void> {
    const name = this.#nameOf(repository);
    if ((await this.#api.tagsBeside(name, tag, options)).length < 2) {
      const what = `removing ${tag}, the only tag of its manifest, from ${this.host}/${repository} and leaving the manifest`;
      const instead = 'Remove the manifest, which takes the tag along, or give it another tag before';
      throw new OciError('UNSUPPORTED', `${what} is not supported`, { what, instead });
    }
    await this.#api.remove(name, { tag }, options);
  }

  async deleteManifest(repository: RepositoryName, digest: Digest, options: CallOptions = {}): Promise<void> {
    await this.#api.remove(this.#nameOf(repository), { digest }, options);
  }

  override async rules(repository: RepositoryName, options: CallOptions = {}): Promise<RepositoryRules> {
    const { mutability } = await this.#api.repository(this.#nameOf(repository), options);
    if (mutability === undefined) return { remarks: [] };
    const immutability = mutability === 'MUTABLE' ? 'none' : mutability === 'IMMUTABLE' ? 'all' : 'some';
    const kept = 'An immutable tag is refused even to the manifest that it names already';
    return { immutability, remarks: immutability === 'none' ? [] : [kept] };
  }

  override async webUrl({ repository, digest }: RegistryReference): Promise<URL | undefined> {
    if (this.#place === undefined) return new URL(`https://gallery.ecr.aws/${repository}`);
    const { account, region } = this.#place;
    // A domain of the user's own tells nothing of whose it is.
    if (account === '') return undefined;
    const image = digest === undefined ? '' : `/_/image/${digest}/details`;
    const host = region.startsWith('cn-') ? 'console.amazonaws.cn' : `${region}.console.aws.amazon.com`;
    return new URL(`https://${host}/ecr/repositories/private/${account}/${repository}${image}?region=${region}`);
  }

  /** In the public registry the alias of whoever owns it comes first, which its API leaves out. */
  #nameOf(repository: RepositoryName): string {
    if (this.#place !== undefined) return repository;
    const slash = repository.indexOf('/');
    if (slash > 0) return repository.slice(slash + 1);
    const what = `${this.host}/${repository}, which has no alias`;
    throw new OciError('NOT_FOUND', `there is no ${what}`, { kind: 'repository', what });
  }
}

/** More pages than there can be: ten thousand repositories, or images, fit in ten. */
const MAX_PAGES = 1000;

async function* paged<T>(fetch: (token: string | undefined) => Promise<EcrPage<T>>): AsyncGenerator<readonly T[]> {
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { items, nextToken } = await fetch(token);
    yield items;
    if (nextToken === undefined) return;
    token = nextToken;
  }
  throw new OciError('LIMIT_EXCEEDED', 'the pages do not end', { what: 'pages of Amazon ECR', limit: MAX_PAGES });
}
