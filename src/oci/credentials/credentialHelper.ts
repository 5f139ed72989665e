import { spawn } from 'node:child_process';
import { OciError, throwIfAborted } from '../errors.ts';
import type { Environment } from './environment.ts';
import { findProgram, isBatchFile } from './findProgram.ts';

/** What a credential helper can be asked for. https://github.com/docker/docker-credential-helpers#development */
export type HelperAction = 'get' | 'store' | 'erase';

/** How a credential helper is run. */
export interface HelperOptions {
  readonly environment: Environment;
  /** Host of the registry that is asked for, for messages. */
  readonly registry: string;
  /** Default 60: a keychain may be asking a person, and nobody waits much longer than that. */
  readonly timeoutSeconds?: number;
  /** Ends the program with CANCELLED. */
  readonly signal?: AbortSignal;
  /** By whose rules programs are looked for; default: this one's. */
  readonly platform?: NodeJS.Platform;
}

const TIMEOUT_SECONDS = 60;
/** Bytes of each stream. Real answers have some kilobytes. */
const MAX_OUTPUT = 64 * 1024;

/** Docker's configuration may come from somebody else's folder: a name must not lead to another program. */
const NAME = /^[a-z0-9._-]+$/;
const PREFIX = 'docker-credential-';

/** Variables that make Node, and an editor built with it, into something else; and secrets that are none of its business. */
const WITHHELD = /^(NODE_OPTIONS|ELECTRON_RUN_AS_NODE|FLOE_SECRET_.*|FLOE_REGISTRY_(TOKEN|PASSWORD))$/;

/** How all helpers built on Docker's library say that they know nothing. */
const NOT_FOUND = /credentials not found/i;

/**
 * Runs `docker-credential-NAME ACTION`, without a shell, with `input` as its standard input. Resolves with its standard
 * output, or undefined when it says that it knows no such credential.
 * @throws OciError MISSING_CREDENTIAL naming the helper and the registry: no such program, it failed, or took too long
 */
export async function runCredentialHelper(
  name: string,
  action: HelperAction,
  input: string,
  options: HelperOptions,
): Promise<string | undefined> {
  const { environment, signal } = options;
  const fail = (reason: string, cause?: unknown): never => {
    const reference = `${PREFIX}${NAME.test(name) ? name : '…'}`;
    const details = { reference, reason: `${reason}, when asked for ${options.registry}` };
    throw new OciError('MISSING_CREDENTIAL', `${reference}: ${details.reason}`, details, { cause });
  };
  if (!NAME.test(name)) return fail('the name of a credential helper has only a-z, 0-9, ".", "_" and "-"');
  throwIfAborted(signal);
  const { platform } = options;
  const program =
    (await findProgram(`${PREFIX}${name}`, environment, platform)) ?? fail('there is no such program on PATH');
  if (isBatchFile(program)) return fail(`${program} is a batch file, and only programs (.exe) are run`);
  const { code, stdout, stderr, failure } = await execute(program, action, input, options);
  throwIfAborted(signal);
  if (failure !== undefined) return fail(failure);
  if (code === 0) return stdout;
  if (NOT_FOUND.test(stdout) || NOT_FOUND.test(stderr)) return undefined;
  const said = quote(stdout, input) || quote(stderr, input);
  return fail(`it failed with code ${code}${said === '' ? '' : `: ${said}`}`);
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it was ended, or could not be run. */
  readonly failure?: string;
}

function execute(program: string, action: HelperAction, input: string, options: HelperOptions): Promise<Outcome> {
  const { environment, signal, timeoutSeconds = TIMEOUT_SECONDS } = options;
  const env = Object.fromEntries(Object.entries(environment).filter(([variable]) => !WITHHELD.test(variable)));
  return new Promise((resolve) => {
    const child = spawn(program, [action], { env, stdio: 'pipe', windowsHide: true });
    const output = { stdout: '', stderr: '' };
    const end = (code: number | null, failure?: string): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      // What it started may outlive it and hold the pipes open; nobody waits for that.
      child.kill('SIGKILL');
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      resolve({ code, ...output, ...(failure !== undefined && { failure }) });
    };
    const abort = (): void => end(null);
    const timer = setTimeout(() => end(null, `it did not answer in ${timeoutSeconds} seconds`), timeoutSeconds * 1000);
    signal?.addEventListener('abort', abort, { once: true });
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        output[stream] += chunk;
        if (output[stream].length > MAX_OUTPUT) end(null, `it said more than ${MAX_OUTPUT} bytes`);
      });
    }
    // A program that does not read its input is not wrong for that.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.once('error', (error) => end(null, `it cannot be run (${error.message})`));
    child.once('close', (code, killedBy) => end(code, killedBy === null ? undefined : `it was ended by ${killedBy}`));
  });
}

/** Long enough for a sentence. */
const MAX_QUOTE = 200;

/** The first line of what a helper said, fit for a message; nothing that looks like a credential, or repeats the input. */
function quote(output: string, input: string): string {
  const line = (output.trim().split('\n', 1)[0] ?? '').replace(/\p{C}+/gu, ' ').trim();
  const mayBeSecret = line.includes('{') || (input.startsWith('{') && input.includes(line));
  return mayBeSecret ? '' : line.slice(0, MAX_QUOTE);
}
