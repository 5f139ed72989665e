import type { CallOptions } from '../content/store.ts';
import type { Digest } from '../spec/digest.ts';
import type { RegistryReference } from '../spec/reference.ts';
import type { RepositoryName } from '../spec/repositoryName.ts';
import type { Tag } from '../spec/tag.ts';
import type { ProviderName } from './providerName.ts';

/**
 * What a registry has beyond the distribution spec. A provider is handed a transport that signs in by itself, and never
 * sees a credential. Where the registry's own API cannot be used, the spec's way is taken.
 */
export interface RegistryProvider {
  readonly name: ProviderName;
  /** What people should know about this kind of registry, a sentence each. */
  readonly remarks: readonly string[];
  /** Whether {@link tags} needs fewer requests than asking for each tag. */
  readonly describesTags: boolean;
  /**
   * Page by page, as the registry orders them.
   * @throws OciError UNSUPPORTED where it lists none, or not without `within`; UNAUTHORIZED and DENIED where it does not list
   *   them to this user, which says nothing about reading a repository that is known
   */
  repositories(options?: RepositoriesOptions): AsyncIterable<readonly RepositoryEntry[]>;
  /** Page by page, the newest first where the registry can. @throws OciError NOT_FOUND for a repository it does not know */
  tags(repository: RepositoryName, options?: CallOptions): AsyncIterable<readonly TagEntry[]>;
  /**
   * Where a tag led and leads, page by page, the last first; absent where the registry keeps no such thing. Nothing where it
   * does not tell this user.
   */
  tagHistory?(repository: RepositoryName, tag: Tag, options?: CallOptions): AsyncIterable<readonly TagPeriod[]>;
  /**
   * Makes a repository, or what a push to it needs: a project of Harbor, nothing where a push makes it.
   * @throws OciError UNSUPPORTED, UNAUTHORIZED, DENIED
   */
  createRepository(repository: RepositoryName, options?: CallOptions): Promise<Creation>;
  /** Takes a tag away and leaves its manifest. @throws OciError NOT_FOUND, UNSUPPORTED with what can be done instead, DENIED */
  deleteTag(repository: RepositoryName, tag: Tag, options?: CallOptions): Promise<void>;
  /** Removes a manifest with all its tags; absent where the spec's way is the registry's. @throws OciError NOT_FOUND, DENIED */
  deleteManifest?(repository: RepositoryName, digest: Digest, options?: CallOptions): Promise<void>;
  /** What restrains a repository, as far as the registry tells it. */
  rules(repository: RepositoryName, options?: CallOptions): Promise<RepositoryRules>;
  /** The registry's own page about a repository, a tag or a manifest; undefined where it has none, or none that can be known. */
  webUrl(reference: RegistryReference, options?: CallOptions): Promise<URL | undefined>;
}

/**
 * `created`: it was not there. `existed`: it was. `byPush`: nothing to do, a push makes it.
 */
export type Creation = 'created' | 'existed' | 'byPush';

/** Which repositories are listed. */
export interface RepositoriesOptions extends CallOptions {
  /** Only those below a project, namespace or owner; some registries list nothing else. */
  readonly within?: string;
}

/** A repository in the list of its registry. */
export interface RepositoryEntry {
  readonly name: RepositoryName;
  /** RFC 3339. */
  readonly updatedAt?: string;
}

/** A tag as the registry describes it; what it does not say is left out. */
export interface TagEntry {
  readonly name: Tag;
  readonly digest?: Digest;
  /** Bytes, as the registry counts them. */
  readonly size?: number;
  /** When the manifest came, RFC 3339. */
  readonly pushedAt?: string;
  /** What the artifact says of itself in `org.opencontainers.image.created`. */
  readonly createdAt?: string;
  readonly artifactType?: string;
  /** The registry does not let it be moved. */
  readonly isImmutable?: boolean;
}

/** What a tag led to for a time, as its registry has kept it. */
export interface TagPeriod {
  readonly digest: Digest;
  /** RFC 3339. */
  readonly from: string;
  /** RFC 3339; absent while the tag leads there. */
  readonly until?: string;
}

/** What a registry says about how a repository may be used. */
export interface RepositoryRules {
  /** Which tags are kept from being moved; undefined when that is not known. */
  readonly immutability?: 'none' | 'some' | 'all';
  /** Bytes. */
  readonly quota?: { readonly limit: number; readonly used: number };
  /** Each a sentence without its full stop. */
  readonly remarks: readonly string[];
}
