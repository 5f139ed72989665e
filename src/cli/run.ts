import { CommanderError } from 'commander';
import { NoVerdict, Verdict } from './cliError.ts';
import { ExitCode } from './exitCodes.ts';
import type { CliIo } from './io.ts';
import { OutputClosed, write } from './output.ts';
import { createProgram, VersionAsked } from './program.ts';

/**
 * Runs one command line, without the program's name. Resolves with its exit code once everything it started has ended
 * and its output has left; never rejects.
 */
export async function run(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let help = '';
  const keepHelp = (text: string): void => {
    help += text;
  };
  try {
    await createProgram(io, keepHelp).parseAsync(argv, { from: 'user' });
    return ExitCode.success;
  } catch (error) {
    if (error instanceof VersionAsked) return await printVersion(argv, io);
    if (error instanceof Verdict) return error.exitCode;
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    if (isHelp) return await finish(Buffer.from(help), argv, io);
    if (error instanceof OutputClosed) return ExitCode.success;
    if (!(error instanceof NoVerdict)) return await report(error, argv, io);
    const exitCode = await report(error.cause, argv, io);
    return exitCode === ExitCode.failure ? ExitCode.noAnswer : exitCode;
  }
}

/** Writes what is left of a command's result. Resolves with the exit code. */
export async function finish(
  bytes: Uint8Array,
  argv: readonly string[],
  io: Pick<CliIo, 'stdout' | 'stderr'>,
): Promise<ExitCode> {
  try {
    await write(io.stdout, bytes);
    return ExitCode.success;
  } catch (error) {
    return error instanceof OutputClosed ? ExitCode.success : await report(error, argv, io);
  }
}

async function report(error: unknown, argv: readonly string[], io: Pick<CliIo, 'stderr'>): Promise<ExitCode> {
  const { errorJson, errorText, present } = await import('./present.ts');
  const presented = present(error);
  // The command line may be what is wrong, so that its options are not to be had from the parser.
  const end = argv.indexOf('--');
  const options = ` ${argv.slice(0, end < 0 ? undefined : end).join(' ')} `;
  const isJson = / --json | --log-format[ =]json /.test(options);
  const text = isJson ? errorJson(presented) : errorText(presented, options.includes(' --verbose '));
  const { withoutSent } = await import('../oci/index.ts');
  await write(io.stderr, `${withoutSent(text)}\n`).catch(() => {});
  return presented.exitCode;
}

async function printVersion(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const { version } = await import('../oci/index.ts');
  return await finish(Buffer.from(`${version}\n`), argv, io);
}
