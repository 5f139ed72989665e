import { CancellationTokenSource } from 'vscode';
import { type Logger, throwIfAborted } from '../../oci/index.ts';

/** Milliseconds. Who asks a vault over the network may take its time; a connection that waits for it must end. */
const PATIENCE = 30_000;

/**
 * Asks another extension for something. Whatever it does wrong is written to the log and counts as no answer: it
 * throws, takes too long, or answers something that it was not asked for.
 * @param read the answer in our shape; undefined for another shape
 */
export async function contained<T>(
  what: string,
  ask: (token: CancellationTokenSource['token']) => unknown,
  read: (answer: unknown) => T | undefined,
  { logger, signal, patience = PATIENCE }: { logger: Logger; signal?: AbortSignal | undefined; patience?: number },
): Promise<T | undefined> {
  throwIfAborted(signal);
  const cancellation = new CancellationTokenSource();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason);
  const timer = setTimeout(() => reject(new Error(`no answer within ${patience / 1000} seconds`)), patience);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    // Asked within a promise: what it throws at once is caught with the rest.
    const asked = Promise.resolve().then(() => ask(cancellation.token));
    const answer = await Promise.race([asked, ended]);
    const found = answer === undefined ? undefined : read(answer);
    if (answer !== undefined && found === undefined) throw new TypeError('an answer of another shape');
    return found;
  } catch (error) {
    throwIfAborted(signal);
    // Only what kind of error it is: nobody knows what a stranger puts into the text of one.
    logger.warn('contribution_failed', {
      contribution: what,
      reason: error instanceof Error ? error.name : typeof error,
    });
    return undefined;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    cancellation.cancel();
    cancellation.dispose();
  }
}
