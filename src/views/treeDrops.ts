import {
  type CancellationToken,
  type DataTransfer,
  DataTransferItem,
  type TreeDragAndDropController,
  Uri,
} from 'vscode';

/** What is dropped on a row: rows of our trees, or files. */
export interface Dropped {
  /** Text that {@link DropTarget.drag} made of rows, or VS Code of its own knowledge of them. */
  readonly rows: readonly string[];
  /** Of files, and of the documents of rows. */
  readonly uris: readonly Uri[];
  /** What came as an address and is none. */
  readonly unreadable: readonly string[];
}

/** The rest of what a view can do with drags; loaded with everything else. */
export interface DropTarget<N> {
  /** Rows as text that says what they stand for, and the addresses of their documents. Empty text: they cannot be dragged. */
  drag(
    nodes: readonly N[],
    token: CancellationToken,
  ): Promise<{ readonly text: string; readonly uris: readonly Uri[] }>;
  drop(target: N | undefined, dropped: Dropped): Promise<void>;
}

const URI_LIST = 'text/uri-list';
/** Both our trees: VS Code wants the view's id in lower case. */
const TREES = ['floeOci.registries', 'floeOci.local'].map(mimeTypeOf);

/** Drags rows to repositories, registries and editors, and files to repositories. */
export class TreeDrops<N> implements TreeDragAndDropController<N> {
  readonly dragMimeTypes = [URI_LIST];
  readonly dropMimeTypes = [...TREES, URI_LIST];
  readonly #view: string;
  readonly #target: () => Promise<DropTarget<N>>;

  /** @param view id of the view whose rows are dragged */
  constructor(view: string, target: () => Promise<DropTarget<N>>) {
    this.#view = view;
    this.#target = target;
  }

  async handleDrag(nodes: readonly N[], data: DataTransfer, token: CancellationToken): Promise<void> {
    const { text, uris } = await (await this.#target()).drag(nodes, token);
    if (text === '') return;
    data.set(mimeTypeOf(this.#view), new DataTransferItem(text));
    if (uris.length > 0) data.set(URI_LIST, new DataTransferItem(uris.join('\r\n')));
  }

  async handleDrop(target: N | undefined, data: DataTransfer): Promise<void> {
    // Of one type may be several: VS Code's own comes before what `handleDrag` has set, and `get` knows the first alone.
    const known = [...data].filter(([type]) => this.dropMimeTypes.includes(type));
    const items = await Promise.all(known.map(async ([type, item]) => ({ type, text: await item.asString() })));
    const rows = items.filter(({ type }) => TREES.includes(type)).map(({ text }) => text);
    const lists = items.filter(({ type }) => type === URI_LIST).flatMap(({ text }) => text.split(/\r?\n/));
    const lines = new Set(lists.filter((line) => line !== '' && !line.startsWith('#')));
    const read = [...lines].map((line) => ({ line, uri: parsed(line) }));
    const uris = read.flatMap(({ uri }) => (uri === undefined ? [] : [uri]));
    const unreadable = read.flatMap(({ line, uri }) => (uri === undefined ? [line] : []));
    if (rows.length > 0 || lines.size > 0) await (await this.#target()).drop(target, { rows, uris, unreadable });
  }
}

/** Any program can be the source of a drag. */
function parsed(line: string): Uri | undefined {
  try {
    return Uri.parse(line, true);
  } catch {
    return undefined;
  }
}

function mimeTypeOf(view: string): string {
  return `application/vnd.code.tree.${view.toLowerCase()}`;
}
