import type { Activity, ActivityEntry, Cache } from '../../oci/index.ts';
import { labelOf } from '../activity/activityRows.ts';
import type { Caches } from '../caches.ts';
import { formatSize } from '../format.ts';
import { failedFact } from './registrySection.ts';
import type { Fact, Section } from './report.ts';

/** What the caches of this window hold. */
export async function cacheSection(caches: Pick<Caches, 'all' | 'problemOf'>): Promise<Section> {
  const facts = caches.all.map(
    async (cache): Promise<Fact> => ({
      name: 'Folder',
      value: cache.path,
      more: await aboutCache(cache, caches.problemOf(cache.path)),
    }),
  );
  return { title: 'Cache', facts: await Promise.all(facts), none: 'Switched off.' };
}

async function aboutCache(cache: Cache, problem: unknown): Promise<readonly string[]> {
  try {
    if (problem !== undefined) throw problem;
    const { entries, expired, totalSizeBytes, maxSizeBytes } = await cache.status();
    const size = `${formatSize(totalSizeBytes)} of ${formatSize(maxSizeBytes)}`;
    return [`${entries} entries, ${expired} expired, ${size}`];
  } catch (error) {
    const { value, more = [] } = failedFact('Folder', error);
    return [value, ...more];
  }
}

/** What went wrong lately in this window, the last first. */
export function errorsSection({ failures }: Pick<Activity, 'failures'>): Section {
  return { title: 'Last errors', facts: failures.map(errorFact) };
}

function errorFact(entry: ActivityEntry): Fact {
  const { startedAt, failure, facts, requests, retries } = entry;
  const { code = '', message = '', causes = [] } = failure ?? {};
  return {
    name: new Date(startedAt).toISOString(),
    value: `${labelOf(entry)}: ${code}: ${message}`,
    more: [
      ...causes.map((cause) => `caused by ${cause}`),
      `registry ${facts['oci.registry'] ?? 'none'}, ${requests} requests, ${retries} repeated`,
    ],
  };
}
