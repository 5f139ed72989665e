import type { CancellationToken, TreeItem } from 'vscode';
import { isOciError, type RepositoryName, type Tag } from '../../oci/index.ts';
import { signalOf } from '../cancellation.ts';
import type { RowSource } from '../lazyTree.ts';
import type { Place } from '../places.ts';
import { arrangedText } from './arrangedText.ts';
import { itemOf } from './items.ts';
import type { Level, LevelOptions } from './level.ts';
import { readLevel } from './levels.ts';
import type { Node, PlaceNode, RepositoryNode, TagListing } from './node.ts';
import { placeTooltip } from './placeRow.ts';
import { readTag } from './readTag.ts';
import { DEFAULT_TAG_VIEW, type TagView } from './tagView.ts';

/** What a tree is made of; the two views differ in this and in nothing else. */
export interface TreeSource {
  /** The places to show. */
  places(): readonly Place[];
  /** True: each place has a row. False: there is one place, and its repositories are the top rows. */
  readonly placesHaveRows: boolean;
  readonly pageSize: () => number;
  /** Rows must be read again: those below `node`, or all. */
  readonly changed: (node: Node | undefined) => void;
  readonly logError: (action: string, error: unknown) => void;
}

/** Further pages are for the user to ask for. */
const MAX_PAGES = 10;

interface OpenLevel {
  readonly level: Promise<Level>;
  readonly controller: AbortController;
}

/** The rows of one view, read level by level when the user unfolds them, and kept until they are refreshed. */
export class RepositoryTree implements RowSource<Node> {
  readonly #source: TreeSource;
  readonly #levels = new Map<string, OpenLevel>();
  /** By id. The view knows rows by identity, so these must be the same until it has asked for all again. */
  readonly #roots = new Map<string, PlaceNode>();
  /** Rows that were refreshed, with what is below them: what is read there is asked of the registry. */
  readonly #refreshed = new Set<string>();
  #isAllRefreshed = false;
  /** What was last known of the tags of repositories, by their ids. */
  readonly #listings = new Map<string, TagListing>();
  /** How the tags of repositories are shown where that is not as ever, by their ids. */
  readonly #views = new Map<string, TagView>();

  constructor(source: TreeSource) {
    this.#source = source;
  }

  async children(node: Node | undefined): Promise<readonly Node[]> {
    if (node !== undefined) return (await this.#level(node)).nodes;
    this.#roots.clear();
    const roots = this.#source.places().map((place) => this.#root(place));
    const [only] = roots;
    return this.#source.placesHaveRows || only === undefined ? roots : await this.children(only);
  }

  parent(node: Node): Node | undefined {
    return node.parent?.kind === 'place' && !this.#source.placesHaveRows ? undefined : node.parent;
  }

  item(node: Node): TreeItem {
    const known = node.kind === 'repository' ? this.#listings.get(node.id) : undefined;
    if (node.kind === 'repository' && known !== undefined) node.listing ??= known;
    return itemOf(node);
  }

  /** Completes a row's tooltip when the pointer rests on it: with what takes a request to know. */
  async resolve(item: TreeItem, node: Node, token: CancellationToken): Promise<TreeItem> {
    try {
      if (node.kind === 'tag' && node.content === undefined) {
        await readTag(node, { signal: signalOf(token), refresh: this.#isRefreshed(node) });
      }
      const tooltip = node.kind === 'place' ? await placeTooltip(node.place, signalOf(token)) : itemOf(node).tooltip;
      if (tooltip !== undefined) item.tooltip = tooltip;
    } catch (error) {
      this.#source.logError(`Reading ${node.id}`, error);
    }
    return item;
  }

  /** Forgets what is below the row, or everything, and stops what is being read there. The registry itself is asked then. */
  refresh(node?: Node): void {
    const top = topOf(node);
    if (top === undefined) this.#isAllRefreshed = true;
    else this.#refreshed.add(top.id);
    this.reread(node);
  }

  /** The same, and what the cache knows is good enough. */
  reread(node?: Node): void {
    const top = topOf(node);
    for (const [id, { controller }] of this.#levels) {
      if (top !== undefined && !isAtOrBelow(id, top.id)) continue;
      controller.abort();
      this.#levels.delete(id);
    }
    if (top?.kind === 'tag') delete top.content;
    if (top?.kind === 'repository') delete top.listing;
    this.#source.changed(top && this.#shown(top));
  }

  /** How the tags of a repository are shown. */
  tagView(place: Place, repository: RepositoryName): TagView {
    return this.#views.get(`${place.id}|${repository}`) ?? DEFAULT_TAG_VIEW;
  }

  /** Shows the tags of a repository in another way. */
  async arrange(place: Place, repository: RepositoryName, view: TagView): Promise<Node | undefined> {
    this.#views.set(`${place.id}|${repository}`, view);
    return await this.rereadRepository(place, repository);
  }

  /**
   * Reads a repository again, and nothing beside it; its place only when there is no row of it yet. The row, if there is
   * one then.
   */
  async rereadRepository(place: Place, repository: RepositoryName): Promise<Node | undefined> {
    const row = this.#levels.has(place.id) ? await this.find(place, repository) : undefined;
    if (row === undefined) {
      this.rereadPlace(place);
      return await this.find(place, repository);
    }
    this.reread(row);
    return row;
  }

  refreshPlace(place: Place): void {
    this.refresh(this.#root(place));
  }

  rereadPlace(place: Place): void {
    this.reread(this.#root(place));
  }

  /** Shows the row of a place as it is now; what is below it stays. */
  redraw(id: string): void {
    const root = this.#roots.get(id);
    if (root !== undefined && this.#source.placesHaveRows) this.#source.changed(root);
  }

  /**
   * Shows the row of a tag with what is known since it was unfolded. Not before it is folded again: what is below a row that
   * is drawn anew is read anew, and a row among it that is just being unfolded would stay empty.
   */
  folded(node: Node): void {
    if (node.kind === 'tag' && node.content !== undefined) this.#source.changed(node);
  }

  /** Shows the next page of the level that `node` ends. */
  loadMore(node: Node): void {
    if (node.parent !== undefined) void this.#readMore(node.parent);
  }

  /** The row of the place; undefined where it has none. */
  rowOf(place: Place): Node | undefined {
    return this.#source.placesHaveRows ? this.#root(place) : undefined;
  }

  /** The row of a tag, or of the repository; reads what is on the way to it. Undefined when it is not there. */
  async find(place: Place, repository: RepositoryName, tag?: Tag): Promise<Node | undefined> {
    const leadsThere = (node: Node): boolean =>
      (node.kind === 'repository' && node.repository === repository) ||
      (node.kind === 'folder' && repository.startsWith(`${node.path}/`));
    let node = await this.#search(this.#root(place), leadsThere);
    while (node?.kind === 'folder') node = await this.#search(node, leadsThere);
    if (node === undefined || tag === undefined) return node;
    return await this.#search(node, (row) => row.kind === 'tag' && row.tag === tag);
  }

  async #search(parent: Node, matches: (node: Node) => boolean): Promise<Node | undefined> {
    let level = await this.#level(parent);
    for (let pages = 1; pages < MAX_PAGES && level.more !== undefined && !level.nodes.some(matches); pages += 1) {
      level = await this.#readMore(parent);
    }
    return level.nodes.find(matches);
  }

  #readMore(parent: Node): Promise<Level> {
    const open = this.#levels.get(parent.id);
    if (open === undefined) return this.#level(parent);
    const level = this.#orErrorRow(
      parent,
      open.level.then(async (known) => (await known.more?.()) ?? known),
    );
    this.#levels.set(parent.id, { ...open, level });
    this.#source.changed(this.#shown(parent));
    return level;
  }

  #root(place: Place): PlaceNode {
    const root = this.#roots.get(place.id) ?? { kind: 'place', id: place.id, place, parent: undefined };
    root.place = place;
    this.#roots.set(place.id, root);
    return root;
  }

  #level(node: Node): Promise<Level> {
    const known = this.#levels.get(node.id);
    if (known !== undefined) return known.level;
    const controller = new AbortController();
    const { signal } = controller;
    const level = this.#orErrorRow(node, readLevel(node, this.#optionsFor(node, signal)));
    this.#levels.set(node.id, { level, controller });
    if (node.kind === 'repository') {
      void level.then(() => {
        if (this.#levels.get(node.id)?.level === level) this.#learn(node);
      });
    }
    return level;
  }

  /**
   * The row of a repository may say something else now: that it has no tags, or how many the filter lets pass. It is drawn
   * anew only then: a row below it that is being unfolded at that moment would stay empty.
   */
  #learn(node: RepositoryNode): void {
    const { listing } = node;
    const before = this.#listings.get(node.id);
    if (listing === undefined) return;
    this.#listings.set(node.id, listing);
    if (arrangedText(listing) !== (before && arrangedText(before))) this.#source.changed(node);
  }

  #optionsFor(node: Node, signal: AbortSignal): LevelOptions {
    const view = this.#views.get(node.id) ?? DEFAULT_TAG_VIEW;
    return { pageSize: this.#source.pageSize(), signal, refresh: this.#isRefreshed(node), view };
  }

  #isRefreshed({ id }: Node): boolean {
    return this.#isAllRefreshed || [...this.#refreshed].some((top) => isAtOrBelow(id, top));
  }

  /** An error is a row: the levels beside it are not touched by it. Who waits for what a refresh has ended gets the new. */
  async #orErrorRow(parent: Node, level: Promise<Level>): Promise<Level> {
    try {
      return await level;
    } catch (error) {
      if (isOciError(error, 'CANCELLED')) return this.#level(parent);
      this.#source.logError(`Reading ${parent.id}`, error);
      return { nodes: [{ kind: 'error', id: `${parent.id}|error`, error, parent }] };
    }
  }

  /** The Local store has no row: what concerns it concerns its whole view. */
  #shown(node: Node): Node | undefined {
    return node.kind === 'place' && !this.#source.placesHaveRows ? undefined : node;
  }
}

/** A row that stands for what could not be read stands for where it should be. */
function topOf(node: Node | undefined): Node | undefined {
  return node?.kind === 'error' || node?.kind === 'closedCatalog' ? node.parent : node;
}

/** Whether a row is the row `top` or below it, by their ids. */
function isAtOrBelow(id: string, top: string): boolean {
  return id === top || id.startsWith(top.endsWith('/') ? top : `${top}|`);
}
