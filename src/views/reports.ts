import { type Disposable, l10n, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode';

const SCHEME = 'floe-oci-report';
/** Older ones can be made again; a text of a few kilobytes each. */
const MAX_KEPT = 50;

/** Texts that we write for the user to read: what a validation found, what differs. They are gone with the window. */
export class Reports implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration: Disposable;
  #count = 0;

  constructor() {
    this.#registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Opens a report in an editor. @param name the title of its tab; its ending says what language it is */
  async open(name: string, text: string): Promise<void> {
    await window.showTextDocument(this.put(name, text), { preview: false });
  }

  /** Keeps a text, for whoever opens it by the address. */
  put(name: string, text: string): Uri {
    this.#count += 1;
    const uri = Uri.from({ scheme: SCHEME, path: `/${this.#count}/${name.replaceAll('/', '-')}` });
    this.#texts.set(uri.path, text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MAX_KEPT && oldest !== undefined) this.#texts.delete(oldest);
    return uri;
  }

  provideTextDocumentContent({ path }: Uri): string {
    return this.#texts.get(path) ?? l10n.t('This report is no longer kept. Make it again by the command that made it.');
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
