import { ProgressLocation, window } from 'vscode';
import type { TransferEvent } from '../../oci/index.ts';
import { signalOf } from '../cancellation.ts';
import { formatSize } from '../format.ts';

export interface Transfer {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TransferEvent) => void;
}

/** Often enough to look alive; more would only cost. Milliseconds. */
const INTERVAL = 100;

/** Runs a transfer under a notification that counts bytes and can cancel it. */
export async function withTransferProgress<T>(title: string, task: (transfer: Transfer) => Promise<T>): Promise<T> {
  return await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const meter = new TransferMeter();
      let shownAt = Number.NEGATIVE_INFINITY;
      return await task({
        signal: signalOf(token),
        onEvent: (event) => {
          meter.count(event);
          const now = performance.now();
          if (event.kind === 'progress' && now - shownAt < INTERVAL) return;
          shownAt = now;
          progress.report({ message: meter.message, increment: meter.takeIncrement() });
        },
      });
    },
  );
}

/** Counts what a transfer tells, by digest. */
export class TransferMeter {
  readonly #sizes = new Map<string, number>();
  readonly #done = new Map<string, number>();
  readonly #finished = new Set<string>();
  #reported = 0;

  count(event: TransferEvent): void {
    const { digest, size } = event.descriptor;
    this.#sizes.set(digest, size);
    if (event.kind === 'finished') this.#finished.add(digest);
    else this.#finished.delete(digest);
    this.#done.set(digest, event.kind === 'finished' ? size : event.kind === 'progress' ? event.bytes : 0);
  }

  /** `2 of 3 · 1.2 MB of 80 MB`, of what is known so far. */
  get message(): string {
    const done = formatSize(sum(this.#done));
    return `${this.#finished.size} of ${this.#sizes.size} · ${done} of ${formatSize(sum(this.#sizes))}`;
  }

  /** Per cent since the last call; never negative, although the total grows as more becomes known. */
  takeIncrement(): number {
    const total = sum(this.#sizes);
    const percent = total === 0 ? 0 : Math.floor((sum(this.#done) / total) * 100);
    const increment = Math.max(0, percent - this.#reported);
    this.#reported += increment;
    return increment;
  }
}

function sum(numbers: ReadonlyMap<string, number>): number {
  return [...numbers.values()].reduce((total, number) => total + number, 0);
}
