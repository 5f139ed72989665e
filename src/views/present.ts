import { type LogOutputChannel, window } from 'vscode';
import { isOciError } from '../oci/index.ts';
import { describeError, explain, type Remedy } from './describeError.ts';
import { causeChain } from './logging.ts';

const LABELS: Readonly<Record<Remedy, string>> = { retry: 'Retry', credentials: 'Edit Credentials…' };
const SHOW_LOG = 'Show Log';

/** Shows errors with what can be done about them, and writes what is underneath to the log. */
export class Presenter {
  readonly #log: LogOutputChannel;
  readonly #editCredentials: (registry: string) => Promise<boolean>;

  /** @param editCredentials false when the user leaves it */
  constructor(log: LogOutputChannel, editCredentials: (registry: string) => Promise<boolean>) {
    this.#log = log;
    this.#editCredentials = editCredentials;
  }

  /**
   * Does a step of what the user wants. When it fails, the user sees why, and may have it done again, with other
   * credentials or the same. Undefined when it has failed for good or was cancelled, which is silence.
   */
  async attempt<T>(action: string, step: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await step();
      } catch (error) {
        this.logError(action, error);
        if (isOciError(error, 'CANCELLED') || !(await this.#isToBeRepeated(error))) return undefined;
      }
    }
  }

  /** Writes an error to the log alone, where the user sees it in another way. */
  logError(action: string, error: unknown): void {
    if (isOciError(error, 'CANCELLED')) this.#log.info(`${action}: cancelled`);
    else this.#log.error(`${action}: ${causeChain(error)}`);
  }

  async #isToBeRepeated(error: unknown): Promise<boolean> {
    const description = describeError(error);
    const { remedies, registry } = description;
    const buttons = [...remedies.map((remedy) => LABELS[remedy]), SHOW_LOG];
    const answer = await window.showErrorMessage(explain(description), ...buttons);
    if (answer === SHOW_LOG) this.#log.show();
    if (answer === LABELS.credentials && registry !== undefined) return await this.#editCredentials(registry);
    return answer === LABELS.retry;
  }
}
