import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../../src/oci/registries/capabilities.ts';
import { lastingMemory } from '../../../src/oci/registries/lastingMemory.ts';

const HOST = 'registry.example.com';
const NOON = Date.parse('2026-02-14T12:00:00Z');
const DAY = 24 * 60 * 60 * 1000;

function start(values: Record<string, unknown> = {}) {
  const kept = new Map(Object.entries(values));
  let writes = 0;
  const store = {
    read: (registry: string): unknown => kept.get(registry),
    write: (registry: string, value: object): void => {
      writes += 1;
      kept.set(registry, structuredClone(value));
    },
  };
  const runAt = (now: number) =>
    new Fingerprint(
      HOST,
      lastingMemory(store, () => now),
    );
  return { kept, runAt, writes: () => writes };
}

describe('what registries can do', () => {
  it('is known to the next run, for a week after it first showed', () => {
    const it = start();
    it.runAt(NOON).learn({ referrersApi: false, provider: 'harbor' });
    it.runAt(NOON + 3 * DAY).learn({ mount: true });
    expect(it.runAt(NOON + 6 * DAY).current).toEqual({
      referrersApi: false,
      mount: true,
      provider: 'harbor',
      knownSince: '2026-02-14T12:00:00.000Z',
    });
    expect(it.runAt(NOON + 8 * DAY).current).toEqual({});
  });

  it('is corrected by what shows otherwise', () => {
    const it = start();
    it.runAt(NOON).learn({ referrersApi: false });
    it.runAt(NOON + DAY).learn({ referrersApi: true });
    expect(it.runAt(NOON + DAY).current.referrersApi).toBe(true);
  });

  it('is written when something new has shown, and what is left of a limit never', () => {
    const it = start();
    const fingerprint = it.runAt(NOON);
    for (let remaining = 9; remaining > 0; remaining--) {
      fingerprint.learn({ sha512: true, rateLimit: { limit: 10, remaining } });
    }
    expect(fingerprint.current.rateLimit).toEqual({ limit: 10, remaining: 1 });
    expect(it.writes()).toBe(1);
    expect(JSON.stringify(it.kept.get(HOST))).not.toContain('remaining');
    expect(it.runAt(NOON).current).toMatchObject({ sha512: true });
  });

  const since = '2026-02-14T12:00:00.000Z';
  it.each<[string, unknown]>([
    ['damaged', '{"version":1'],
    ['of another version', { version: 2, registry: HOST, since, capabilities: { mount: false } }],
    ['of another registry', { version: 1, registry: 'other.example', since, capabilities: { mount: false } }],
    ['of another shape', { version: 1, registry: HOST, since, capabilities: { mount: 'no' } }],
    ['of a kind there is not', { version: 1, registry: HOST, since, capabilities: { provider: 'harbour' } }],
    ['from the future', { version: 1, registry: HOST, since: '2027-01-01T00:00:00Z', capabilities: { mount: false } }],
  ])('that is %s is as if nothing were known', (_, value) => {
    const it = start({ [HOST]: value });
    expect(it.runAt(NOON).current).toEqual({});
    it.runAt(NOON).learn({ mount: true });
    expect(it.runAt(NOON).current.mount).toBe(true);
  });
});
