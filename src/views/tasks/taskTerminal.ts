import { EventEmitter, l10n, type Pseudoterminal, workspace } from 'vscode';
import { cancelled, isOciError, OciError, type TransferEvent } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { describeError, explain } from '../describeError.ts';
import { formatSize } from '../format.ts';
import { contentAt, destinationAt } from '../operations/content.ts';
import { type PullToParts, pullTo } from '../operations/pullTo.ts';
import { type PushToParts, pushTo } from '../operations/pushTo.ts';
import { referenceOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { Trees } from '../trees.ts';
import { readTask, type TransferTask } from './readTask.ts';
import type { WrittenTask } from './taskProvider.ts';

/** What tasks work with. */
export interface TaskParts extends PullToParts, PushToParts {
  readonly book: AddressBook;
  readonly trees: Pick<Trees, 'refreshPlace'>;
  readonly logError: (action: string, error: unknown) => void;
}

/** As the command line ends: an error of any kind, and one that was cancelled. */
const EXIT = { success: 0, failure: 1, cancelled: 130 } as const;

/** Does a task and tells of it, line by line; closing the terminal cancels it. */
export class TaskTerminal implements Pseudoterminal {
  readonly #parts: TaskParts;
  readonly #task: WrittenTask;
  readonly #wrote = new EventEmitter<string>();
  readonly #closed = new EventEmitter<number>();
  readonly #controller = new AbortController();
  readonly onDidWrite = this.#wrote.event;
  readonly onDidClose = this.#closed.event;

  constructor(parts: TaskParts, task: WrittenTask) {
    this.#parts = parts;
    this.#task = task;
  }

  open(): void {
    void this.#run();
  }

  close(): void {
    this.#controller.abort(cancelled());
  }

  /** Ctrl+C. */
  handleInput(typed: string): void {
    if (typed.includes('\u0003')) this.close();
  }

  async #run(): Promise<void> {
    try {
      if (!workspace.isTrusted) throw untrusted();
      const task = readTask(this.#task);
      const call = { signal: this.#controller.signal, onEvent: (event: TransferEvent) => this.#tell(event) };
      this.#say(await (task.command === 'push' ? this.#push(task, call) : this.#pull(task, call)));
      this.#closed.fire(EXIT.success);
    } catch (error) {
      this.#parts.logError('task', error);
      this.#say(explain(describeError(error)));
      this.#closed.fire(isOciError(error, 'CANCELLED') ? EXIT.cancelled : EXIT.failure);
    }
  }

  async #push({ reference, path }: TransferTask, call: TransferCall): Promise<string> {
    const destination = await destinationAt(this.#parts.book, reference);
    const name = referenceOf(destination);
    this.#say(l10n.t('Pushing {0} to {1}', workspace.asRelativePath(path), name));
    const { outcome, descriptor } = await pushTo(this.#parts, [path], destination, call);
    if (destination.place.kind !== 'layout') this.#parts.trees.refreshPlace(destination.place);
    return outcome === 'unchanged'
      ? l10n.t('{0} is this artifact already; nothing was sent. {1}', name, descriptor.digest)
      : l10n.t('Pushed {0}. {1}', name, descriptor.digest);
  }

  /** Who writes a task that pulls wants what is pulled in the place of what was. */
  async #pull({ reference, path }: TransferTask, call: TransferCall): Promise<string> {
    const content = await contentAt(this.#parts.book, reference);
    const name = referenceOf(content.address);
    this.#say(l10n.t('Pulling {0} to {1}', name, workspace.asRelativePath(path)));
    const { digest, files, problems } = await pullTo(this.#parts, content, path, { ...call, force: true });
    for (const { uri, size } of files) this.#say(`${workspace.asRelativePath(uri)}  ${formatSize(size)}`);
    for (const { path, message } of problems) this.#say(l10n.t('Warning: {0} {1}', path, message));
    return l10n.t('Pulled {0}. {1}', name, digest);
  }

  #tell(event: TransferEvent): void {
    if (event.kind !== 'finished') return;
    const { descriptor, outcome } = event;
    this.#say(`${descriptor.digest}  ${formatSize(descriptor.size)}  ${outcome}`);
  }

  /** Names come from registries: what a terminal would take for more than text is gone. */
  #say(line: string): void {
    this.#wrote.fire(`${plainText(line, 2_000)}\r\n`);
  }
}

function untrusted(): OciError<'UNSUPPORTED'> {
  const what = l10n.t('running a task of a workspace that is not trusted');
  return new OciError('UNSUPPORTED', what, { what, instead: l10n.t('Trust the workspace first') });
}
