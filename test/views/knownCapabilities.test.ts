import { expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { KnownCapabilities } from '../../src/views/knownCapabilities.ts';
import { MemoryState } from './support/state.ts';

const KEY = 'floeOci.capabilities.v1';
const R = 'r.example';

const warnings: string[] = [];
const logger = { warn: (event: string) => void warnings.push(event) };
const open = (state: Memento) => new KnownCapabilities(state, logger);

it('keeps over windows what registries can do, and nothing about now', async () => {
  const state = new MemoryState();
  const first = open(state);
  first.save(R, { provider: 'harbor', tagDeletion: false, rateLimit: { limit: 10, remaining: 5 } });
  first.save('s.example', { mount: true });
  await first.settled();
  const next = open(state);
  expect(next.load(R)).toEqual({ provider: 'harbor', tagDeletion: false, knownSince: expect.any(String) });
  expect(next.load('s.example')).toMatchObject({ mount: true });
  expect(next.load('constructor')).toBeUndefined();
});

it('writes nothing when only what is left of a limit has changed', () => {
  const state = new MemoryState();
  const known = open(state);
  known.save(R, { referrersApi: true, rateLimit: { limit: 10, remaining: 9 } });
  const before = state.get(KEY);
  known.save(R, { referrersApi: true, rateLimit: { limit: 10, remaining: 8 } });
  expect(state.get(KEY)).toBe(before);
  expect(known.load(R)?.rateLimit?.remaining).toBe(8);
});

it('forgets what it is told to forget, for the next window too', async () => {
  const state = new MemoryState();
  const known = open(state);
  known.save(R, { provider: 'zot', mount: true });
  known.forget(R);
  await known.settled();
  for (const memory of [known, open(state)]) {
    expect(memory.load(R)).not.toHaveProperty('provider');
    expect(memory.load(R)).not.toHaveProperty('mount');
  }
});

it('tells of another kind, and of little that is left, and of nothing else', () => {
  const told: string[] = [];
  const known = open(new MemoryState());
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
    expect(open(state).load(R)).toBeUndefined();
  }
});

it('writes one thing after the other, and what cannot be kept is known as long as the window', async () => {
  class SlowState extends MemoryState {
    refuses = false;
    override async update(key: string, value: unknown): Promise<void> {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.refuses) throw new Error('the disk is full');
      await super.update(key, value);
    }
  }
  const state = new SlowState();
  const known = open(state);
  known.save(R, { mount: true });
  known.save('s.example', { mount: false });
  known.save(R, { mount: true, sha512: true });
  await known.settled();
  expect(open(state).load(R)).toMatchObject({ mount: true, sha512: true });
  expect(open(state).load('s.example')).toMatchObject({ mount: false });

  state.refuses = true;
  known.save(R, { mount: false });
  await known.settled();
  expect(warnings).toEqual(['state_not_kept']);
  expect(known.load(R)).toMatchObject({ mount: false });
  expect(open(state).load(R)).toMatchObject({ mount: true });
});
