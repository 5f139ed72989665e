import { describe, expect, it } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import { expiryOf, isExpired } from '../../../src/oci/cache/freshness.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { imageManifest, tagOf } from '../../support/artifacts.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

const checkedAt = Date.UTC(2026, 0, 1);
const freshness = { ttlHours: 2, isImmutable: (tag: string) => tag.startsWith('v') };
const latest = { reference: tagOf('latest'), checkedAt };
const HOUR = 3_600_000;

describe('what a registry said of a tag', () => {
  it('is believed for so many hours from then, and no moment longer', () => {
    expect(expiryOf(latest, freshness)).toBe(checkedAt + 2 * HOUR);
    expect(isExpired(latest, freshness, checkedAt)).toBe(false);
    expect(isExpired(latest, freshness, checkedAt + 2 * HOUR - 1)).toBe(false);
    expect(isExpired(latest, freshness, checkedAt + 2 * HOUR)).toBe(true);
  });

  it('is not believed when it comes from the future', () => {
    expect(isExpired(latest, freshness, checkedAt - 1)).toBe(true);
  });

  it.each([tagOf('v1.0.0'), digestOf('content')])('is believed for ever of what never moves: %s', (reference) => {
    expect(expiryOf({ reference, checkedAt }, freshness)).toBeUndefined();
    expect(isExpired({ reference, checkedAt }, freshness, checkedAt - 1)).toBe(false);
    expect(isExpired({ reference, checkedAt }, freshness, checkedAt + 10_000 * HOUR)).toBe(false);
  });
});

it('a cache that is told of no such tags believes none for longer than a day', async () => {
  const cache = new Cache({ path: temporaryFolder(), now: () => checkedAt + 24 * HOUR });
  const record = {
    registry: 'registry.example',
    repository: parseRepositoryName('team/product'),
    fetchedAt: checkedAt,
  };
  const descriptor = imageManifest([]).descriptor;
  for (const reference of [tagOf('latest'), tagOf('v1.0.0')]) {
    expect(cache.isExpired({ ...record, reference, descriptor, checkedAt })).toBe(true);
    expect(cache.isExpired({ ...record, reference, descriptor, checkedAt: checkedAt + 1 })).toBe(false);
  }
  await cache.close();
});
