import {
  type CallOptions,
  type Digest,
  formatReference,
  type Reference,
  type RepositoryName,
  type Tag,
  type TagLister,
  type Target,
} from '../oci/index.ts';
import type { Account } from './credentials/credentialUses.ts';

/** The content of one repository. */
export type RepositoryStore = Target & TagLister;

export interface OpenOptions extends CallOptions {
  /** Make the repository if it is not there; default false. Registries make it by themselves on a push. */
  readonly create?: boolean;
}

/** Where repositories are: a connected registry, or the Local store. Everything the views do, they do in a place. */
export interface Place {
  readonly kind: 'registry' | 'local';
  /** First part of the node ids: the registry's `host[:port]`, or `local`. */
  readonly id: string;
  readonly label: string;
  /** Repositories to show although the place may not list them. */
  readonly pinned: readonly RepositoryName[];
  /**
   * @throws OciError UNAUTHORIZED, DENIED, NOT_FOUND or UNSUPPORTED where a registry keeps its catalog closed
   */
  repositories(options?: CallOptions): AsyncIterable<RepositoryName>;
  /** Whether the place lets us in. @throws OciError UNAUTHORIZED, REGISTRY_UNAVAILABLE, TLS_FAILED */
  ping(options?: CallOptions): Promise<void>;
  /**
   * The credential that requests are made with; undefined when they are anonymous.
   * @throws OciError when a source of credentials cannot be read
   */
  account(options?: CallOptions): Promise<Account | undefined>;
  /** A credential that was refused, so that what is public is read without; undefined when all is well. */
  readonly refused: Account | undefined;
  open(repository: RepositoryName, options?: OpenOptions): Promise<RepositoryStore>;
  /** The repository as a reference without tag and digest. */
  reference(repository: RepositoryName): Reference;
}

/** Content in a place. With both tag and digest, the digest decides. */
export interface Address {
  readonly place: Place;
  readonly repository: RepositoryName;
  readonly tag?: Tag;
  readonly digest?: Digest;
}

/** The address as users type it, on the command line too. */
export function referenceOf({ place, repository, tag, digest }: Address): string {
  return formatReference({
    ...place.reference(repository),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  });
}

/** The address for people: without scheme, and without the folder of the Local store. */
export function nameOf({ place, repository, tag, digest }: Address): string {
  const suffix = tag ? `:${tag}` : digest ? `@${digest}` : '';
  return place.kind === 'local' ? `${repository}${suffix} in the Local store` : `${place.id}/${repository}${suffix}`;
}
