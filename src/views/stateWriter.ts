import type { Memento } from 'vscode';
import type { Logger } from '../oci/index.ts';

/** What is changed, and how. */
interface Change {
  readonly key: string;
  readonly to: (before: unknown) => unknown;
}

/**
 * Changes values that outlive the window, one after the other, so that none goes by what another is about to replace. What
 * cannot be kept is a line in the log, and fails nothing: it has to be seen or asked again.
 */
export class StateWriter {
  readonly #state: Pick<Memento, 'get' | 'update'>;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #waiting: Change[] = [];
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();

  constructor(state: Pick<Memento, 'get' | 'update'>, logger: Pick<Logger, 'warn'>) {
    this.#state = state;
    this.#logger = logger;
  }

  /** The value as it is then, changed. Begins at once where nothing is being written. */
  change(key: string, to: (before: unknown) => unknown): void {
    this.#waiting.push({ key, to });
    if (!this.#isWriting) this.#written = this.#write();
  }

  /** Until what was changed has been kept, or not. */
  settled(): Promise<void> {
    return this.#written;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { key, to } = next;
      try {
        await this.#state.update(key, to(this.#state.get<unknown>(key)));
      } catch (error) {
        this.#logger.warn('state_not_kept', { key, error });
      }
    }
    this.#isWriting = false;
  }
}
