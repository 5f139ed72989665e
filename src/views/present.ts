import { type LogOutputChannel, l10n, window } from 'vscode';
import { isOciError } from '../oci/index.ts';
import { describeError, type ErrorDescription, explain, type Remedy } from './describeError.ts';
import { causeChain } from './logging.ts';

const LABELS: Readonly<Record<Remedy, string>> = {
  retry: l10n.t('Retry'),
  credentials: l10n.t('Edit Credentials…'),
  secret: l10n.t('Set Secret…'),
};
const SHOW_LOG = l10n.t('Show Log');

/** What the user can do about an error at a registry; false when the user leaves it. */
export type Repair = Readonly<Record<'credentials' | 'secret', (registry: string) => Promise<boolean>>>;

/** Shows errors with what can be done about them, and writes what is underneath to the log. */
export class Presenter {
  readonly #log: LogOutputChannel;
  readonly #repair: Repair;

  constructor(log: LogOutputChannel, repair: Repair) {
    this.#log = log;
    this.#repair = repair;
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
        if (isOciError(error, 'CANCELLED') || !(await this.offer(error).answer)) return undefined;
      }
    }
  }

  /** Writes an error to the log alone, where the user sees it in another way. */
  logError(action: string, error: unknown): void {
    if (isOciError(error, 'CANCELLED')) this.#log.info(`${action}: cancelled`);
    else this.#log.error(`${action}: ${causeChain(error)}`);
  }

  /** Shows an error with what can be done about it. The answer is true when the user wants the step done again. */
  offer(error: unknown): { readonly isRepeatable: boolean; readonly answer: Promise<boolean> } {
    const description = describeError(error);
    return { isRepeatable: description.remedies.includes('retry'), answer: this.#ask(description) };
  }

  /** Does what the user has chosen about an error. True when the step is to be done again. */
  async repair(remedy: Remedy | 'log', { registry }: Pick<ErrorDescription, 'registry'>): Promise<boolean> {
    if (remedy === 'log') this.#log.show();
    if (remedy === 'retry' || remedy === 'log') return remedy === 'retry';
    return registry !== undefined && (await this.#repair[remedy](registry));
  }

  async #ask(description: ErrorDescription): Promise<boolean> {
    const remedies = [...description.remedies, 'log'] as const;
    const answer = await window.showErrorMessage(explain(description), ...remedies.map(labelOf));
    const remedy = remedies.find((each) => labelOf(each) === answer);
    return remedy !== undefined && (await this.repair(remedy, description));
  }
}

/** What the button of a remedy says. */
export function labelOf(remedy: Remedy | 'log'): string {
  return remedy === 'log' ? SHOW_LOG : LABELS[remedy];
}
