import { l10n } from 'vscode';
import type { TransferEvent } from '../../oci/index.ts';
import { formatDuration, formatSize } from '../format.ts';

/** The speed is that of so many last milliseconds: long enough to be steady, short enough to notice a line that died. */
const WINDOW = 5_000;
/** Milliseconds; before that a speed says little. */
const SHORTEST_WINDOW = 1_000;

interface Sample {
  readonly time: number;
  readonly moved: number;
}

/** Counts what a transfer tells, by digest; and with that how fast it is, when {@link sample} is called now and then. */
export class TransferMeter {
  readonly #sizes = new Map<string, number>();
  readonly #done = new Map<string, number>();
  readonly #finished = new Set<string>();
  #samples: readonly Sample[] = [];
  /** Bytes that were really on the way; what the destination had is done without being moved. */
  #moved = 0;
  #reported = 0;

  count(event: TransferEvent): void {
    const { digest, size } = event.descriptor;
    this.#sizes.set(digest, size);
    if (event.kind === 'progress') this.#moved += Math.max(0, event.bytes - (this.#done.get(digest) ?? 0));
    if (event.kind === 'finished') this.#finished.add(digest);
    else this.#finished.delete(digest);
    this.#done.set(digest, event.kind === 'finished' ? size : event.kind === 'progress' ? event.bytes : 0);
  }

  /** Remembers how far it is. `now` in milliseconds, from any clock that only goes forward. */
  sample(now: number): void {
    const earlier = this.#samples.filter(({ time }) => now - time <= WINDOW);
    this.#samples = [...earlier, { time: now, moved: this.#moved }];
  }

  /** As far as it is known; 0 before anything is. */
  get doneBytes(): number {
    return sum(this.#done);
  }

  /** Of what is known so far: it grows as manifests are read. */
  get totalBytes(): number {
    return sum(this.#sizes);
  }

  /** Undefined as long as nobody can tell. */
  get bytesPerSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.time - first.time < SHORTEST_WINDOW) return undefined;
    return ((last.moved - first.moved) / (last.time - first.time)) * 1_000;
  }

  /** `2 of 3 blobs · 1.2 MB of 80 MB · 12 MB/s · 7 s left`, of what is known so far. */
  get message(): string {
    const speed = this.bytesPerSecond;
    const left = this.totalBytes - this.doneBytes;
    return [
      l10n.t('{0} of {1} blobs', this.#finished.size, this.#sizes.size),
      l10n.t('{0} of {1}', formatSize(this.doneBytes), formatSize(this.totalBytes)),
      ...(speed === undefined ? [] : [`${formatSize(Math.round(speed))}/s`]),
      ...(speed === undefined || speed <= 0 || left <= 0 ? [] : [l10n.t('{0} left', formatDuration(left / speed))]),
    ].join(' · ');
  }

  /** Per cent since the last call; never negative, although the total grows as more becomes known. */
  takeIncrement(): number {
    const total = this.totalBytes;
    const percent = total === 0 ? 0 : Math.floor((this.doneBytes / total) * 100);
    const increment = Math.max(0, percent - this.#reported);
    this.#reported += increment;
    return increment;
  }
}

function sum(numbers: ReadonlyMap<string, number>): number {
  return [...numbers.values()].reduce((total, number) => total + number, 0);
}
