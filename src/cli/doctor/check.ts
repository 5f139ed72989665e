import { isOciError, redactText } from '../../oci/index.ts';
import { present } from '../present.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** `warning`: works, and may not be what is meant. `unknown`: could not be looked at. */
  readonly status: 'ok' | 'warning' | 'failed' | 'unknown';
  /** What was found, for people; fit to be shown to others. */
  readonly text: string;
  /** The same for programs. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** What lay underneath, outermost first. */
  readonly causes?: readonly string[];
  /** Why it failed: its exit code is that of the command. */
  readonly error?: unknown;
}

/** A check that found what it should. */
export function ok(name: string, text: string, facts?: Check['facts']): Check {
  return { name, status: 'ok', text, ...(facts && { facts }) };
}

/** A check that could not find out. */
export function unknown(name: string, text: string): Check {
  return { name, status: 'unknown', text };
}

/** Something that went wrong. @throws `error` itself when the user ended the command */
export function failed(name: string, error: unknown, status: 'failed' | 'warning' = 'failed'): Check {
  if (isOciError(error, 'CANCELLED')) throw error;
  const { message, code, hint, causes } = present(error);
  const facts = { code, hint };
  return { name, status, text: redactText(message), facts, causes, ...(status === 'failed' && { error }) };
}
