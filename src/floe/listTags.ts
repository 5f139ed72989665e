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
  type TagEntry,
  type TagLister,
} from '../oci/index.ts';
import type { Product } from './artifact.ts';
import { compileGlob } from './glob.ts';
import { inspectArtifact } from './inspectArtifact.ts';
import { compareTagNames, orderTags } from './orderTags.ts';
import { defaultTagPolicy, type TagPolicy } from './tagPolicy.ts';
import { isMachineTag } from './versionTag.ts';

/**
 * `name`: by code unit. `version`: highest first, then what is no version by name. `created`: newest first, then what has
 * no date by name.
 */
export type TagOrder = 'name' | 'version' | 'created';

/** Which tags are listed, and in what order. */
export interface ListTagsOptions extends ScopeOptions {
  /** A glob over tags, such as `v1.*`; default: all. */
  readonly filter?: string;
  /** A glob over the names of products: only artifacts compiled from such a one; default: all artifacts, floe's or not. */
  readonly product?: string;
  /** Default `name`. */
  readonly sort?: TagOrder;
  /** How many rows at most, counted in the order; default: all. */
  readonly limit?: number;
  /** Also the tags that only carry referrers or signatures of other manifests; default false. */
  readonly all?: boolean;
  /** Default floe's own rule. */
  readonly tagPolicy?: TagPolicy;
  /**
   * The tags as the registry itself describes them, where that saves asking for each manifest: dates are then those of the
   * artifacts where the registry tells them, else of the pushes, sizes are as the registry counts, and products are not known.
   * What is not described whole is read. Not asked where products matter.
   */
  readonly described?: (options: CallOptions) => AsyncIterable<readonly TagEntry[]>;
}

/** A tag, and what its manifest says. */
export interface TagRow {
  readonly name: Tag;
  readonly digest: Digest;
  /** The sum of the layers in bytes; null for an index. */
  readonly size: number | null;
  /** RFC 3339; null when unknown. */
  readonly created: string | null;
  readonly artifactType: string | null;
  /** What it was compiled from; null when it does not say. */
  readonly product: Product | null;
  /** Whether a push of another manifest to it is refused. */
  readonly immutable: boolean;
}

/** A tag whose manifest could not be read, and why. */
export interface TagError {
  readonly tag: Tag;
  readonly code: OciErrorCode;
  readonly message: string;
}

/** The tags of a repository that were asked for. */
export interface TagList {
  readonly tags: readonly TagRow[];
  /** Tags whose manifest could not be read, in the same order. Not empty: the list is partial. */
  readonly errors: readonly TagError[];
  /** How many tags match and were left out, because they only carry referrers or signatures. */
  readonly hidden: number;
}

/**
 * The tags of a repository with what their manifests say. A manifest that cannot be read costs its own row only; a store
 * without tags gives an empty list. Manifests beyond the limit are not asked for where the order needs only names.
 *
 * @throws OciError NOT_FOUND when the repository is unknown, INVALID_ARGUMENT for a filter or limit that is none, CANCELLED
 */
export async function listTags(source: ReadableStore & TagLister, options: ListTagsOptions = {}): Promise<TagList> {
  const {
    filter,
    product,
    sort = 'name',
    limit = Number.POSITIVE_INFINITY,
    all: isAll = false,
    tagPolicy = defaultTagPolicy,
    described,
  } = options;
  if (!(limit === Number.POSITIVE_INFINITY || (Number.isSafeInteger(limit) && limit >= 0))) throw invalidLimit(limit);
  const matches = filter === undefined ? () => true : compileGlob(filter, 'filter');
  const isWanted = product === undefined ? undefined : compileGlob(product, 'product');
  return inScope(options, async ({ signal, run, all }) => {
    const listed: Tag[] = [];
    let hidden = 0;
    const told = isWanted === undefined ? described?.({ signal }) : undefined;
    const rowsTold = new Map<Tag, TagRow>();
    for await (const tag of told === undefined ? source.tags({ signal }) : namesTold(told, rowsTold, tagPolicy)) {
      if (!matches(tag)) continue;
      if (isAll || !isMachineTag(tag)) listed.push(tag);
      else hidden += 1;
    }
    const names = orderTags(listed, sort === 'version' ? 'version' : 'name');
    // Only then do names alone decide what is in the list.
    const wanted = sort === 'created' || isWanted ? names : names.slice(0, limit);
    const rowOf = (name: Tag): Promise<TagRow | TagError> => {
      const row = rowsTold.get(name);
      return row === undefined ? run(() => readRow(source, name, tagPolicy, { signal })) : Promise.resolve(row);
    };
    const results = await all(wanted.map(rowOf));
    const read = results.filter((result) => 'digest' in result);
    const rows = isWanted ? read.filter((row) => row.product !== null && isWanted(row.product.name)) : read;
    if (sort === 'created') rows.sort(byCreated);
    return { tags: rows.slice(0, limit), errors: results.filter((result) => 'code' in result), hidden };
  });
}

/** The names that the registry describes; those that it describes whole are kept as rows. */
async function* namesTold(
  pages: AsyncIterable<readonly TagEntry[]>,
  rows: Map<Tag, TagRow>,
  tagPolicy: TagPolicy,
): AsyncGenerator<Tag> {
  for await (const page of pages) {
    for (const { name, digest, size, createdAt, pushedAt, artifactType = null, isImmutable = false } of page) {
      const created = createdAt ?? pushedAt;
      if (digest !== undefined && size !== undefined && created !== undefined) {
        const immutable = isImmutable || tagPolicy.isProtected(name);
        rows.set(name, { name, digest, size, created, artifactType, product: null, immutable });
      }
      yield name;
    }
  }
}

async function readRow(
  source: ReadableStore,
  name: Tag,
  tagPolicy: TagPolicy,
  options: CallOptions,
): Promise<TagRow | TagError> {
  try {
    const { digest, size, created, artifactType, product } = await inspectArtifact(source, name, options);
    return { name, digest, size, created, artifactType, product, immutable: tagPolicy.isProtected(name) };
  } catch (error) {
    if (!isOciError(error) || error.code === 'CANCELLED') throw error;
    return { tag: name, code: error.code, message: error.message };
  }
}

function byCreated(a: TagRow, b: TagRow): number {
  const [timeA, timeB] = [a, b].map(({ created }) =>
    created === null ? Number.NEGATIVE_INFINITY : Date.parse(created),
  );
  return timeA === timeB ? compareTagNames(a.name, b.name) : (timeB ?? 0) - (timeA ?? 0);
}

function invalidLimit(limit: number): OciError<'INVALID_ARGUMENT'> {
  return new OciError('INVALID_ARGUMENT', `not a limit: ${limit}`, {
    argument: 'limit',
    value: String(limit),
    accepted: 'a whole number from 0 up',
  });
}
