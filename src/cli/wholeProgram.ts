import { currentFolder } from './currentFolder.ts';
import { leave } from './interruption.ts';
import { createPrompt } from './prompt.ts';
import { finish, run } from './run.ts';

/** Runs the command line of this process, and ends it. */
export async function runProcess(signal: AbortSignal): Promise<never> {
  listen();
  const code = await run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: currentFolder(),
    signal,
    stdin: process.stdin,
    ...(process.stdin.isTTY && process.stderr.isTTY ? createPrompt(signal) : {}),
  });
  // Where writing to a pipe is not done at once, ending the process would cut what is still on its way, such as help.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  return leave(code);
}

/** Writes what is left of a result to stdout, and waits for it; what goes wrong is said, and is the exit code. */
export async function writeRest(bytes: Uint8Array): Promise<void> {
  listen();
  process.exitCode = await finish(bytes, process.argv.slice(2), process);
}

/** That a reader went away is told to whoever writes; without a listener it would end the process with a stack trace. */
function listen(): void {
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
}
