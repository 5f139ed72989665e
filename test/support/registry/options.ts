import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { FaultRule } from './faults.ts';
import type { LoggedRequest } from './log.ts';

/** Stands before a registry: sees each request first, may answer it, pass another one on, and answer otherwise. */
export type Adapter = (exchange: Exchange, next: (exchange: Exchange) => Promise<Answer>) => Promise<Answer>;

/** How an in-process registry behaves. Without options: everything the spec allows, for anyone, over http. */
export interface RegistryOptions {
  readonly auth?: RegistryAuth;
  readonly quirks?: Quirks;
  /** The first stands outermost; default: none. */
  readonly adapters?: readonly Adapter[];
  /** Faults from the first request on; more can be added while it runs. */
  readonly faults?: readonly FaultRule[];
  /** Serves https with this PEM key and certificate. */
  readonly tls?: RegistryTls;
  /** What it calls itself in locations and challenges, as behind a proxy; default: its address. */
  readonly publicUrl?: string;
  /** Default 127.0.0.1. */
  readonly address?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Is told of each request when it is over. */
  readonly onRequest?: (request: LoggedRequest) => void;
}

interface RegistryTls {
  readonly key: string;
  readonly cert: string;
  /** Asks every client for a certificate that this PEM authority signed, and refuses the connection without one. */
  readonly clientCa?: string;
}

export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  /** `basic` takes the password on every request, `bearer` gives tokens for it at `/token`. Default `basic`. */
  readonly scheme?: 'basic' | 'bearer';
  /** Anyone may pull. Default false. */
  readonly anonymousPull?: boolean;
  /** Seconds that a token lives; default 300. */
  readonly tokenSeconds?: number;
  /** Repositories that even the right password does not open. */
  readonly denied?: readonly string[];
  /** Where the challenge says that tokens are; default {@link tokenPath} of this registry. */
  readonly realm?: string;
  /** Default `/token`. */
  readonly tokenPath?: string;
  /** What a token must allow to delete; default `delete`. */
  readonly deleteAction?: 'delete' | 'pull,push';
  /** Challenges name no scope, and tokens open all that their user may open. Default false. */
  readonly unscoped?: boolean;
}

/** In what real registries differ. Each default is the friendliest. */
export interface Quirks {
  /** The referrers API exists; otherwise 404, in plain text, and no `OCI-Subject`. Default true. */
  readonly referrersApi?: boolean;
  /** Entries of a page of referrers; default: all of them. */
  readonly referrersPageSize?: number;
  /** Referrers are filtered by artifact type, and the answer says so; otherwise the filter is ignored. Default true. */
  readonly filtersReferrers?: boolean;
  /** A tag `sha256-<hex>` that is not there leads to the manifest of that digest, as in GitLab. Default false. */
  readonly dashedDigests?: boolean;
  /** `If-Match` and `If-None-Match` of a PUT are minded; distribution ignores them. Default true. */
  readonly conditionalPuts?: boolean;
  /** A manifest is refused while what it references is missing. Default true. */
  readonly enforcesClosure?: boolean;
  /** Manifests, tags and blobs can be deleted; otherwise 405. Default true. */
  readonly deletion?: boolean;
  /** Tags can be deleted; otherwise 400, as by distribution 2. Default true. */
  readonly tagDeletion?: boolean;
  /** sha512 is understood. Default true. */
  readonly sha512?: boolean;
  /** Blobs are mounted from other repositories; otherwise a mount is answered with a plain upload. Default true. */
  readonly mount?: boolean;
  /** How upload locations and links are written. Default `relative`. */
  readonly locations?: 'relative' | 'absolute';
  /** The query of an upload location has to come back byte for byte; otherwise it may be decoded and encoded. Default false. */
  readonly exactLocations?: boolean;
  /** Entries of a page when the client does not say; default: all of them. */
  readonly pageSize?: number;
  /** The most entries that one page has. Default: no limit. */
  readonly maxPageSize?: number;
  /** What happens to an `n` above `maxPageSize`. Default `clamp`. */
  readonly largePages?: 'clamp' | 'refuse';
  /** An empty tag list is written as `null`, as Go programs do. Default false. */
  readonly nullTags?: boolean;
  /** Bytes; default 8 MiB. */
  readonly maxManifestSize?: number;
  /**
   * What becomes of chunks. `dropped`: all after the first, though the answer is 201, as in ECR. `refused`: 405. Default
   * `kept`.
   */
  readonly chunks?: 'kept' | 'dropped' | 'refused';
  /** Bytes that a chunk must have, unless it is the last; said in `OCI-Chunk-Min-Length`. Default: no limit. */
  readonly minChunk?: number;
  /** Bytes of a blob, or a part of one, that one request may bring; more is refused with 413, as by many a proxy. Default: no limit. */
  readonly maxBody?: number;
  /**
   * How blobs are given in parts. `ignored`: whole, with 200. `misplaced`: other parts than were asked for. `refused`: 416.
   * Default `honoured`.
   */
  readonly ranges?: 'honoured' | 'ignored' | 'misplaced' | 'refused';
}
