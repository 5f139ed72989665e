import type { CustomDocument, CustomReadonlyEditorProvider, Uri, WebviewPanel } from 'vscode';

/** The `viewType` of the editor, as package.json has it. */
export const OVERVIEW_EDITOR = 'floeOci.overview';

/** Shows overviews; loaded when the first one is opened. */
export interface Overviews {
  show(uri: Uri, panel: WebviewPanel): void;
}

/** The overview of a manifest, as an editor of its document. */
export class OverviewEditors implements CustomReadonlyEditorProvider {
  readonly #overviews: () => Promise<Overviews>;

  /** @param overviews loads them on first use */
  constructor(overviews: () => Promise<Overviews>) {
    this.#overviews = overviews;
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): Promise<void> {
    (await this.#overviews()).show(uri, panel);
  }
}
