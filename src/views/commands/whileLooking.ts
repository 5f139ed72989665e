import { ProgressLocation, window } from 'vscode';
import { cancelled } from '../../oci/index.ts';
import { signalOf } from '../cancellation.ts';

/** Milliseconds; what takes less would only flash. */
const PATIENCE = 500;

/** Does what has to be known before the next question, and offers to cancel it when it takes its time. */
export async function whileLooking<T>(title: string, look: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const looking = look(controller.signal);
  const timer = setTimeout(() => {
    const options = { location: ProgressLocation.Notification, title, cancellable: true };
    void window.withProgress(options, async (_progress, token) => {
      signalOf(token).addEventListener('abort', () => controller.abort(cancelled()), { once: true });
      await looking.catch(() => {});
    });
  }, PATIENCE);
  try {
    return await looking;
  } finally {
    clearTimeout(timer);
  }
}
