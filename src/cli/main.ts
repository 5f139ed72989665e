import { createPrompt } from './prompt.ts';
import { run } from './run.ts';

/** Aborts at the first signal; a second one finds no listener, and ends the process as it always does. */
function signalOfProcess(): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    process.off('SIGINT', abort).off('SIGTERM', abort);
    controller.abort();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  return controller.signal;
}

const signal = signalOfProcess();

// That a reader went away is told to whoever writes; without a listener it would end the process with a stack trace.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const code = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal,
  stdin: process.stdin,
  ...(process.stdin.isTTY && process.stderr.isTTY ? createPrompt(signal) : {}),
});
// Where writing to a pipe is not done at once, ending the process would cut what is still on its way, such as help.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit(code);
