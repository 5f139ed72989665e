import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../oci/layout/support/temporaryFolder.ts';

interface Hanging {
  /** Sends a signal; resolves with the next line that is said. */
  interrupt(signal: NodeJS.Signals): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
}

async function hanging(...argv: readonly string[]): Promise<Hanging> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'support/hang.ts'), ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const ended = once(child, 'exit').then(([code, signal]) => [code, signal] as const);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await once(lines, 'line');
  return {
    interrupt: async (signal) => {
      const said = once(lines, 'line');
      child.kill(signal);
      const [line] = await said;
      return line;
    },
    kill: (signal) => child.kill(signal),
    ended,
  };
}

/** Longer than what a signal that comes twice by itself takes. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

function namedPipe(): string {
  const path = join(temporaryFolder(), 'pipe');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

describe.runIf(process.platform !== 'win32')('a command that hangs', () => {
  it.each([
    ['SIGINT', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGTERM'],
  ] as const)('is told to end by %s, and is ended by %s with 130', async (first, second) => {
    const child = await hanging();
    expect(await child.interrupt(first)).toBe('aborted');
    await pause();
    child.kill(second);
    expect(await child.ended).toEqual([130, null]);
  });

  it('is ended after a while by one signal alone', async () => {
    const child = await hanging();
    expect(await child.interrupt('SIGTERM')).toBe('aborted');
    expect(await child.ended).toEqual([130, null]);
  });

  it('is ended in the middle of a call of the system that never returns', async () => {
    const child = await hanging(namedPipe());
    expect(await child.interrupt('SIGINT')).toBe('aborted');
    await pause();
    child.kill('SIGINT');
    expect(await child.ended).toEqual([130, null]);
  });
});
