import type { Writable } from 'node:stream';

/** What the command line touches of the world, so that a test can be the world. */
export interface CliIo {
  /** Results, and nothing else. Exact bytes of content are not for a terminal, which would act on them. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Progress, warnings and errors. Progress is drawn only when `isTTY` says that this is a terminal. */
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative file names start here. */
  readonly cwd: string;
  /** Aborts the command: exit code 130, once what it started has ended. */
  readonly signal: AbortSignal;
  /** What is piped in; read only when a command asks for it. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  /** Asks a person for one line, which is not shown when `isHidden`; undefined when nobody answered. Absent where nobody can be asked. */
  readonly ask?: (question: string, options: { readonly isHidden: boolean }) => Promise<string | undefined>;
  /** Asks a person a yes-or-no question; absent where nobody can be asked. */
  readonly confirm?: (question: string) => Promise<boolean>;
}
