import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { l10n, Uri } from 'vscode';
import { type CallOptions, cancelled } from '../../oci/index.ts';
import type { GraphLayout, ModelGraph } from './overview.ts';

/** Milliseconds. The largest graph takes 7 s, and longer where others want the processor, too. */
const MAX_TIME = 60_000;

/** The built file of `layoutWorker.ts`. */
export function layoutWorkerIn(extension: Uri): string {
  return Uri.joinPath(extension, 'dist/chunks/layoutWorker.js').fsPath;
}

/**
 * Lays a graph out in a thread of its own, so that nobody waits for it: hundreds of nodes take seconds.
 * @param worker see {@link layoutWorkerIn}
 * @throws OciError CANCELLED; Error when it takes too long
 */
export async function layoutInThread(
  worker: string,
  { nodes, edges }: ModelGraph,
  { signal }: CallOptions = {},
): Promise<GraphLayout> {
  if (signal?.aborted) throw cancelled();
  const thread = new Worker(worker, { workerData: { nodes, edges } });
  const timeout = AbortSignal.timeout(MAX_TIME);
  try {
    const [layout] = (await once(thread, 'message', {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })) as [GraphLayout];
    return layout;
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    if (timeout.aborted)
      throw new Error(l10n.t('The models are too many and too tangled to be drawn.'), { cause: error });
    throw error;
  } finally {
    await thread.terminate();
  }
}
