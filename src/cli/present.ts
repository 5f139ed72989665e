import { inspect } from 'node:util';
import { isOciError, redactText, visible, visibleJson } from '../oci/index.ts';
import { CliError } from './cliError.ts';
import { ExitCode, exitCodeOf } from './exitCodes.ts';
import { type Sentence, sentenceFor } from './sentences.ts';

/** An error made ready for people and scripts. */
export interface Presented extends Sentence {
  /** A code of the core, or of the command line, or `INTERNAL` for what should not happen. */
  readonly code: string;
  readonly details: unknown;
  readonly exitCode: ExitCode;
  /** What lay underneath, outermost first. */
  readonly causes: readonly string[];
}

/** Never fails, and never shows a stack trace. */
export function present(error: unknown): Presented {
  const causes = causesOf(error);
  if (isOciError(error)) {
    const { code, details } = error;
    return { ...sentenceFor(code, details), code, details, exitCode: exitCodeOf(code), causes };
  }
  if (error instanceof CliError) {
    const { code, message, hint, details, exitCode } = error;
    return { code, message, hint, details, exitCode, causes };
  }
  return {
    code: 'INTERNAL',
    message: `This should not have happened: ${redactText(messageOf(error))}.`,
    hint: 'Please report it, with the command and what --verbose shows.',
    details: {},
    exitCode: ExitCode.failure,
    causes,
  };
}

/** `error: …`, a line for each problem, `hint: …`; with `verbose` also what lay underneath. No line break at the end. */
export function errorText({ message, problems = [], hint, causes }: Presented, verbose: boolean): string {
  return [
    `error: ${message}`,
    ...problems.map((problem) => `  ${problem}`),
    `hint: ${hint}`,
    ...(verbose ? causes.map((cause) => `caused by: ${cause}`) : []),
  ]
    .map(visible)
    .join('\n');
}

/** The error line of `--json`. */
export function errorJson({ code, message, hint, details }: Presented): string {
  return visibleJson({ error: { code, message, hint, details } });
}

/** Deep enough for any honest chain; an error that is its own cause ends here too. */
const MAX_CAUSES = 8;

function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  let current = error;
  while (causes.length < MAX_CAUSES && current instanceof Error && current.cause !== undefined) {
    current = current.cause;
    causes.push(redactText(messageOf(current)));
  }
  return causes;
}

/** A system error's message is its code, call and path: `ENOSPC: no space left on device, write`. */
function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message.trim() || error.name;
  return typeof error === 'string' ? error.trim() : inspect(error, { depth: 0 });
}
