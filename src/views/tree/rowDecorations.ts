import { type Event, EventEmitter, type FileDecoration, type FileDecorationProvider, type Uri } from 'vscode';
import { idOfRowUri, rowUri } from './rowUri.ts';

/** Who knows the rows. */
export interface DecoratedRows {
  /** The row has come into view. What it is marked with, as far as that is known. */
  inView(id: string): FileDecoration | undefined;
}

/** VS Code asks for the decorations of rows that are in view, and of no others: that is how we know which these are. */
export class RowDecorations implements FileDecorationProvider {
  readonly #rows: () => Promise<DecoratedRows>;
  readonly #changed = new EventEmitter<Uri | undefined>();

  constructor(rows: () => Promise<DecoratedRows>) {
    this.#rows = rows;
  }

  get onDidChangeFileDecorations(): Event<Uri | undefined> {
    return this.#changed.event;
  }

  /** Of a row, or of all: VS Code asks again for those that are in view. */
  readonly changed = (id?: string): void => this.#changed.fire(id === undefined ? undefined : rowUri(id));

  /** Called for every file of the window: nothing is loaded for what is not ours. */
  async provideFileDecoration(uri: Uri): Promise<FileDecoration | undefined> {
    const id = idOfRowUri(uri);
    return id === undefined ? undefined : (await this.#rows()).inView(id);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
