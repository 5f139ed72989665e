import type { CacheStatus, Telemetry } from '../../oci/index.ts';
import type { Caches } from '../caches.ts';

/** Tells how large the caches of this window are, whenever somebody collects numbers. */
export function watchCaches(telemetry: Pick<Telemetry, 'watch'>, caches: Pick<Caches, 'all'>): void {
  let looking: Promise<readonly CacheStatus[]> | undefined;
  /** Both numbers are collected at once, and come from one look at the folders. */
  const look = (): Promise<readonly CacheStatus[]> => {
    looking ??= statusOfAll(caches).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const sum = (value: (status: CacheStatus) => number) => async () => {
    const all = await look();
    return [{ value: all.reduce((total, status) => total + value(status), 0), facts: {} }];
  };
  telemetry.watch(
    'floe_oci_cache_size_bytes',
    sum(({ totalSizeBytes }) => totalSizeBytes),
  );
  telemetry.watch(
    'floe_oci_cache_entries_count',
    sum(({ entries }) => entries),
  );
}

/** Without those that cannot be looked at. */
async function statusOfAll({ all }: Pick<Caches, 'all'>): Promise<readonly CacheStatus[]> {
  const looks = await Promise.allSettled(all.map((cache) => cache.status()));
  return looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
}
