import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** One command of somebody else's program, in a world of its own. */
export interface ClientRun {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it keeps what it keeps. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | undefined;
}

/** Longer than any of them takes: one that tries again for ever ends here. */
const LIMIT_MS = 60_000;

/** Runs it to its end. @returns what it printed @throws Error with what it said, when it fails */
export async function runClient({ program, args, home, env, stdin = '' }: ClientRun): Promise<string> {
  const own = { PATH: process.env['PATH'], HOME: home, DOCKER_CONFIG: home };
  const child = spawn(program, args, { cwd: home, env: { ...own, ...env }, timeout: LIMIT_MS });
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}
