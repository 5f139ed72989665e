import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Starts a program of this folder, which ends with who started it or by itself. */
export function start(program: string, ...args: readonly string[]): ChildProcess {
  return fork(join(import.meta.dirname, program), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** What a program sends before it ends. @throws Error when it ends without */
export async function figuresOf<T>(program: string, ...args: readonly string[]): Promise<T> {
  const child = start(program, ...args);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program} ended with ${code}`);
  });
  const [figures] = (await Promise.race([once(child, 'message'), ended])) as [T];
  await ended.catch(() => {});
  return figures;
}
