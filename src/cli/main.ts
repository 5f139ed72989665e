import { currentFolder } from './currentFolder.ts';
import { abortAtSignal } from './interruption.ts';
import { pullHit } from './pullHit.ts';

const signal = abortAtSignal();
const world = { env: process.env, cwd: currentFolder(), signal, stdout: 1, stderr: 2 };
const isDone = await pullHit(process.argv.slice(2), world);
if (!isDone) {
  const { runProcess } = await import('./wholeProgram.ts');
  await runProcess(signal);
}
