import { setImmediate as settled } from 'node:timers/promises';
import { throwIfAborted } from '../../../src/oci/errors.ts';
import type { Clock } from '../../../src/oci/transport/clock.ts';
import { below, type Random } from '../random.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time that passes only while `run` drives it: when nobody has anything to do any more, the next sleeper wakes, and of
 * several at one moment whichever the seed says. Nothing under it may wait for anything but this clock.
 */
export class VirtualClock implements Clock {
  readonly random: Random;
  #now: number;
  #sleepers: readonly Sleeper[] = [];

  constructor(random: Random = () => 0.5, now = 0) {
    this.random = random;
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    if (milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const sleeper = { at: this.#now + milliseconds, wake: resolve };
      this.#sleepers = [...this.#sleepers, sleeper];
      const leave = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
    });
    throwIfAborted(signal);
  }

  /** Lets time pass until the work is done. Fails when everybody waits and nobody sleeps: they wait for each other. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    let isOver = false;
    const result = work().finally(() => {
      isOver = true;
    });
    result.catch(() => {});
    for (;;) {
      await settled();
      if (isOver) return result;
      if (!this.#wakeNext()) throw new Error(`everybody waits for somebody else at ${this.#now} ms`);
    }
  }

  /** Lets exactly so much time pass. */
  pass(milliseconds: number): Promise<void> {
    return this.run(() => this.sleep(milliseconds));
  }

  #wakeNext(): boolean {
    const at = Math.min(...this.#sleepers.map((sleeper) => sleeper.at));
    const due = this.#sleepers.filter((sleeper) => sleeper.at === at);
    const next = due[below(this.random, due.length)];
    if (next === undefined) return false;
    this.#now = at;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
    next.wake();
    return true;
  }
}
