import type { Bench, Result } from '../bench.ts';
import { copyInside, pushAgain } from './copies.ts';
import { longLine } from './longLine.ts';
import { bulk, files, manyLayers } from './transfers.ts';

/** Every transfer that is measured, by the name it has on the command line, in the order of the table. */
export const scenarios: Readonly<Record<string, (bench: Bench) => Promise<readonly Result[]>>> = {
  bulk,
  files,
  'many-layers': manyLayers,
  'copy-inside': copyInside,
  'push-again': pushAgain,
  'long-line': longLine,
};
