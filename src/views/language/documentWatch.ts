import { type DiagnosticCollection, type Disposable, languages, type TextDocument, workspace } from 'vscode';
import type { review } from './review.ts';

/** Milliseconds without a key stroke before a document is looked at again, and how much more for a line: long ones take time. */
const PAUSE = 300;
const PAUSE_PER_LINE = 0.05;
const OURS = /(?:^|\/)(?:compiled_artifacts\.json|manifest\.yaml)$/;

/** Where the rest is: it is loaded when the first of the documents is opened. */
type Load = () => Promise<{ readonly review: typeof review }>;

/**
 * Keeps the Problems view up to date with the documents of floe that are open, saved or not. Looks at nothing but their
 * text. What belongs to somebody else, in a registry or in the history of a repository, is not judged.
 */
export class DocumentWatch implements Disposable {
  readonly #load: Load;
  readonly #problems: DiagnosticCollection = languages.createDiagnosticCollection('floe-oci');
  readonly #pauses = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: readonly Disposable[];

  constructor(load: Load) {
    this.#load = load;
    this.#subscriptions = [
      workspace.onDidOpenTextDocument((document) => this.#look(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) =>
        this.#look(document, PAUSE + PAUSE_PER_LINE * document.lineCount),
      ),
      workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    ];
    for (const document of workspace.textDocuments) this.#look(document, 0);
  }

  dispose(): void {
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    for (const subscription of [...this.#subscriptions, this.#problems]) subscription.dispose();
  }

  #look(document: TextDocument, pause: number): void {
    if (!isUsersOwn(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#pauses.get(key));
    this.#pauses.set(
      key,
      setTimeout(() => void this.#review(document, key), pause),
    );
  }

  async #review(document: TextDocument, key: string): Promise<void> {
    this.#pauses.delete(key);
    const { review } = await this.#load();
    const found = await review(document);
    // Closed, or about to be looked at again, in the meantime.
    if (!document.isClosed && !this.#pauses.has(key)) this.#problems.set(document.uri, found);
  }

  #forget({ uri }: TextDocument): void {
    const key = uri.toString();
    clearTimeout(this.#pauses.get(key));
    this.#pauses.delete(key);
    this.#problems.delete(uri);
  }
}

function isUsersOwn({ uri: { scheme, path } }: TextDocument): boolean {
  return OURS.test(path) && (scheme === 'untitled' || workspace.fs.isWritableFileSystem(scheme) === true);
}
