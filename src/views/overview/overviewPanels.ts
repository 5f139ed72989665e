import type { Uri, WebviewPanel } from 'vscode';
import type { Overviews } from './overviewEditors.ts';
import { type OverviewParts, OverviewSession } from './overviewSession.ts';
import { pageFolder, pageHtml } from './pageHtml.ts';
import { pageMessage } from './pageMessage.ts';

/** Puts overviews into the panels that the editor makes for them. */
export class OverviewPanels implements Overviews {
  readonly #parts: OverviewParts;
  readonly #extension: Uri;

  /** @param extension the folder of the extension */
  constructor(parts: OverviewParts, extension: Uri) {
    this.#parts = parts;
    this.#extension = extension;
  }

  show(uri: Uri, panel: WebviewPanel): void {
    const { webview } = panel;
    const session = new OverviewSession(this.#parts, uri, (message) => {
      void webview.postMessage(message);
    });
    webview.options = { enableScripts: true, localResourceRoots: [pageFolder(this.#extension)] };
    webview.onDidReceiveMessage(async (received: unknown) => {
      const message = pageMessage.safeParse(received);
      if (!message.success) return this.#parts.logError('Overview', message.error);
      await session.take(message.data);
    });
    panel.onDidDispose(() => session.dispose());
    webview.html = pageHtml(webview, this.#extension);
  }
}
