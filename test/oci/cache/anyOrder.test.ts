import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import type { CacheMode } from '../../../src/oci/cache/cachedRepositoryOptions.ts';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import type { Resolution, Revalidator } from '../../../src/oci/content/store.ts';
import { isOciError } from '../../../src/oci/errors.ts';
import type { Digest } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import type { Tag } from '../../../src/oci/spec/tag.ts';
import { artifact, putGraph, tagOf } from '../../support/artifacts.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';
import { HOUR, pull, sizeOnDisk } from './support/caches.ts';

class Source extends MemoryStore implements Revalidator {
  async revalidate(reference: Tag | Digest, known?: Resolution): Promise<Resolution> {
    const descriptor = await this.resolve(reference);
    return known?.descriptor.digest === descriptor.digest ? known : { descriptor };
  }
}

const LIMIT = 40_000;
const graphs = Array.from({ length: 8 }, (_, i) => artifact(i + 1, { layers: 1, size: i < 7 ? 8000 : 50_000 }));
const tags = ['latest', 'main', 'v1.0.0'];

const which = fc.nat({ max: graphs.length - 1 });
const tag = fc.constantFrom(...tags);
const mode = fc.constantFrom<CacheMode>('cached', 'checked', 'offline');
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('publish' as const), tag, which }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('pull' as const), tag, mode, times: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('harm' as const), how: fc.nat({ max: 2 }), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('prune' as const, 'verify' as const, 'clear' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

/** Changes one file of content or one record. */
async function harm(path: string, how: number, at: number): Promise<void> {
  const folders = [join(path, 'blobs', 'sha256'), join(path, 'references')];
  const files = (
    await Promise.all(
      folders.map(async (folder) => (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name))),
    )
  ).flat();
  const file = files[at % Math.max(1, files.length)];
  if (file === undefined) return;
  if (how === 0) return rm(file);
  const bytes = await readFile(file);
  if (how === 1) return truncate(file, bytes.length >> 1);
  bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

it('whatever happens in whatever order: content is right, tags lead where they lately led, the limit holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const path = join(temporaryFolder(), 'cache');
      const source = new Source();
      let now = Date.UTC(2026, 0, 1);
      const open = (): Cache =>
        new Cache({ path, maxSizeBytes: LIMIT, now: () => now, isImmutable: (name) => name === 'v1.0.0' });
      let cache = open();
      /** Where each tag led, and until when; the last still does. */
      const history = new Map<string, { digest: string; until: number }[]>();
      for (const each of steps) {
        if (each.do === 'publish') {
          const graph = graphs[each.which] ?? expect.fail();
          const states = history.get(each.tag) ?? [];
          const last = states.at(-1);
          if (last !== undefined) last.until = now;
          states.push({ digest: graph.root.descriptor.digest, until: Number.POSITIVE_INFINITY });
          history.set(each.tag, states);
          await putGraph(source, graph, each.tag);
        } else if (each.do === 'pull') {
          const store = cache.repository(
            { registry: 'r.example', repository: parseRepositoryName('a/b') },
            source,
            each,
          );
          const pulling = Array.from({ length: each.times }, async () => {
            const { digest } = await store.resolve(tagOf(each.tag));
            const states = history.get(each.tag) ?? [];
            const lately = states.filter(
              ({ until }) => each.mode !== 'cached' || each.tag === 'v1.0.0' || until > now - 24 * HOUR,
            );
            const allowed = each.mode === 'checked' ? states.slice(-1) : lately;
            expect(allowed.map((state) => state.digest)).toContain(digest);
            await pull(store, digest, graphs.find(({ root }) => root.descriptor.digest === digest) ?? expect.fail());
          });
          for (const result of await Promise.allSettled(pulling)) {
            const isAbsent = result.status === 'rejected' && isOciError(result.reason, 'NOT_FOUND');
            if (isAbsent) expect(each.mode === 'offline' || !history.has(each.tag)).toBe(true);
            else expect(result).toMatchObject({ status: 'fulfilled' });
          }
        } else if (each.do === 'wait') now += each.hours * HOUR;
        else if (each.do === 'harm') await harm(path, each.how, each.at);
        else if (each.do === 'restart') cache = open();
        else await cache[each.do]();
        if (each.do !== 'harm') {
          await cache.close();
          expect(await sizeOnDisk(path)).toBeLessThanOrEqual(LIMIT);
        }
      }
      await cache.verify();
      expect((await cache.verify()).removed).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 120_000);
