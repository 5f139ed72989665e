import type { CancellationToken } from 'vscode';
import { cancelled } from '../oci/index.ts';

/** The user's Cancel as the core understands it: the one place where a token becomes a signal. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(cancelled());
  if (token.isCancellationRequested) abort();
  else token.onCancellationRequested(abort);
  return controller.signal;
}
