import {
  type CallOptions,
  type Digest,
  inScope,
  isOciError,
  OciError,
  type OciErrorCode,
  type ReadableStore,
  type ScopeOptions,
  type Tag,
  type TagLister,
} from '../oci/index.ts';
import { compileGlob } from './glob.ts';
import { inspectArtifact } from './inspectArtifact.ts';
import { defaultTagPolicy, type TagPolicy } from './tagPolicy.ts';
import { compareVersions, isVersion } from './versionConstraint.ts';

/**
 * `name`: by code unit. `version`: highest first, then what is no version by name. `created`: newest first, then what has
 * no date by name.
 */
export type TagOrder = 'name' | 'version' | 'created';

export interface ListTagsOptions extends ScopeOptions {
  /** A glob over tags, such as `v1.*`; default: all. */
  readonly filter?: string;
  /** Default `name`. */
  readonly sort?: TagOrder;
  /** How many rows at most, counted in the order; default: all. */
  readonly limit?: number;
  /** Default floe's own rule. */
  readonly tagPolicy?: TagPolicy;
}

export interface TagRow {
  readonly name: Tag;
  readonly digest: Digest;
  /** The sum of the layers in bytes; null for an index. */
  readonly size: number | null;
  /** RFC 3339; null when unknown. */
  readonly created: string | null;
  readonly artifactType: string | null;
  /** Whether a push of another manifest to it is refused. */
  readonly immutable: boolean;
}

export interface TagError {
  readonly tag: Tag;
  readonly code: OciErrorCode;
  readonly message: string;
}

export interface TagList {
  readonly tags: readonly TagRow[];
  /** Tags whose manifest could not be read, in the same order. Not empty: the list is partial. */
  readonly errors: readonly TagError[];
}

/**
 * The tags of a repository with what their manifests say. A manifest that cannot be read costs its own row only; a store
 * without tags gives an empty list. Manifests beyond the limit are not asked for where the order needs only names.
 *
 * @throws OciError NOT_FOUND when the repository is unknown, INVALID_ARGUMENT for a filter or limit that is none, CANCELLED
 */
export async function listTags(source: ReadableStore & TagLister, options: ListTagsOptions = {}): Promise<TagList> {
  const { filter, sort = 'name', limit = Number.POSITIVE_INFINITY, tagPolicy = defaultTagPolicy } = options;
  if (!(limit === Number.POSITIVE_INFINITY || (Number.isSafeInteger(limit) && limit >= 0))) throw invalidLimit(limit);
  const matches = filter === undefined ? () => true : compileGlob(filter, 'filter');
  return inScope(options, async ({ signal, run, all }) => {
    const names: Tag[] = [];
    for await (const tag of source.tags({ signal })) if (matches(tag)) names.push(tag);
    names.sort(sort === 'version' ? byVersion : byName);
    const wanted = sort === 'created' ? names : names.slice(0, limit);
    const results = await all(wanted.map((name) => run(() => readRow(source, name, tagPolicy, { signal }))));
    const rows = results.filter((result) => 'digest' in result);
    if (sort === 'created') rows.sort(byCreated);
    return { tags: rows.slice(0, limit), errors: results.filter((result) => 'code' in result) };
  });
}

async function readRow(
  source: ReadableStore,
  name: Tag,
  tagPolicy: TagPolicy,
  options: CallOptions,
): Promise<TagRow | TagError> {
  try {
    const { digest, size, created, artifactType } = await inspectArtifact(source, name, options);
    return { name, digest, size, created, artifactType, immutable: tagPolicy.isProtected(name) };
  } catch (error) {
    if (!isOciError(error) || error.code === 'CANCELLED') throw error;
    return { tag: name, code: error.code, message: error.message };
  }
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byVersion(a: Tag, b: Tag): number {
  return isVersion(a) || isVersion(b) ? compareVersions(b, a) : byName(a, b);
}

function byCreated(a: TagRow, b: TagRow): number {
  const [timeA, timeB] = [a, b].map(({ created }) =>
    created === null ? Number.NEGATIVE_INFINITY : Date.parse(created),
  );
  return timeA === timeB ? byName(a.name, b.name) : (timeB ?? 0) - (timeA ?? 0);
}

function invalidLimit(limit: number): OciError<'INVALID_ARGUMENT'> {
  return new OciError('INVALID_ARGUMENT', `not a limit: ${limit}`, {
    argument: 'limit',
    value: String(limit),
    accepted: 'a whole number from 0 up',
  });
}
