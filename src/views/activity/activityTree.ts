import type { TreeItem } from 'vscode';
import type { Activity, ActivityEntry, RequestSample } from '../../oci/index.ts';
import type { RowSource } from '../lazyTree.ts';
import { itemOfRow } from '../tree/itemOfRow.ts';
import type { ActivityNode, OperationNode, RegistriesNode, RegistryNode } from './activityNode.ts';
import { drawActivityNode } from './activityRows.ts';

const REGISTRIES: RegistriesNode = { row: 'registries' };

/** What was done lately in this window, and how the registries have answered. */
export class ActivityTree implements RowSource<ActivityNode> {
  readonly #activity: Pick<Activity, 'entries' | 'samples'>;
  readonly #onLook: () => void;
  readonly #registries = new Map<string, RegistryNode>();
  readonly #operations = new WeakMap<ActivityEntry, OperationNode>();

  /** @param onLook told each time when all rows are read */
  constructor(activity: Pick<Activity, 'entries' | 'samples'>, onLook: () => void = () => {}) {
    this.#activity = activity;
    this.#onLook = onLook;
  }

  async children(node?: ActivityNode): Promise<readonly ActivityNode[]> {
    const { entries, samples } = this.#activity;
    if (node?.row === 'registries') return [...samples].map(([registry, of]) => this.#registry(registry, of));
    if (node !== undefined) return [];
    this.#onLook();
    const operations = entries.map((entry) => this.#operation(entry));
    return samples.size === 0 ? operations : [REGISTRIES, ...operations];
  }

  item(node: ActivityNode): TreeItem {
    return itemOfRow(idOf(node), drawActivityNode(node, Date.now()));
  }

  #registry(registry: string, samples: readonly RequestSample[]): RegistryNode {
    const node = this.#registries.get(registry) ?? { row: 'registry', registry, samples };
    node.samples = samples;
    this.#registries.set(registry, node);
    return node;
  }

  #operation(entry: ActivityEntry): OperationNode {
    const node = this.#operations.get(entry) ?? { row: 'operation', entry };
    this.#operations.set(entry, node);
    return node;
  }

  parent(node: ActivityNode): ActivityNode | undefined {
    return node.row === 'registry' ? REGISTRIES : undefined;
  }
}

function idOf(node: ActivityNode): string {
  if (node.row === 'operation') return `operation|${node.entry.id}`;
  return node.row === 'registry' ? `registry|${node.registry}` : 'registries';
}
