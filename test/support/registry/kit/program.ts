import { openSync, writeSync } from 'node:fs';
import { redactHeaders, redactUrl } from '../../../../src/oci/transport/redact.ts';
import type { LoggedRequest } from '../log.ts';
import { withFaults } from '../namedFaults.ts';
import type { RegistryOptions } from '../options.ts';
import { PROFILES } from '../profiles.ts';
import { startRegistry } from '../server.ts';
import { HELP, parseArguments, type Task, UsageError } from './arguments.ts';
import { listing, SEEDED } from './listing.ts';

/** Exit codes of sysexits.h, as the command line of this project has them. */
const EXIT = { ok: 0, unavailable: 69, usage: 64, cannotCreate: 73 };

/** Runs the test registry as a program, until a signal ends it. @returns the exit code */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    const task = parseArguments(argv);
    if (task.kind !== 'serve') {
      process.stdout.write(task.kind === 'help' ? HELP : listing());
      return EXIT.ok;
    }
    return await serve(task);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fail(EXIT.usage, `${error.message}\nfloe-oci-test-registry --help says what there is.`);
  }
}

async function serve({ profile, faults, address, port, log }: Task & { readonly kind: 'serve' }): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const file = log === undefined ? undefined : openLog(log);
  if (typeof file === 'string') return fail(EXIT.cannotCreate, file);
  const base: RegistryOptions = profile === undefined ? {} : PROFILES[profile].options;
  const onRequest = file && ((request: LoggedRequest) => writeSync(file.descriptor, lineOf(request)));
  try {
    await using registry = await startRegistry({
      ...withFaults(base, faults),
      address,
      port,
      ...(onRequest && { onRequest }),
    });
    if (profile !== undefined && PROFILES[profile].wantsRepositories) SEEDED.forEach(registry.repository);
    process.stdout.write(`${registry.url}\n`);
    await stopped;
  } catch (error) {
    const isOfAddress =
      error instanceof Error && 'syscall' in error && /^(listen|getaddrinfo)$/.test(`${error.syscall}`);
    if (!isOfAddress) throw error;
    return fail(EXIT.unavailable, `cannot listen at ${address}, port ${port}: ${error.message}`);
  }
  return EXIT.ok;
}

/** The file, open until the program ends, as requests end after their connections; or why it cannot be written. */
function openLog(file: string): { readonly descriptor: number } | string {
  try {
    return { descriptor: openSync(file, 'w', 0o600) };
  } catch (error) {
    return `cannot write ${file}: ${error instanceof Error ? error.message : error}`;
  }
}

/** A request as a line of JSON: of headers only what is known to hold no secret, of credentials their scheme. */
function lineOf({ path, headers, ...request }: LoggedRequest): string {
  const url = new URL(path, 'http://registry');
  // How far a list or an upload has come is the registry's own word; elsewhere a query may hold anything.
  const shown = url.pathname.startsWith('/v2/') ? path : redactUrl(url).slice(url.origin.length);
  return `${JSON.stringify({ ...request, path: shown, headers: redactHeaders(headers) })}\n`;
}

function fail(code: number, message: string): number {
  process.stderr.write(`error: ${message}\n`);
  return code;
}
