import type { TreeView } from 'vscode';
import type { LazyTree } from './lazyTree.ts';
import type { Address, Place } from './places.ts';
import { type Node, placeOf } from './tree/node.ts';
import { RepositoryTree } from './tree/repositoryTree.ts';

/** A view and the widget that shows it. */
export interface View {
  readonly lazy: LazyTree;
  readonly widget: TreeView<Node>;
}

export interface TreesOptions {
  readonly registries: View & { readonly places: () => readonly Place[] };
  readonly local: View & { readonly place: Place };
  readonly pageSize: () => number;
  readonly logError: (action: string, error: unknown) => void;
}

/** The two trees: connected registries, and the Local store. */
export class Trees {
  readonly registries: RepositoryTree;
  readonly local: RepositoryTree;
  readonly #options: TreesOptions;

  constructor(options: TreesOptions) {
    const { registries, local, pageSize, logError } = options;
    const common = { pageSize, logError };
    this.#options = options;
    this.registries = new RepositoryTree({
      ...common,
      places: registries.places,
      placesHaveRows: true,
      changed: registries.lazy.changed,
    });
    this.local = new RepositoryTree({
      ...common,
      places: () => [local.place],
      placesHaveRows: false,
      changed: local.lazy.changed,
    });
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

  loadMore(node: Node): void {
    this.#of(placeOf(node)).tree.loadMore(node);
  }

  /** Reads a place again and selects the row of the address in it; of a registry alone, its own row. False when it is not there. */
  async reveal(place: Place, address?: Address): Promise<boolean> {
    const { tree, widget } = this.#of(place);
    tree.refreshPlace(place);
    const node = address === undefined ? tree.rowOf(place) : await tree.find(place, address.repository, address.tag);
    if (node === undefined) return false;
    await widget.reveal(node, { select: true, focus: false, expand: true });
    return true;
  }

  #of(place: Place): { tree: RepositoryTree; widget: TreeView<Node> } {
    return place.kind === 'local'
      ? { tree: this.local, widget: this.#options.local.widget }
      : { tree: this.registries, widget: this.#options.registries.widget };
  }
}
