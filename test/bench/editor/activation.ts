import { join } from 'node:path';
import { median } from '../measure.ts';
import { figuresOf } from './figuresOf.ts';

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
    runs.push(await figuresOf('activationProcess.ts', join(dist, 'extension.js')));
  }
  return { load: median(runs.map(({ load }) => load)), activate: median(runs.map(({ activate }) => activate)) };
}
