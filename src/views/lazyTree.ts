import { type CancellationToken, EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import type { Node } from './tree/node.ts';
import type { RepositoryTree } from './tree/repositoryTree.ts';

/** A tree that is loaded when its view is first shown. */
export class LazyTree implements TreeDataProvider<Node> {
  readonly #tree: () => Promise<RepositoryTree>;
  readonly #changed = new EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(tree: () => Promise<RepositoryTree>) {
    this.#tree = tree;
  }

  /** Has the view read again what is below the row, or everything. */
  readonly changed = (node: Node | undefined): void => this.#changed.fire(node);

  async getChildren(node?: Node): Promise<Node[]> {
    return [...(await (await this.#tree()).children(node))];
  }

  async getTreeItem(node: Node): Promise<TreeItem> {
    return (await this.#tree()).item(node);
  }

  async getParent(node: Node): Promise<Node | undefined> {
    return (await this.#tree()).parent(node);
  }

  async resolveTreeItem(item: TreeItem, node: Node, token: CancellationToken): Promise<TreeItem> {
    return await (await this.#tree()).resolve(item, node, token);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
