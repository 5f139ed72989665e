import type { CancellationToken, TreeItem } from 'vscode';
import { isOciError, type RepositoryName, type Tag } from '../../oci/index.ts';
import { signalOf } from '../cancellation.ts';
import type { Place } from '../places.ts';
import { itemOf } from './items.ts';
import { type Level, readLevel, readTag } from './levels.ts';
import type { Node, PlaceNode } from './node.ts';
import { placeTooltip } from './placeRow.ts';

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
export class RepositoryTree {
  readonly #source: TreeSource;
  readonly #levels = new Map<string, OpenLevel>();
  /** By id. The view knows rows by identity, so these must be the same until it has asked for all again. */
  readonly #roots = new Map<string, PlaceNode>();

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
    return itemOf(node);
  }

  /** Completes a row's tooltip when the pointer rests on it: with what takes a request to know. */
  async resolve(item: TreeItem, node: Node, token: CancellationToken): Promise<TreeItem> {
    try {
      if (node.kind === 'tag') node.content ??= await readTag(node, signalOf(token));
      const tooltip = node.kind === 'place' ? await placeTooltip(node.place, signalOf(token)) : itemOf(node).tooltip;
      if (tooltip !== undefined) item.tooltip = tooltip;
    } catch (error) {
      this.#source.logError(`Reading ${node.id}`, error);
    }
    return item;
  }

  /** Forgets what is below the row, or everything, and stops what is being read there. */
  refresh(node?: Node): void {
    const top = node?.kind === 'error' || node?.kind === 'closedCatalog' ? node.parent : node;
    for (const [id, { controller }] of this.#levels) {
      if (top !== undefined && !isAtOrBelow(id, top.id)) continue;
      controller.abort();
      this.#levels.delete(id);
    }
    if (top?.kind === 'tag') delete top.content;
    if (top?.kind === 'repository') delete top.empty;
    this.#source.changed(top && this.#shown(top));
  }

  refreshPlace(place: Place): void {
    this.refresh(this.#root(place));
  }

  /** Shows the row of a place as it is now; what is below it stays. */
  redraw(id: string): void {
    const root = this.#roots.get(id);
    if (root !== undefined && this.#source.placesHaveRows) this.#source.changed(root);
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
    const level = this.#orErrorRow(node, readLevel(node, { pageSize: this.#source.pageSize(), signal }));
    this.#levels.set(node.id, { level, controller });
    // The row itself may say more now: that a repository has no tags, or the digest of a tag.
    if (node.kind === 'repository' || node.kind === 'tag') {
      void level.then(() => {
        if (this.#levels.get(node.id)?.level === level && saysMore(node)) this.#source.changed(node);
      });
    }
    return level;
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

/** Whether a row is the row `top` or below it, by their ids. */
function isAtOrBelow(id: string, top: string): boolean {
  return id === top || id.startsWith(top.endsWith('/') ? top : `${top}|`);
}

function saysMore(node: Node): boolean {
  return (node.kind === 'repository' && node.empty === true) || (node.kind === 'tag' && node.content !== undefined);
}
