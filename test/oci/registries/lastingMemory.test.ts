import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../../src/oci/registries/capabilities.ts';
import { lastingMemory } from '../../../src/oci/registries/lastingMemory.ts';

const HOST = 'registry.example.com';
const NOON = Date.parse('2026-02-14T12:00:00Z');
const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;

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
  const runWith = (now: () => number) => new Fingerprint(HOST, lastingMemory(store, now));
  return { kept, runWith, runAt: (now: number) => runWith(() => now), writes: () => writes };
}

describe('what registries can do', () => {
  it('is known to the next run, for a week after it first showed', () => {
    const it = start();
    it.runAt(NOON).learn({ chunkedUploads: false, provider: 'harbor' });
    it.runAt(NOON + 3 * DAY).learn({ mount: true });
    expect(it.runAt(NOON + 6 * DAY).current).toEqual({
      chunkedUploads: false,
      mount: true,
      provider: 'harbor',
      knownSince: '2026-02-14T12:00:00.000Z',
    });
    expect(it.runAt(NOON + 8 * DAY).current).toEqual({});
  });

  it('is forgotten after a week in a run that lasts longer, too', () => {
    const it = start();
    let now = NOON;
    const fingerprint = it.runWith(() => now);
    fingerprint.learn({ provider: 'harbor', rateLimit: { limit: 10, remaining: 9 } });
    now += 6 * DAY;
    expect(fingerprint.current.provider).toBe('harbor');
    now += 2 * DAY;
    expect(fingerprint.current).toEqual({});
    fingerprint.learn({ mount: true });
    expect(it.runAt(now).current).toEqual({ mount: true, knownSince: new Date(now).toISOString() });
  });

  it('that it has no API for referrers is believed for ten minutes, and from the next refusal on again', () => {
    const it = start();
    let now = NOON;
    const fingerprint = it.runWith(() => now);
    fingerprint.learn({ referrersApi: false, mount: false });
    now += 9 * MINUTE;
    fingerprint.learn({ sha512: true });
    for (const each of [fingerprint, it.runAt(now)]) expect(each.current.referrersApi).toBe(false);
    now += 2 * MINUTE;
    for (const each of [fingerprint, it.runAt(now)]) {
      expect(each.current).toMatchObject({ mount: false, sha512: true });
      expect(each.current).not.toHaveProperty('referrersApi');
    }
    fingerprint.learn({ referrersApi: false });
    now += 9 * MINUTE;
    for (const each of [fingerprint, it.runAt(now)]) expect(each.current.referrersApi).toBe(false);
    now += 9 * MINUTE;
    fingerprint.learn({ referrersApi: true });
    now += DAY;
    for (const each of [fingerprint, it.runAt(now)]) expect(each.current.referrersApi).toBe(true);
  });

  it('is no kind any more when it is not of that kind after all', () => {
    const it = start();
    it.runAt(NOON).learn({ provider: 'harbor', mount: true });
    it.runAt(NOON).forgetProvider();
    expect(it.runAt(NOON).current).toEqual({ mount: true, knownSince: '2026-02-14T12:00:00.000Z' });
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
