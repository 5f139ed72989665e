import { type Descriptor, isOciError, type Observer, type Operation } from '../../oci/index.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { Level, LevelOptions } from './level.ts';
import { readLevel } from './levels.ts';
import { addressOf, type Node, placeOf } from './node.ts';
import type { TagView } from './tagView.ts';

/** What it is to read below a row that somebody has unfolded. */
const READING: Readonly<Partial<Record<Node['kind'], Operation>>> = {
  place: 'repos',
  repository: 'list',
  tag: 'inspect',
  content: 'inspect',
};

/** How the levels of a tree are read. */
export interface OpenLevelsOptions {
  readonly pageSize: () => number;
  /** How the tags of a repository are shown, by the id of its row. */
  readonly viewOf: (id: string) => TagView;
  /** Whether the row of a tag was unfolded when it was last seen. */
  readonly isUnfolded: (id: string) => boolean;
  /** Whether a layer may be read whole to show what is in it. */
  readonly mayRead: (layer: Descriptor) => boolean;
  /** The rows below one are others now. */
  readonly changed: (node: Node) => void;
  /** A level has been read, and nothing else since. */
  readonly onRead: (node: Node) => void;
  readonly logError: (action: string, error: unknown) => void;
  /** Told of what is read. Default: nobody looks. */
  readonly observer?: Observer | undefined;
}

interface OpenLevel {
  readonly level: Promise<Level>;
  readonly controller: AbortController;
}

/** What is below the rows that were unfolded: read once, and kept until it is forgotten. */
export class OpenLevels {
  readonly #options: OpenLevelsOptions;
  readonly #open = new Map<string, OpenLevel>();
  /** Rows that were refreshed, with what is below them: what is read there is asked of the registry. */
  readonly #refreshed = new Set<string>();
  #isAllRefreshed = false;

  constructor(options: OpenLevelsOptions) {
    this.#options = options;
  }

  /** Whether it has been read, or is being read. */
  has(id: string): boolean {
    return this.#open.has(id);
  }

  /** What is below the row. Never fails: an error is a row, and the levels beside it are not touched by it. */
  read(node: Node): Promise<Level> {
    // Its rows came with those around it, and come anew with each page of them.
    if (node.kind === 'folder' || node.kind === 'entry') return Promise.resolve({ nodes: node.children });
    const known = this.#open.get(node.id);
    if (known !== undefined) return known.level;
    const controller = new AbortController();
    const level = this.#orErrorRow(node, this.#read(node, this.#optionsFor(node, controller.signal)));
    this.#open.set(node.id, { level, controller });
    void level.then(() => {
      if (this.#open.get(node.id)?.level === level) this.#options.onRead(node);
    });
    return level;
  }

  /** So that it is seen, where it is in a registry: what is in a folder is there at once. */
  #read(node: Node, options: LevelOptions): Promise<Level> {
    const { observer } = this.#options;
    const operation = READING[node.kind];
    if (observer === undefined || operation === undefined) return readLevel(node, options);
    const about = addressOf(node) ?? { place: placeOf(node) };
    if (about.place.kind !== 'registry') return readLevel(node, options);
    return observeAt(observer, operation, about, () => readLevel(node, options));
  }

  /** The same with one more page. */
  readMore(node: Node): Promise<Level> {
    const open = this.#open.get(node.id);
    if (open === undefined) return this.read(node);
    const level = this.#orErrorRow(
      node,
      open.level.then(async (known) => (await known.more?.()) ?? known),
    );
    this.#open.set(node.id, { ...open, level });
    this.#options.changed(node);
    return level;
  }

  /** Forgets what is below the row, or everything, and stops what is being read there. */
  forget(top: Node | undefined): void {
    for (const [id, { controller }] of this.#open) {
      if (top !== undefined && !isAtOrBelow(id, top.id)) continue;
      controller.abort();
      this.#open.delete(id);
    }
  }

  /** What is read from now on below the row, or anywhere, is asked of the registry, whatever the cache knows. */
  distrust(top: Node | undefined): void {
    if (top === undefined) this.#isAllRefreshed = true;
    else this.#refreshed.add(top.id);
  }

  /** Whether it is below what was refreshed. */
  isDistrusted({ id }: Node): boolean {
    return this.#isAllRefreshed || [...this.#refreshed].some((top) => isAtOrBelow(id, top));
  }

  #optionsFor(node: Node, signal: AbortSignal): LevelOptions {
    const { pageSize, viewOf, isUnfolded, mayRead } = this.#options;
    const refresh = this.isDistrusted(node);
    return { pageSize: pageSize(), signal, refresh, view: viewOf(node.id), isUnfolded, mayRead };
  }

  /** Who waits for what a refresh has ended gets the new. */
  async #orErrorRow(parent: Node, level: Promise<Level>): Promise<Level> {
    try {
      return await level;
    } catch (error) {
      if (isOciError(error, 'CANCELLED')) return this.read(parent);
      this.#options.logError(`Reading ${parent.id}`, error);
      return { nodes: [{ kind: 'error', id: `${parent.id}|error`, error, parent }] };
    }
  }
}

/** Whether a row is the row `top` or below it, by their ids. */
export function isAtOrBelow(id: string, top: string): boolean {
  return id === top || id.startsWith(top.endsWith('/') ? top : `${top}|`);
}
