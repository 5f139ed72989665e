import { type Disposable, type Event, EventEmitter, l10n, type Progress, ProgressLocation, window } from 'vscode';
import { isOciError, type Observer, observeOperation } from '../../oci/index.ts';
import { signalOf } from '../cancellation.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import { Slots } from './slots.ts';
import { type Job, Transfer } from './transfer.ts';

/** At a time; each is several requests already. The others wait for their turn. */
const AT_A_TIME = 3;
/** Failed ones that can still be tried again; who has not done so after that many others does not want to. */
const MAX_FAILED = 10;
/** Often enough to look alive; more would only cost. Milliseconds. */
const INTERVAL = 250;

/** Everything that is being transferred in this window, what waits for its turn, and what failed and can be tried again. */
export class Transfers implements Disposable {
  readonly #presenter: Pick<Presenter, 'attempt' | 'logError' | 'offer'>;
  readonly #observer: Observer;
  readonly #changed = new EventEmitter<void>();
  readonly #slots = new Slots(AT_A_TIME);
  #all: readonly Transfer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(presenter: Pick<Presenter, 'attempt' | 'logError' | 'offer'>, observer: Observer) {
    this.#presenter = presenter;
    this.#observer = observer;
  }

  /** What there is to tell of them has changed. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Those that run, then those that wait. */
  get underWay(): readonly Transfer[] {
    const running = this.#all.filter(({ state }) => state === 'running');
    return [...running, ...this.#all.filter(({ state }) => state === 'waiting')];
  }

  /** The last one first. */
  get failed(): readonly Transfer[] {
    return this.#all.filter(({ state }) => state === 'failed').toReversed();
  }

  /** Does a job when it is its turn. Ends when all is done, or it was cancelled, or it has failed and the user knows. */
  async start<T>(job: Job<T>): Promise<void> {
    const transfer = new Transfer(job as Job<unknown>);
    this.#all = [...this.#all, transfer];
    await this.#carryOut(transfer);
  }

  /** Does one that failed once more; no other. */
  async retry(transfer: Transfer): Promise<void> {
    if (transfer.state !== 'failed' || !this.#all.includes(transfer)) return;
    transfer.reset();
    await this.#carryOut(transfer);
  }

  /** The message that offers it may have stood there for long: meanwhile it was done from elsewhere, or forgotten. */
  async #retryFromMessage(transfer: Transfer): Promise<void> {
    if (transfer.state !== 'failed') {
      const message =
        transfer.state === 'done'
          ? l10n.t('{0}: done by now.', transfer.title)
          : l10n.t('{0}: under way.', transfer.title);
      return void window.showInformationMessage(plainText(message));
    }
    if (!this.#all.includes(transfer)) this.#all = [...this.#all, transfer];
    await this.retry(transfer);
  }

  async #carryOut(transfer: Transfer): Promise<void> {
    this.#show();
    let done: () => Promise<void>;
    try {
      done = await this.#underNotification(transfer);
    } catch (error) {
      this.#presenter.logError(transfer.action, error);
      transfer.state = 'failed';
      if (isOciError(error, 'CANCELLED')) return this.#forget(transfer);
      return await this.#fail(transfer, error);
    }
    transfer.state = 'done';
    this.#forget(transfer);
    await this.#presenter.attempt(transfer.action, done);
  }

  async #underNotification(transfer: Transfer): Promise<() => Promise<void>> {
    const options = { location: ProgressLocation.Notification, title: transfer.title, cancellable: true };
    return await window.withProgress(options, async (progress, token) => {
      const signal = AbortSignal.any([signalOf(token), transfer.signal]);
      if (this.underWay.indexOf(transfer) >= AT_A_TIME)
        progress.report({ message: l10n.t('waiting for other transfers') });
      return await this.#slots.run(signal, async () => {
        transfer.state = 'running';
        const { meter } = transfer;
        const timer = setInterval(() => report(transfer, progress), INTERVAL);
        this.#show();
        try {
          return await observeOperation(this.#observer, transfer.operation, async (tell) => {
            tell(transfer.about);
            return await transfer.run({ signal, onEvent: (event) => meter.count(event), tell });
          });
        } finally {
          clearInterval(timer);
        }
      });
    });
  }

  async #fail(transfer: Transfer, error: unknown): Promise<void> {
    const offer = this.#presenter.offer(error);
    // Where nothing would be different the next time, there is nothing to keep it for.
    if (offer.isRepeatable && this.#all.includes(transfer)) {
      const tooMany = this.failed.slice(MAX_FAILED);
      this.#all = this.#all.filter((each) => !tooMany.includes(each));
      this.#show();
    } else {
      this.#forget(transfer);
    }
    if (await offer.answer) await this.#retryFromMessage(transfer);
  }

  #forget(transfer: Transfer): void {
    this.#all = this.#all.filter((each) => each !== transfer);
    this.#show();
  }

  /** While something runs, there is something new to tell all the time. */
  #show(): void {
    const isBusy = this.underWay.length > 0;
    if (isBusy) this.#timer ??= setInterval(() => this.#changed.fire(), INTERVAL);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#changed.fire();
  }

  dispose(): void {
    for (const transfer of this.underWay) transfer.cancel();
    clearInterval(this.#timer);
    this.#changed.dispose();
  }
}

function report({ meter }: Transfer, progress: Progress<{ message?: string; increment?: number }>): void {
  meter.sample(performance.now());
  progress.report({ message: meter.message, increment: meter.takeIncrement() });
}
