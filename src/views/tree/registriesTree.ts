import type { CancellationToken, TreeItem } from 'vscode';
import type { RowSource } from '../lazyTree.ts';
import { itemOfRow } from './itemOfRow.ts';
import { drawNamed, isNamedNode, type NamedNode } from './namedNode.ts';
import type { Node } from './node.ts';
import type { RepositoryTree } from './repositoryTree.ts';

/** The connected registries, and below them what the workspace names besides. */
export class RegistriesTree implements RowSource<Node | NamedNode> {
  readonly #connected: RepositoryTree;
  readonly #named: () => readonly NamedNode[];

  constructor(connected: RepositoryTree, named: () => readonly NamedNode[]) {
    this.#connected = connected;
    this.#named = named;
  }

  async children(node: Node | NamedNode | undefined): Promise<readonly (Node | NamedNode)[]> {
    if (isNamedNode(node)) return [];
    const rows = await this.#connected.children(node);
    return node === undefined ? [...rows, ...this.#named()] : rows;
  }

  item(node: Node | NamedNode): TreeItem {
    return isNamedNode(node) ? itemOfRow(node.id, drawNamed(node)) : this.#connected.item(node);
  }

  parent(node: Node | NamedNode): Node | undefined {
    return isNamedNode(node) ? undefined : this.#connected.parent(node);
  }

  async resolve(item: TreeItem, node: Node | NamedNode, token: CancellationToken): Promise<TreeItem> {
    return isNamedNode(node) ? item : await this.#connected.resolve(item, node, token);
  }
}
