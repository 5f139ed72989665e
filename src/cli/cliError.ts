import { ExitCode } from './exitCodes.ts';

/** What the command line itself finds wrong, besides the codes of the core. */
export interface CliErrorDetails {
  /** The command was not written as it has to be. */
  readonly WRONG_USAGE: Record<string, never>;
  /** Some of what was asked for is missing from the result, which was printed. */
  readonly INCOMPLETE: { readonly missing: number; readonly of: number };
  /** The report, which was printed, names content that is not what its descriptor says. */
  readonly VERIFICATION_FAILED: { readonly problems: number; readonly checked: number };
}

/** Codes of errors that only the command line has; its details follow from it. */
export type CliErrorCode = keyof CliErrorDetails;

const EXIT_CODES: Readonly<Record<CliErrorCode, ExitCode>> = {
  WRONG_USAGE: ExitCode.wrongUsage,
  INCOMPLETE: ExitCode.failure,
  VERIFICATION_FAILED: ExitCode.verificationFailed,
};

/** Unlike the core's errors it is a sentence already, and `hint` says what to do. */
export class CliError<Code extends CliErrorCode = CliErrorCode> extends Error {
  override readonly name = 'CliError';
  readonly code: Code;
  readonly details: CliErrorDetails[Code];
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(code: Code, message: string, hint: string, details: CliErrorDetails[Code]) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.details = details;
    this.exitCode = EXIT_CODES[code];
  }
}

/** The error for a command line that cannot be meant; `hint` says what can. */
export function wrongUsage(message: string, hint: string): CliError<'WRONG_USAGE'> {
  return new CliError('WRONG_USAGE', message, hint, {});
}

/** The answer of a command is itself an exit code, and no error: nothing more is said. */
export class Verdict extends Error {
  override readonly name = 'Verdict';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** An error of a command whose answer is exit code 1, which it must not be taken for. Its `cause` is what is shown. */
export class NoVerdict extends Error {
  override readonly name = 'NoVerdict';

  constructor(cause: unknown) {
    super('there is no answer', { cause });
  }
}
