import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Credential } from '../../../src/oci/credentials/credentials.ts';
import type { AskedOfCloud } from './askCloud.ts';

const run = promisify(execFile);

export interface CloudOutcome {
  readonly credentials?: readonly (Credential | null)[];
  readonly error?: {
    readonly code: string;
    readonly details: Record<string, string>;
    readonly message: string;
    readonly cause: unknown;
  };
  /** What was logged, by event. */
  readonly events?: readonly Record<string, unknown>[];
  /** What the vendor's own client got. */
  readonly vendor?: string;
  /** Everything the process wrote. */
  readonly output: string;
}

/** A machine with nothing on it: an empty home, and the environment that a test gives it. */
export interface Machine extends AsyncDisposable {
  /** Writes a file, and resolves with its path. */
  file(name: string, text: string): Promise<string>;
  /**
   * Asks in a process of its own. The SDKs read their variables from their process, and keep for its whole life what they
   * once found out.
   */
  ask(environment: Readonly<Record<string, string>>, asked: AskedOfCloud): Promise<CloudOutcome>;
}

export async function makeMachine(): Promise<Machine> {
  const home = await mkdtemp(join(tmpdir(), 'cloud-'));
  const fixtures = join(import.meta.dirname, '../../fixtures/tls');
  return {
    async file(name, text) {
      await writeFile(join(home, name), text);
      return join(home, name);
    },
    async ask(environment, asked) {
      const env = { HOME: home, PATH: home, NODE_EXTRA_CA_CERTS: join(fixtures, 'ca.crt'), ...environment };
      const script = join(import.meta.dirname, 'askCloud.ts');
      const { stdout, stderr } = await run(process.execPath, [script, JSON.stringify(asked)], { env });
      return { ...JSON.parse(stdout), output: stdout + stderr };
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}
