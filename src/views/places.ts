import { l10n } from 'vscode';
import {
  type CallOptions,
  type Digest,
  formatReference,
  type ReadableStore,
  type Reference,
  type Repository,
  type RepositoryName,
  type Tag,
  type TagLister,
} from '../oci/index.ts';
import type { Account } from './credentials/credentialUses.ts';
import type { Hosting } from './hosting.ts';
import type { HostState } from './hostStates.ts';

/** The content of one repository, and all that can be done with it. */
export type RepositoryStore = Repository;

/** How a repository is opened. */
export interface OpenOptions extends CallOptions {
  /** Make the repository if it is not there; default false. Registries make it by themselves on a push. */
  readonly create?: boolean;
}

/** Which repositories are listed. */
export interface ListingOptions extends CallOptions {
  /** Those of one project, namespace or owner; default: all. Layouts have none. */
  readonly within?: string;
}

/** As much of the content of one repository as it takes to read it. */
export type RepositoryReader = ReadableStore & TagLister;

/** How a repository is read. */
export interface ReaderOptions extends CallOptions {
  /** Ask the registry where tags lead now, whatever the cache knows; default false. */
  readonly refresh?: boolean;
  /** Told how old the answer is when it comes from the cache, in milliseconds. */
  readonly onCached?: (age: number) => void;
}

/** Where repositories are: a connected registry, the Local store, or an image layout that the user named. Everything the views do, they do in a place. */
export interface Place {
  readonly kind: 'registry' | 'local' | 'layout';
  /** First part of the node ids: the registry's `host[:port]`, `local`, or `layout:FOLDER`. */
  readonly id: string;
  /** Of any other image layout than the Local store: its folder, as in a URI. */
  readonly folder?: string;
  readonly label: string;
  /** Repositories to show although the place may not list them. */
  readonly pinned: readonly RepositoryName[];
  /** Projects, namespaces or owners whose repositories are to be shown where the place does not list all. */
  readonly projects?: readonly string[];
  /**
   * @throws OciError UNAUTHORIZED, DENIED, NOT_FOUND or UNSUPPORTED where a registry keeps its catalog closed
   */
  repositories(options?: ListingOptions): AsyncIterable<RepositoryName>;
  /** Whether the place lets us in. @throws OciError UNAUTHORIZED, REGISTRY_UNAVAILABLE, TLS_FAILED */
  ping(options?: CallOptions): Promise<void>;
  /**
   * The credential that requests are made with; undefined when they are anonymous.
   * @throws OciError when a source of credentials cannot be read
   */
  account(options?: CallOptions): Promise<Account | undefined>;
  /** A credential that was refused, so that what is public is read without; undefined when all is well. */
  readonly refused: Account | undefined;
  /** Any certificate is accepted, as the settings or a manifest.yaml say; default false. */
  readonly isUnverified?: boolean;
  /** Why it cannot be asked now; undefined when it can. */
  readonly state?: HostState | undefined;
  /** What it is and has besides content; absent where it is no registry. */
  readonly hosting?: Hosting | undefined;
  /** The file that names it, where that is why it is here. */
  readonly namedBy?: string | undefined;
  /** For those who only read: through the cache, and from a mirror while the registry is not available. */
  reader(repository: RepositoryName, options?: ReaderOptions): Promise<RepositoryReader>;
  /** For those who write, too: what is there decides. */
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

/** An address of which more than the place may be known. */
export type PartialAddress = Partial<Address> & { readonly place: Place };

/** Where something goes to, and what it is to be called there. */
export type Destination = Address & { readonly tag: Tag };

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
  if (place.kind === 'layout') return `${place.id}${suffix}`;
  if (place.kind === 'local') return l10n.t('{0} in the Local store', `${repository}${suffix}`);
  return `${place.id}/${repository}${suffix}`;
}
