import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Records } from '../../../src/oci/cache/records.ts';
import { formatRecord, parseRecord, type ReferenceRecord } from '../../../src/oci/cache/referenceRecord.ts';
import { descriptorOf } from '../../../src/oci/spec/descriptor.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { seeded } from '../../support/random.ts';
import { VirtualClock } from '../../support/simulation/virtualClock.ts';
import { useDisk } from '../../support/simulation/virtualDisk.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<object>()),
  ...(await import('../../support/simulation/virtualDisk.ts')).promises,
}));
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  setTimeout: (await import('../../support/simulation/virtualDisk.ts')).sleep,
}));
vi.mock('proper-lockfile', () => import('../../support/simulation/virtualDisk.ts'));

const NOW = Date.UTC(2026, 0, 1);
const key = {
  registry: 'registry.example',
  repository: parseRepositoryName('team/product'),
  reference: tagOf('latest'),
};

/** What a registry said at some time. */
function recordOf(content: string, checkedAt: number): ReferenceRecord {
  const descriptor = descriptorOf(MediaType.imageManifest, Buffer.from(content));
  return { ...key, descriptor, fetchedAt: checkedAt, checkedAt };
}

/** Two processes at one folder, each on a path of its own, over a disk that takes its time as the seed says. */
async function race(seed: number, lossRate: number, work: (records: readonly [Records, Records]) => Promise<unknown>) {
  const random = seeded(seed);
  const clock = new VirtualClock(random, NOW);
  const path = join(temporaryFolder(), 'cache');
  mkdirSync(join(path, 'references'), { recursive: true });
  for (const way of ['a', 'b']) symlinkSync(path, `${path}-${way}`);
  useDisk({ clock, random, faultRate: 0, lossRate });
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now());
  // How long who waits for a lock waits: it must not be chance how often somebody loses it, which is given up some time.
  vi.spyOn(Math, 'random').mockImplementation(random);
  await clock.run(() => work([new Records(`${path}-a`), new Records(`${path}-b`)]));
  const file = new Records(path).pathOf(key);
  return parseRecord(readFileSync(file), file);
}

afterEach(() => {
  vi.restoreAllMocks();
  useDisk(undefined);
});

describe('records of one reference that several processes write', () => {
  it('end as the newest answer of the registry, whoever comes last', async () => {
    const [older, newer] = [recordOf('old', NOW - 2000), recordOf('new', NOW - 1000)];
    const firsts = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const done: string[] = [];
      const put = async (records: Records, record: ReferenceRecord): Promise<void> => {
        await records.put(record, NOW);
        done.push(record === older ? 'older' : 'newer');
      };
      const last = await race(seed, seed % 4 === 0 ? 0.3 : 0, ([a, b]) => Promise.all([put(a, older), put(b, newer)]));
      expect([seed, last.checkedAt]).toEqual([seed, newer.checkedAt]);
      expect(last.descriptor).toEqual(newer.descriptor);
      firsts.add(done[0] ?? '');
    }
    expect(firsts).toEqual(new Set(['older', 'newer']));
  });

  it('keep an endorsement that comes between, and never with another manifest', async () => {
    const [older, newer] = [recordOf('old', NOW - 2000), recordOf('new', NOW - 1000)];
    const again = { ...older, checkedAt: NOW - 500 };
    const word = { by: 'reader/1', digest: older.descriptor.digest };
    for (let seed = 1; seed <= 30; seed++) {
      const renewed = await race(seed, 0, async ([a, b]) => {
        await a.put(older, NOW);
        await Promise.all([a.endorse(key, older.descriptor.digest, word, NOW), b.put(again, NOW)]);
      });
      expect([seed, renewed]).toEqual([seed, { ...again, endorsement: word }]);
      const moved = await race(seed, 0, async ([a, b]) => {
        await a.put(older, NOW);
        await Promise.all([a.endorse(key, older.descriptor.digest, word, NOW), b.put(newer, NOW)]);
      });
      expect([seed, moved]).toEqual([seed, newer]);
    }
  });

  it('take the place of one from the future, by a clock that was wrong', async () => {
    const wrong = recordOf('old', NOW + 1_000_000);
    const right = recordOf('new', NOW);
    const last = await race(1, 0, async ([a, b]) => {
      await a.put(wrong, NOW + 1_000_000);
      await b.put(right, NOW);
    });
    expect(last).toEqual(right);
  });
});

describe('a record', () => {
  const record = {
    ...recordOf('x', NOW),
    etag: '"x"',
    endorsement: { by: 'reader/1', digest: recordOf('y', 0).descriptor.digest },
  };

  it('says what was written', () => {
    expect(parseRecord(formatRecord(record), 'x')).toEqual(record);
  });

  it('of an older version, without a checksum, is read', () => {
    const { checksum: _, endorsement: __, ...members } = JSON.parse(Buffer.from(formatRecord(record)).toString());
    const { endorsement: ___, ...plain } = record;
    expect(parseRecord(Buffer.from(JSON.stringify(members)), 'x')).toEqual(plain);
  });

  it('in which one character is another is none, or says the same', () => {
    const bytes = formatRecord(record);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const wrong = Buffer.from(bytes);
        wrong[at] = (wrong[at] ?? 0) ^ (1 << bit);
        try {
          expect(parseRecord(wrong, 'x')).toEqual(record);
        } catch (error) {
          expect(error).toEqual(failure('INVALID_LAYOUT'));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
