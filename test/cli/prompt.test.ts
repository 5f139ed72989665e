import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRegistry } from '../support/registry/index.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/** The source itself, which needs no build; what the build fills in is given by hand. */
const program = [
  process.execPath,
  '--import',
  'data:text/javascript,globalThis.FLOE_OCI_VERSION="test"',
  resolve(import.meta.dirname, '../../src/cli/main.ts'),
];

/** Runs the command line on a terminal of its own, typing each answer when its question is there. */
async function onTerminal(
  { folder }: Workspace,
  argv: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const command = [...program, ...argv].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: `${folder}/home`, SHELL: '/bin/sh', TERM: 'xterm', NODE_NO_WARNINGS: '1' },
  });
  let screen = '';
  let left = [...answers];
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const [next] = left;
    if (next === undefined || !screen.includes(next[0])) return;
    left = left.slice(1);
    // The terminal is set up for hidden input right after the question; what comes before that would be shown.
    setTimeout(() => child.stdin.write(next[1]), 200);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, screen };
}

describe('a person at a terminal', () => {
  it('is asked for user name and password, of which the password is not shown', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ auth: { username: 'me', password: 'right-password' } });
    const answers = [
      ['User name: ', 'me\r'],
      ['Password: ', 'right-password\r'],
    ] as const;
    const { code, screen } = await onTerminal(workspace, ['login', registry.host], answers);
    expect({ code, screen }).toMatchObject({
      code: 0,
      screen: expect.stringContaining(`Signed in to ${registry.host} as me.`),
    });
    expect(screen).not.toContain('right-password');
    const kept = JSON.parse(await readFile(workspace.path('home/.docker/config.json'), 'utf8'));
    expect(kept).toHaveProperty(['auths', registry.host]);
  });

  it('may change their mind', async () => {
    await using workspace = await makeWorkspace();
    const answers = [['Password: ', '\u0003']] as const;
    const { code, screen } = await onTerminal(workspace, ['login', '127.0.0.1:1', '-u', 'me'], answers);
    expect({ code, screen }).toMatchObject({ code: 130, screen: expect.stringContaining('Cancelled.') });
  });
});
