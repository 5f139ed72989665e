import { vi } from 'vitest';
import type { Random } from '../random.ts';
import type { VirtualClock } from './virtualClock.ts';
import { currentProcess, SimulatedProcess } from './virtualDisk.ts';

/** Larger than the id of any process that there is. */
const FIRST_PID = 2_000_000_000;

/**
 * Processes with ids of their own, which live as long as what they run, in the time of the clock. Until it is disposed of,
 * all that asks for the time, for chance or for processes is told of this world.
 */
export class SimulatedProcesses implements Disposable {
  readonly #pids = new Map<SimulatedProcess, number>();
  readonly #alive = new Set<number>();
  readonly #restore: () => void;

  constructor(clock: VirtualClock, random: Random) {
    const began = Date.now();
    const spies = [
      vi.spyOn(performance, 'now').mockImplementation(() => clock.now()),
      vi.spyOn(Date, 'now').mockImplementation(() => began + clock.now()),
      vi.spyOn(Math, 'random').mockImplementation(random),
      vi.spyOn(process, 'kill').mockImplementation((pid) => {
        if (!this.#alive.has(pid)) throw Object.assign(new Error(`no process ${pid}`), { code: 'ESRCH' });
        return true;
      }),
    ];
    const pid = Object.getOwnPropertyDescriptor(process, 'pid') as PropertyDescriptor;
    const own = (): number => this.#pids.get(currentProcess() as SimulatedProcess) ?? pid.value;
    Object.defineProperty(process, 'pid', { configurable: true, get: own });
    this.#restore = () => {
      Object.defineProperty(process, 'pid', pid);
      for (const spy of spies) spy.mockRestore();
    };
  }

  /** Runs it in a process of its own, to its end, or until what is passed to `born` is killed. */
  async run(work: () => Promise<void>, born: (process: SimulatedProcess) => void = () => {}): Promise<void> {
    const started = new SimulatedProcess();
    const pid = FIRST_PID + this.#pids.size;
    this.#pids.set(started, pid);
    this.#alive.add(pid);
    born(started);
    await started.run(work);
    this.#alive.delete(pid);
  }

  /** Whether it is neither killed nor at its end. */
  isAlive(process: SimulatedProcess): boolean {
    return this.#alive.has(this.#pids.get(process) ?? 0);
  }

  [Symbol.dispose](): void {
    this.#restore();
  }
}
