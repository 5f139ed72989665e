import { type CancellationToken, EventEmitter, type TreeDataProvider, type TreeItem, type TreeView } from 'vscode';

/** Where the rows of a view come from. */
export interface RowSource<N> {
  /** The rows below one, or the top ones. */
  children(node: N | undefined): Promise<readonly N[]>;
  item(node: N): TreeItem;
  parent(node: N): N | undefined;
  /** Completes a row's tooltip when the pointer rests on it. Absent where nothing is missing. */
  resolve?(item: TreeItem, node: N, token: CancellationToken): Promise<TreeItem>;
}

/** A view and the widget that shows it. */
export interface View<N extends object> {
  readonly lazy: LazyTree<N>;
  readonly widget: TreeView<N>;
}

/** Rows below one that are being read. */
interface Reading<N> {
  readonly node: N | undefined;
  /** Makes it end with no rows. */
  readonly overtake: () => void;
}

/** Milliseconds. A view that shows the rows around it reads them within that; one that does not, reads nothing. */
const MAX_READING = 1_500;
/** Milliseconds. */
const A_BREATH = 50;
/** Milliseconds. Rows that were given longer ago than that have arrived in the view. */
const UNDERWAY = 1_000;
/** Milliseconds. A view that shows what is below a row asks for it within that. */
const REASKED = 500;

/** Rows that are loaded when their view is first shown. */
export class LazyTree<N extends object> implements TreeDataProvider<N> {
  readonly #source: () => Promise<RowSource<N>>;
  /** Rows that the view knows, unless it has forgotten them since. */
  readonly #given = new WeakSet<N>();
  readonly #gave = new EventEmitter<N>();
  /** When the rows below one were given last, by `performance.now()`. */
  readonly #givenBelow = new WeakMap<N, number>();
  readonly #readings = new Set<Reading<N>>();
  readonly #changed = new EventEmitter<N | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(source: () => Promise<RowSource<N>>) {
    this.#source = source;
  }

  /**
   * Has the view read again what is below the row, or everything. Not at once: the rows below may just have been read, and
   * VS Code 1.106 would lose them if it heard of the change before it has taken them.
   */
  readonly changed = (node: N | undefined): void => void setTimeout(() => this.#change(node));

  /**
   * Rows that reach the view together with the news that they have changed are kept by it, while the extension host has
   * forgotten them: nothing could be done with them. Then it does not ask for them again, and is told once more.
   */
  #change(node: N | undefined): void {
    const given = node && this.#givenBelow.get(node);
    this.#changed.fire(node);
    if (node === undefined || given === undefined || performance.now() - given > UNDERWAY) return;
    setTimeout(() => {
      if (this.#givenBelow.get(node) === given) this.#changed.fire(node);
    }, REASKED);
  }

  async getChildren(node?: N): Promise<N[]> {
    const source = await this.#source();
    this.#overtake(source, node);
    const { promise: overtaken, resolve } = Promise.withResolvers<readonly N[]>();
    const reading: Reading<N> = { node, overtake: () => resolve([]) };
    this.#readings.add(reading);
    try {
      return [...(await Promise.race([source.children(node), overtaken]))];
    } finally {
      this.#readings.delete(reading);
      if (node !== undefined) this.#givenBelow.set(node, performance.now());
    }
  }

  async getTreeItem(node: N): Promise<TreeItem> {
    const source = await this.#source();
    this.#overtake(source, node);
    const item = source.item(node);
    this.#given.add(node);
    this.#gave.fire(node);
    return item;
  }

  /**
   * Waits until the view has read a row, or has had the time to: asked for a row that it is about to read, it reads it
   * twice, and VS Code 1.106 then shows none of the rows beside it.
   */
  async given(node: N): Promise<void> {
    if (this.#given.has(node)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MAX_READING);
    const subscription = this.#gave.event((row) => {
      // The rows beside it are given in the same breath.
      if (row === node) setTimeout(resolve, A_BREATH);
    });
    await promise;
    clearTimeout(timer);
    subscription.dispose();
  }

  async getParent(node: N): Promise<N | undefined> {
    return (await this.#source()).parent(node);
  }

  async resolveTreeItem(item: TreeItem, node: N, token: CancellationToken): Promise<TreeItem> {
    return (await (await this.#source()).resolve?.(item, node, token)) ?? item;
  }

  /**
   * Asked for a row or what is below it, the view has forgotten all rows below it, and will ask for those that are
   * unfolded again. Rows that came in for one of them now would be kept as top rows: their ids would be taken, and VS Code
   * 1.106 could not show them below the row that they belong to, ever.
   */
  #overtake(source: RowSource<N>, top: N | undefined): void {
    for (const { node, overtake } of this.#readings) {
      if (node !== undefined && isBelow(source, node, top)) overtake();
    }
  }

  dispose(): void {
    this.#changed.dispose();
    this.#gave.dispose();
  }
}

function isBelow<N>(source: RowSource<N>, node: N, top: N | undefined): boolean {
  if (top === undefined) return true;
  for (let row = source.parent(node); row !== undefined; row = source.parent(row)) if (row === top) return true;
  return false;
}
