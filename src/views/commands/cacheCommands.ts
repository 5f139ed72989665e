import { commands, l10n, ProgressLocation, window } from 'vscode';
import type { Cache, CallOptions } from '../../oci/index.ts';
import type { Caches } from '../caches.ts';
import { signalOf } from '../cancellation.ts';
import { formatSize } from '../format.ts';
import { plainText } from '../plainText.ts';

/** What the commands on the cache work with. */
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
  const found = await overCaches(parts, l10n.t('Verifying the cache'), (cache, options) => cache.verify(options));
  if (found === undefined) return;
  const checked = sum(found.map((one) => one.checked));
  const removed = found.flatMap((one) => one.removed);
  const [first] = removed;
  if (first === undefined) {
    void window.showInformationMessage(
      checked === 1
        ? l10n.t('1 file checked; all are as they should be.')
        : l10n.t('{0} files checked; all are as they should be.', checked),
    );
    return;
  }
  const example = `${first.path}: ${first.reason}`;
  const message =
    checked === 1
      ? l10n.t(
          'The one file in the cache was damaged and is removed; it is fetched again when it is needed. If it happens often, look at the disk. {0}',
          example,
        )
      : l10n.t(
          '{0} of {1} files in the cache were damaged and are removed; they are fetched again when they are needed. If it happens often, look at the disk. The first: {2}',
          removed.length,
          checked,
          example,
        );
  void window.showWarningMessage(plainText(message));
}

/** Removes what has expired, what is over the limit, and what nothing leads to. */
export async function pruneCache(parts: CacheParts): Promise<void> {
  const found = await overCaches(parts, l10n.t('Pruning the cache'), (cache, options) => cache.prune(options));
  if (found === undefined) return;
  const removed = sum(found.map((one) => one.removed));
  const freed = sum(found.map((one) => one.freedBytes));
  void window.showInformationMessage(l10n.t('{0} removed, {1} freed.', countReferences(removed), formatSize(freed)));
}

/** Removes everything from the cache, when the user has agreed to that. */
export async function clearCache(parts: CacheParts): Promise<void> {
  const { all } = parts.caches;
  const found = await Promise.all(all.map((cache) => cache.status()));
  const entries = sum(found.map((one) => one.entries));
  const size = sum(found.map((one) => one.totalSizeBytes));
  if (size === 0) return void window.showInformationMessage(l10n.t('The cache is empty.'));
  const clear = l10n.t('Clear');
  const where = all.map(({ path }) => path).join(', ');
  const detail = l10n.t(
    '{0} and {1} in {2}, which other windows use too. What is needed again is fetched again; nothing changes in any registry.',
    countReferences(entries),
    formatSize(size),
    where,
  );
  if ((await window.showWarningMessage(l10n.t('Clear the cache?'), { modal: true, detail }, clear)) !== clear) return;
  const done = await overCaches(parts, l10n.t('Clearing the cache'), (cache, options) => cache.clear(options));
  if (done !== undefined) window.setStatusBarMessage(`$(check) ${l10n.t('{0} freed', formatSize(size))}`, 5_000);
}

/** One after the other, under a notification that can cancel it. Undefined when there is no cache. */
async function overCaches<T>(
  { caches, cacheView }: CacheParts,
  title: string,
  task: (cache: Cache, options: CallOptions) => Promise<T>,
): Promise<readonly T[] | undefined> {
  if (caches.all.length === 0) {
    const open = l10n.t('Open Settings');
    const answer = await window.showInformationMessage(l10n.t('The cache is switched off.'), open);
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

function countReferences(count: number): string {
  return count === 1 ? l10n.t('1 reference') : l10n.t('{0} references', count);
}
