import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { CliIo } from '../../../src/cli/io.ts';
import { run } from '../../../src/cli/run.ts';
import { SecretSearch } from '../../support/secretSearch.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  /** Exactly what was written. */
  readonly bytes: Buffer;
  readonly stderr: string;
}

export interface CliWorld {
  readonly cwd?: string;
  /** Without FLOE_OCI_CACHE_DIR, the run has a cache of its own, which goes with it. */
  readonly env?: CliIo['env'];
  readonly signal?: AbortSignal;
  readonly confirm?: CliIo['confirm'];
  readonly ask?: CliIo['ask'];
  readonly stdin?: CliIo['stdin'];
  /** Columns of stderr as a terminal; absent: it is none. */
  readonly columns?: number;
}

/** Runs a command line in this process, in a world of its own. */
export async function runCli(argv: readonly string[], world: CliWorld = {}): Promise<CliResult> {
  const stdout = collector();
  const stderr = collector();
  const { columns, confirm, ask, stdin } = world;
  const ownCache = join(tmpdir(), `floe-oci-test-cache-${randomUUID()}`);
  const code = await run(argv, {
    stdout: stdout.stream,
    stderr: columns === undefined ? stderr.stream : Object.assign(stderr.stream, { isTTY: true, columns }),
    env: { FLOE_OCI_CACHE_DIR: ownCache, ...world.env },
    cwd: world.cwd ?? process.cwd(),
    signal: world.signal ?? new AbortController().signal,
    ...(confirm && { confirm }),
    ...(ask && { ask }),
    ...(stdin && { stdin }),
  });
  await rm(ownCache, { recursive: true, force: true });
  const bytes = stdout.content();
  refuseSecrets(world.env ?? {}, bytes.toString('utf8'), stderr.content().toString('utf8'));
  return { code, bytes, stdout: bytes.toString('utf8'), stderr: stderr.content().toString('utf8') };
}

/** Variables that hold a secret, and not the name of a file. */
const SECRET = /(PASSWORD|TOKEN|SECRET_ACCESS_KEY)$/;

/** Whatever a test is about, no command shows a secret of its environment. */
function refuseSecrets(env: CliIo['env'], ...texts: readonly string[]): void {
  const search = new SecretSearch();
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.length >= SecretSearch.minLength && SECRET.test(name)) search.add(name, value);
  }
  const leaks = texts.flatMap((text) => search.leaksIn(text, 'the output'));
  if (leaks.length > 0) throw new Error(`a secret was shown: ${leaks.join(', ')}`);
}

/** A stream that keeps what is written to it. */
export function collector(): { readonly stream: Writable; content(): Buffer } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, content: () => Buffer.concat(chunks) };
}

/** The error line that `--json` writes to stderr. */
export interface ErrorLine {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string; readonly details: unknown };
}

export function errorOf({ stderr }: Pick<CliResult, 'stderr'>): ErrorLine['error'] {
  return (JSON.parse(stderr) as ErrorLine).error;
}
