import { setTimeout as timer } from 'node:timers/promises';
import { throwIfAborted } from '../errors.ts';

/** Time and chance as the transport has them, so that a simulation can stand in for both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits so many milliseconds, not at all for 0 or less. @throws OciError CANCELLED at once when the signal is aborted */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
}

/** A timer for longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  async sleep(milliseconds, signal) {
    throwIfAborted(signal);
    if (milliseconds <= 0) return;
    const options = signal ? { signal } : {};
    await timer(Math.min(milliseconds, LONGEST_TIMER), undefined, options).catch(() => throwIfAborted(signal));
  },
};
