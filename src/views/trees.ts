import type { Disposable, FileDecoration, TreeView } from 'vscode';
import type { Observer, RepositoryName, Tag } from '../oci/index.ts';
import type { ArtifactLooks } from './artifactLooks.ts';
import type { LayerConsent } from './layerConsent.ts';
import type { View } from './lazyTree.ts';
import type { Address, Place } from './places.ts';
import type { SeenTags } from './seenTags.ts';
import { isNamedNode, type NamedNode } from './tree/namedNode.ts';
import { type Node, placeOf } from './tree/node.ts';
import { RegistriesTree } from './tree/registriesTree.ts';
import { RepositoryTree } from './tree/repositoryTree.ts';
import type { DecoratedRows } from './tree/rowDecorations.ts';
import type { TagView } from './tree/tagView.ts';
import type { TagViews } from './tree/tagViews.ts';

/** The views, and what is shown in them. */
export interface TreesOptions {
  readonly registries: View<Node | NamedNode> & {
    readonly places: () => readonly Place[];
    /** What the workspace names and nobody has connected. */
    readonly named: () => readonly NamedNode[];
  };
  readonly local: View<Node> & { readonly place: Place };
  readonly pageSize: () => number;
  /** How artifacts show; default: as we know them. */
  readonly looks?: ArtifactLooks;
  /** Whether a push must not move a tag; default: by floe's own rule. */
  readonly isProtected?: (tag: Tag) => boolean;
  /** How the tags of repositories are shown; default: as ever, until somebody arranges them. */
  readonly views?: TagViews;
  /** Which layers may be read whole to show what is in them; default: small ones. */
  readonly consent?: LayerConsent;
  /** Where tags led when they were seen; default: nobody remembers. */
  readonly seen?: SeenTags;
  /** The row of this id, or any of those in view, may be marked in another way now. Default: nobody looks. */
  readonly marksChanged?: (id?: string) => void;
  readonly logError: (action: string, error: unknown) => void;
  /** Told of what is read. Default: nobody looks. */
  readonly observer?: Observer;
}

/** The two trees: connected registries, and the Local store. */
export class Trees implements DecoratedRows, Disposable {
  readonly registries: RepositoryTree;
  /** All rows of the view of registries. */
  readonly registriesView: RegistriesTree;
  readonly local: RepositoryTree;
  readonly #options: TreesOptions;
  readonly #subscriptions: readonly Disposable[];

  constructor(options: TreesOptions) {
    const { registries, local, pageSize, looks, isProtected, views, seen, consent, marksChanged, logError, observer } =
      options;
    const common = { pageSize, looks, isProtected, views, seen, consent, marksChanged, logError, observer };
    this.#options = options;
    this.registries = new RepositoryTree({
      ...common,
      places: registries.places,
      placesHaveRows: true,
      changed: registries.lazy.changed,
    });
    this.registriesView = new RegistriesTree(this.registries, registries.named);
    this.local = new RepositoryTree({
      ...common,
      places: () => [local.place],
      placesHaveRows: false,
      changed: local.lazy.changed,
    });
    this.#subscriptions = [
      registries.widget.onDidCollapseElement(({ element }) => !isNamedNode(element) && this.registries.folded(element)),
      local.widget.onDidCollapseElement(({ element }) => this.local.folded(element)),
    ];
  }

  /** A row of a tag has come into view. What it is marked with. */
  inView(id: string): FileDecoration | undefined {
    return this.registries.inView(id) ?? this.local.inView(id);
  }

  /** Reads again what is below the row, or everything. */
  refresh(node?: Node): void {
    if (node !== undefined) {
      this.#of(placeOf(node)).tree.refresh(node);
    } else {
      this.registries.refresh();
      this.local.refresh();
    }
  }

  /** Shows the row of a registry as it is now; what is below it stays. */
  redraw(registry: string): void {
    this.registries.redraw(registry);
  }

  /** Shows all rows as they are now, of what has been read. */
  redrawAll(): void {
    this.#options.registries.lazy.changed(undefined);
    this.#options.local.lazy.changed(undefined);
  }

  /** Reads again what is in a place. */
  refreshPlace(place: Place): void {
    this.#of(place).tree.refreshPlace(place);
  }

  /** Selects the row of a registry; what is below it stays. */
  async select(place: Place): Promise<void> {
    const { tree, widget } = this.#of(place);
    const row = tree.rowOf(place);
    if (row !== undefined) await widget.reveal(row, { select: true, focus: false });
  }

  loadMore(node: Node): void {
    this.#of(placeOf(node)).tree.loadMore(node);
  }

  /**
   * Reads again what the address is in, and nothing beside it, and selects its row; of a registry alone, its own row. A tag
   * that a filter hides stays hidden: its repository is selected. False when not even that is there.
   */
  async reveal(place: Place, address?: Address): Promise<boolean> {
    const { tree } = this.#of(place);
    if (address === undefined) tree.rereadPlace(place);
    const row = address === undefined ? tree.rowOf(place) : await tree.rereadRepository(place, address.repository);
    if (row === undefined) return false;
    const tag = address?.tag && (await tree.find(place, address.repository, address.tag));
    void this.#show(place, tag ?? row);
    return true;
  }

  /** Reads a repository again, and nothing beside it. */
  async rereadRepository(place: Place, repository: RepositoryName): Promise<void> {
    await this.#of(place).tree.rereadRepository(place, repository);
  }

  /** How the tags of a repository are shown now. */
  tagView(place: Place, repository: RepositoryName): TagView {
    return this.#of(place).tree.tagView(place, repository);
  }

  /** Shows the tags of a repository in another way, and its row with them. */
  async arrange(place: Place, repository: RepositoryName, view: TagView): Promise<void> {
    const row = await this.#of(place).tree.arrange(place, repository, view);
    if (row !== undefined) void this.#show(place, row);
  }

  /** Selects a row once the view knows it. What was done is done, whether or not it can be shown. */
  async #show(place: Place, row: Node): Promise<void> {
    const { lazy, widget } = this.#of(place);
    try {
      await lazy.given(row);
      await widget.reveal(row, { select: true, focus: false, expand: true });
    } catch (error) {
      this.#options.logError(`Showing ${row.id}`, error);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #of(place: Place): {
    readonly tree: RepositoryTree;
    readonly lazy: { given(row: Node): Promise<void> };
    readonly widget: Pick<TreeView<Node>, 'reveal'>;
  } {
    return place.kind === 'local'
      ? { tree: this.local, ...this.#options.local }
      : { tree: this.registries, ...this.#options.registries };
  }
}
