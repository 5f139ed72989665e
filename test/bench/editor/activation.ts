import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { median } from '../measure.ts';

/** What it takes to activate the extension, in milliseconds, in a process of Node's that has loaded nothing else. */
export interface ActivationFigures {
  /** To load `extension.js` and what it imports. */
  readonly load: number;
  /** `activate`, without what VS Code does for each thing that is registered. */
  readonly activate: number;
}

/** Medians of several processes. */
export async function activationFigures(dist: string, rounds: number): Promise<ActivationFigures> {
  const runs: ActivationFigures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const child = fork(join(import.meta.dirname, 'activationProcess.ts'), [join(dist, 'extension.js')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the extension's process ended with ${code}`);
    });
    const [figures] = (await Promise.race([once(child, 'message'), ended])) as [ActivationFigures];
    runs.push(figures);
    await ended.catch(() => {});
  }
  return { load: median(runs.map(({ load }) => load)), activate: median(runs.map(({ activate }) => activate)) };
}
