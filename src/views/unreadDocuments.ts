import { commands, type Uri } from 'vscode';
import { describeError } from './describeError.ts';
import type { Presenter } from './present.ts';

/** Who offers to mend what keeps a document from being read. */
export interface UnreadDocumentsOptions {
  readonly presenter: Pick<Presenter, 'offer'>;
  /** The user wants it now: who had to keep still may ask. */
  readonly onRetry: () => void;
}

/**
 * Documents that could not be read for want of a credential. A tab that comes back with its window asks nobody for one, and
 * VS Code's own "Try Again" is nothing that we hear of: one message for all of a registry offers what can be done.
 */
export class UnreadDocuments {
  readonly #options: UnreadDocumentsOptions;
  /** By registry, those that the message on the screen is about. */
  readonly #waiting = new Map<string, Map<string, Uri>>();

  constructor(options: UnreadDocumentsOptions) {
    this.#options = options;
  }

  /** Ends when the user has answered; any error that no credential would mend is left to the editor. */
  async offer(uri: Uri, error: unknown): Promise<void> {
    const { remedies } = describeError(error);
    if (!remedies.includes('secret') && !remedies.includes('credentials')) return;
    const registry = uri.authority;
    const known = this.#waiting.get(registry);
    if (known !== undefined) {
      known.set(uri.toString(), uri);
      return;
    }
    const uris = new Map([[uri.toString(), uri]]);
    this.#waiting.set(registry, uris);
    const isWanted = await this.#options.presenter.offer(error).answer.finally(() => this.#waiting.delete(registry));
    if (!isWanted) return;
    this.#options.onRetry();
    for (const each of uris.values()) await commands.executeCommand('vscode.open', each);
  }
}
