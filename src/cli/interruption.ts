import { ExitCode } from './exitCodes.ts';

/** Milliseconds that a command has to end what it began, which takes one answer of a registry or less. */
const PATIENCE = 5000;

/** Milliseconds in which two signals are one: npm passes on a Ctrl+C that the terminal has given to us as well. */
const ECHO = 50;

/**
 * Aborted by the first SIGINT or SIGTERM, after which the command ends by itself. What does not end is ended: by a second
 * signal at once, and after five seconds without one; its exit code is that of a command which was cancelled.
 */
export function abortAtSignal(): AbortSignal {
  const controller = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const interrupt = (): void => {
    if (performance.now() - first > ECHO) leave(ExitCode.cancelled);
    if (controller.signal.aborted) return;
    first = performance.now();
    // Nothing may be left to wait for before that.
    process.exitCode = ExitCode.cancelled;
    setTimeout(leave, PATIENCE, ExitCode.cancelled).unref();
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return controller.signal;
}

/** What a thread may be busy with: a disk that is gone, a look-up of a name that nobody answers. */
const IN_A_THREAD = /^(?:FSReq|GetAddrInfoReq|GetNameInfoReq)/;

/**
 * Ends the process now. `process.exit` waits for calls of the system that threads are in, for as long as they take; where
 * one is under way, this process becomes another one that does nothing but end.
 */
export function leave(code: ExitCode): never {
  // Whatever holds us up from here on, the next signal is not ours to wait for.
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  if (process.execve !== undefined && process.getActiveResourcesInfo().some((name) => IN_A_THREAD.test(name))) {
    process.execve(process.execPath, [process.execPath, '--eval', `process.exit(${code})`], {});
  }
  process.exit(code);
}
