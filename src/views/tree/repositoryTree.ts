import { type CancellationToken, type FileDecoration, type TreeItem, TreeItemCollapsibleState } from 'vscode';
import { isProtected } from '../../floe/tagPolicy.ts';
import type { RepositoryName, Tag } from '../../oci/index.ts';
import { ArtifactLooks } from '../artifactLooks.ts';
import { signalOf } from '../cancellation.ts';
import { LayerConsent } from '../layerConsent.ts';
import type { RowSource } from '../lazyTree.ts';
import type { Place } from '../places.ts';
import { arrangedText } from './arrangedText.ts';
import { findRow } from './findRow.ts';
import { itemOf } from './items.ts';
import type { Node, PlaceNode, RepositoryNode, TagListing, TagNode } from './node.ts';
import { OpenLevels } from './openLevels.ts';
import { placeTooltip } from './placeTooltip.ts';
import { readTag } from './readTag.ts';
import { ShownTags } from './shownTags.ts';
import type { RowLooks } from './tagRow.ts';
import type { TagView } from './tagView.ts';
import { TagViews } from './tagViews.ts';
import type { TreeSource } from './treeSource.ts';

/** The rows of one view, read level by level when the user unfolds them, and kept until they are refreshed. */
export class RepositoryTree implements RowSource<Node> {
  readonly #source: TreeSource;
  readonly #how: RowLooks;
  readonly #levels: OpenLevels;
  /** By id. The view knows rows by identity, so these must be the same until it has asked for all again. */
  readonly #roots = new Map<string, PlaceNode>();
  /** What was last known of the tags of repositories, by their ids. */
  readonly #listings = new Map<string, TagListing>();
  readonly #views: TagViews;
  readonly #tags: ShownTags;
  /** Ids of tags: where they are read anew, what they are is known before they are shown. */
  readonly #unfolded = new Set<string>();

  constructor(source: TreeSource) {
    this.#source = source;
    const {
      looks = new ArtifactLooks(),
      consent = new LayerConsent(),
      seen,
      marksChanged = () => {},
      logError,
    } = source;
    this.#how = {
      looks,
      isProtected: source.isProtected ?? isProtected,
      movedFrom: (id) => seen?.movedFrom(id),
    };
    this.#views = source.views ?? new TagViews();
    this.#tags = new ShownTags({
      how: this.#how,
      seen,
      read: (node, signal) => readTag(node, { signal, refresh: this.#levels.isDistrusted(node) }),
      isUnfolded: ({ id }) => this.#levels.has(id),
      changed: source.changed,
      marksChanged,
      logError,
    });
    this.#levels = new OpenLevels({
      pageSize: source.pageSize,
      viewOf: (id) => this.#views.get(id),
      isUnfolded: (id) => this.#unfolded.has(id),
      mayRead: (layer) => consent.isAllowed(layer),
      changed: (node) => source.changed(this.#shown(node)),
      onRead: (node) => {
        if (node.kind === 'repository') this.#learn(node);
        if (node.kind === 'tag') void this.#learnUnfolded(node);
      },
      logError,
      observer: source.observer,
    });
  }

  async children(node: Node | undefined): Promise<readonly Node[]> {
    if (node !== undefined) return (await this.#levels.read(node)).nodes;
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
    return node.kind === 'tag' ? this.#tags.draw(node) : itemOf(node, this.#how);
  }

  /** A row of a tag has come into view. What it is marked with. */
  inView(id: string): FileDecoration | undefined {
    return this.#tags.inView(id);
  }

  /** Completes a row's tooltip when the pointer rests on it: with what takes a request to know. */
  async resolve(item: TreeItem, node: Node, token: CancellationToken): Promise<TreeItem> {
    try {
      // What the list has told is enough: some registries count each manifest that is read.
      if (node.kind === 'tag' && node.content === undefined && node.entry.digest === undefined) {
        await readTag(node, { signal: signalOf(token), refresh: this.#levels.isDistrusted(node) });
      }
      const tooltip =
        node.kind === 'place' ? await placeTooltip(node.place, signalOf(token)) : itemOf(node, this.#how).tooltip;
      if (tooltip !== undefined) item.tooltip = tooltip;
    } catch (error) {
      this.#source.logError(`Reading ${node.id}`, error);
    }
    return item;
  }

  /** Forgets what is below the row, or everything, and stops what is being read there. The registry itself is asked then. */
  refresh(node?: Node): void {
    this.#levels.distrust(topOf(node));
    this.reread(node);
  }

  /** The same, and what the cache knows is good enough. */
  reread(node?: Node): void {
    const top = topOf(node);
    this.#levels.forget(top);
    this.#tags.forget(top?.id);
    if (top?.kind === 'tag') delete top.content;
    if (top?.kind === 'repository') delete top.listing;
    this.#source.changed(top && this.#shown(top));
  }

  /** How the tags of a repository are shown. */
  tagView(place: Place, repository: RepositoryName): TagView {
    return this.#views.get(`${place.id}|${repository}`);
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

  /** What is below the row is out of sight. */
  folded(node: Node): void {
    this.#unfolded.delete(node.id);
    if (node.kind === 'tag') this.#tags.learned(node);
    else this.#tags.hidden(node.id);
  }

  /** Shows the next page of the level that `node` ends. */
  loadMore(node: Node): void {
    if (node.parent !== undefined) void this.#levels.readMore(node.parent);
  }

  /** The row of the place; undefined where it has none. */
  rowOf(place: Place): Node | undefined {
    return this.#source.placesHaveRows ? this.#root(place) : undefined;
  }

  /** The row of a tag, or of the repository; reads what is on the way to it. Undefined when it is not there. */
  async find(place: Place, repository: RepositoryName, tag?: Tag): Promise<Node | undefined> {
    return await findRow(this.#levels, this.#root(place), repository, tag);
  }

  #root(place: Place): PlaceNode {
    const root = this.#roots.get(place.id) ?? { kind: 'place', id: place.id, place, parent: undefined };
    root.place = place;
    this.#roots.set(place.id, root);
    return root;
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

  /**
   * The row of a tag is drawn anew at once where none below it can be unfolded. One that is just being unfolded then would
   * stay empty: such a tag waits until it is folded, unless it was known before.
   */
  async #learnUnfolded(node: TagNode): Promise<void> {
    this.#unfolded.add(node.id);
    const { nodes } = await this.#levels.read(node);
    const isFlat = nodes.every((row) => itemOf(row, this.#how).collapsibleState === TreeItemCollapsibleState.None);
    if (isFlat) this.#tags.learned(node);
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
