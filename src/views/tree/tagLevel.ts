import { createdOf } from '../../floe/artifact.ts';
import { compareTagNames, orderTags } from '../../floe/orderTags.ts';
import { isMachineTag } from '../../floe/versionTag.ts';
import { inScope, type Tag, type TagEntry } from '../../oci/index.ts';
import type { Level, LevelOptions } from './level.ts';
import type { Node, RepositoryNode, TagNode } from './node.ts';
import { Pager } from './pager.ts';
import { readTag } from './readTag.ts';
import { tagEntries } from './tagEntries.ts';
import { compileTagFilter, type TagView } from './tagView.ts';

/** Tags that are read before the first are shown: an order needs all of them. Names only, a thousand in a request. */
const READ_AT_ONCE = 10_000;
/** The same where each is described: by a hundred in a request, the newest first. */
const READ_AT_ONCE_DESCRIBED = 1_000;
/** Tags whose dates are asked for; the rest comes after them, by name. A request or two each. */
const MAX_DATED = 1_000;

/**
 * The tags of a repository in the order and of the choice that the user wants, page by page. Tags that only carry what
 * refers to something else are left out. Where the registry has more tags than are read at once, the next ones are
 * ordered among themselves and follow, so that no row moves that has been shown.
 */
export async function readTags(node: RepositoryNode, options: LevelOptions): Promise<Level> {
  const { place, repository } = node;
  const { view } = options;
  const readAtOnce = place.hosting?.describesTags === true ? READ_AT_ONCE_DESCRIBED : READ_AT_ONCE;
  const hidden = new Set<Tag>();
  const pager = new Pager(tagEntries(place, repository, options));
  const nodes: TagNode[] = [];
  let shown = 0;
  let seen = 0;

  const readAhead = async (): Promise<void> => {
    await pager.take(readAtOnce);
    const fresh = pager.items.slice(seen);
    seen = pager.items.length;
    for (const { name } of fresh) if (isMachineTag(name)) hidden.add(name);
    const matches = view.filter === undefined ? () => true : compileTagFilter(view.filter);
    const wanted = fresh.filter(({ name }) => !hidden.has(name) && matches(name));
    nodes.push(...(await ordered(rowsOf(node, wanted, view), options)));
    node.listing = { view, total: seen - hidden.size, matching: nodes.length, isPartial: pager.hasMore, hidden };
  };
  const next = async (): Promise<Level> => {
    shown += options.pageSize;
    if (shown > nodes.length && pager.hasMore) await readAhead();
    const page = nodes.slice(shown - options.pageSize, shown);
    const isShownWhole = ({ id, entry }: TagNode): boolean =>
      place.kind !== 'registry' || (entry.digest === undefined && options.isUnfolded(id));
    await Promise.all(page.filter(isShownWhole).map((tag) => lookInto(tag, options)));
    const rows: readonly Node[] = nodes.length === 0 ? noMatch(node, view) : nodes.slice(0, shown);
    if (shown >= nodes.length && !pager.hasMore) return { nodes: rows };
    const more: Node = { kind: 'more', id: `${node.id}|more`, parent: node };
    return { nodes: [...rows, more], more: next };
  };
  await readAhead();
  return next();
}

/** A filter that hides everything would look like a repository without tags. */
function noMatch(parent: RepositoryNode, { filter }: TagView): readonly Node[] {
  if (filter === undefined || parent.listing?.total === 0) return [];
  return [{ kind: 'noMatch', id: `${parent.id}|noMatch`, filter, parent }];
}

function rowsOf(parent: RepositoryNode, entries: readonly TagEntry[], { order }: TagView): readonly TagNode[] {
  const { place, repository } = parent;
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return orderTags([...byName.keys()], order === 'name' ? 'name' : 'version').map((tag): TagNode => {
    const entry = byName.get(tag) ?? { name: tag };
    return { kind: 'tag', id: `${place.id}|${repository}|${tag}`, place, repository, tag, entry, parent };
  });
}

/** By date where that is wanted: the last made first, then what has no date, by name. */
async function ordered(nodes: readonly TagNode[], options: LevelOptions): Promise<readonly TagNode[]> {
  if (options.view.order !== 'created') return nodes;
  const asked = nodes.slice(0, MAX_DATED);
  await inScope(options, async ({ signal, run, all }) => {
    const undated = asked.filter((node) => dateOf(node) === 0);
    await all(undated.map((node) => run(() => lookInto(node, { ...options, signal }))));
  });
  const dated = asked.map((node) => ({ node, time: dateOf(node) }));
  dated.sort((a, b) => b.time - a.time || compareTagNames(a.node.tag, b.node.tag));
  return [...dated.map(({ node }) => node), ...nodes.slice(MAX_DATED)];
}

/** Milliseconds since 1970; 0 when it is not known. What the registry tells of a date costs no request. */
function dateOf({ content, entry: { createdAt, pushedAt } }: TagNode): number {
  const created = content === undefined ? (createdAt ?? pushedAt) : (createdOf(content.manifest) ?? pushedAt);
  return Date.parse(created ?? '') || 0;
}

/** What is not known is told when the tag is unfolded, where its contents should be. */
async function lookInto(node: TagNode, options: Pick<LevelOptions, 'signal' | 'refresh'>): Promise<void> {
  try {
    await readTag(node, options);
  } catch (error) {
    if (options.signal.aborted) throw error;
  }
}
