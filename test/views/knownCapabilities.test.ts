import { expect, it } from 'vitest';
import { KnownCapabilities } from '../../src/views/knownCapabilities.ts';
import { MemoryState } from './support/state.ts';

const KEY = 'floeOci.capabilities.v1';
const R = 'r.example';

it('keeps over windows what registries can do, and nothing about now', () => {
  const state = new MemoryState();
  const first = new KnownCapabilities(state);
  first.save(R, { provider: 'harbor', tagDeletion: false, rateLimit: { limit: 10, remaining: 5 } });
  first.save('s.example', { mount: true });
  const next = new KnownCapabilities(state);
  expect(next.load(R)).toEqual({ provider: 'harbor', tagDeletion: false, knownSince: expect.any(String) });
  expect(next.load('s.example')).toMatchObject({ mount: true });
  expect(next.load('constructor')).toBeUndefined();
});

it('writes nothing when only what is left of a limit has changed', () => {
  const state = new MemoryState();
  const known = new KnownCapabilities(state);
  known.save(R, { referrersApi: true, rateLimit: { limit: 10, remaining: 9 } });
  const before = state.get(KEY);
  known.save(R, { referrersApi: true, rateLimit: { limit: 10, remaining: 8 } });
  expect(state.get(KEY)).toBe(before);
  expect(known.load(R)?.rateLimit?.remaining).toBe(8);
});

it('forgets what it is told to forget, for the next window too', () => {
  const state = new MemoryState();
  const known = new KnownCapabilities(state);
  known.save(R, { provider: 'zot', mount: true });
  known.forget(R);
  for (const memory of [known, new KnownCapabilities(state)]) {
    expect(memory.load(R)).not.toHaveProperty('provider');
    expect(memory.load(R)).not.toHaveProperty('mount');
  }
});

it('tells of another kind, and of little that is left, and of nothing else', () => {
  const told: string[] = [];
  const known = new KnownCapabilities(new MemoryState());
  known.onDidChange((registry) => told.push(registry));
  const rateLimit = { limit: 100, remaining: 50 };
  known.save(R, { referrersApi: true });
  expect(told).toEqual([]);
  known.save(R, { referrersApi: true, provider: 'quay', rateLimit });
  known.save(R, { referrersApi: true, provider: 'quay', rateLimit: { ...rateLimit, remaining: 49 } });
  expect(told).toHaveLength(1);
  known.save(R, { referrersApi: true, provider: 'quay', rateLimit: { ...rateLimit, remaining: 10 } });
  expect(told).toHaveLength(2);
});

it('reads nothing from what somebody else has written there', () => {
  for (const saved of ['x', [R], { [R]: 'x' }, { [R]: { version: 0 } }]) {
    const state = new MemoryState();
    state.entries.set(KEY, saved);
    expect(new KnownCapabilities(state).load(R)).toBeUndefined();
  }
});
