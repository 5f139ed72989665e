import { commands, ProgressLocation, window } from 'vscode';
import type { Cache, CallOptions } from '../../oci/index.ts';
import type { Caches } from '../caches.ts';
import { signalOf } from '../cancellation.ts';
import { formatSize } from '../format.ts';
import { plainText } from '../plainText.ts';

export interface CacheParts {
  readonly caches: Pick<Caches, 'all'>;
  readonly cacheView: { refresh(): void };
}

/** Opens the Cache view. */
export async function showCache(): Promise<void> {
  await commands.executeCommand('floeOci.cache.focus');
}

/** Reads everything in the cache again; what is not what its name says goes. */
export async function verifyCache(parts: CacheParts): Promise<void> {
  const found = await overCaches(parts, 'Verifying the cache', (cache, options) => cache.verify(options));
  if (found === undefined) return;
  const checked = sum(found.map((one) => one.checked));
  const removed = found.flatMap((one) => one.removed);
  const [first] = removed;
  if (first === undefined) {
    void window.showInformationMessage(`${count(checked, 'file')} checked; all are as they should be.`);
    return;
  }
  const example = `${first.path}: ${first.reason}`;
  const message = `${removed.length} of ${count(checked, 'file')} in the cache were damaged and are removed; they are fetched again when they are needed. If it happens often, look at the disk. The first: ${example}`;
  void window.showWarningMessage(plainText(message));
}

/** Removes what has expired, what is over the limit, and what nothing leads to. */
export async function pruneCache(parts: CacheParts): Promise<void> {
  const found = await overCaches(parts, 'Pruning the cache', (cache, options) => cache.prune(options));
  if (found === undefined) return;
  const removed = sum(found.map((one) => one.removed));
  const freed = sum(found.map((one) => one.freedBytes));
  void window.showInformationMessage(`${count(removed, 'reference')} removed, ${formatSize(freed)} freed.`);
}

/** Removes everything from the cache, when the user has agreed to that. */
export async function clearCache(parts: CacheParts): Promise<void> {
  const { all } = parts.caches;
  const found = await Promise.all(all.map((cache) => cache.status()));
  const entries = sum(found.map((one) => one.entries));
  const size = sum(found.map((one) => one.totalSizeBytes));
  if (size === 0) return void window.showInformationMessage('The cache is empty.');
  const clear = 'Clear';
  const where = all.map(({ path }) => path).join(', ');
  const detail = `${count(entries, 'reference')} and ${formatSize(size)} in ${where}, which other windows use too. What is needed again is fetched again; nothing changes in any registry.`;
  if ((await window.showWarningMessage('Clear the cache?', { modal: true, detail }, clear)) !== clear) return;
  const done = await overCaches(parts, 'Clearing the cache', (cache, options) => cache.clear(options));
  if (done !== undefined) window.setStatusBarMessage(`$(check) ${formatSize(size)} freed`, 5_000);
}

/** One after the other, under a notification that can cancel it. Undefined when there is no cache. */
async function overCaches<T>(
  { caches, cacheView }: CacheParts,
  title: string,
  task: (cache: Cache, options: CallOptions) => Promise<T>,
): Promise<readonly T[] | undefined> {
  if (caches.all.length === 0) {
    const open = 'Open Settings';
    const answer = await window.showInformationMessage('The cache is switched off.', open);
    if (answer === open) await commands.executeCommand('workbench.action.openSettings', 'floeOci.cache');
    return undefined;
  }
  try {
    return await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (_, token) => {
        const results: T[] = [];
        for (const cache of caches.all) results.push(await task(cache, { signal: signalOf(token) }));
        return results;
      },
    );
  } finally {
    cacheView.refresh();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
