import { expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { TagViews } from '../../../src/views/tree/tagViews.ts';

function memory(saved?: unknown): Pick<Memento, 'get' | 'update'> {
  const kept = new Map<string, unknown>([['floeOci.tagViews.v1', saved]]);
  return { get: (key: string) => kept.get(key) as never, update: async (key, value) => void kept.set(key, value) };
}

it('filter and order of a repository outlive the window', () => {
  const state = memory();
  new TagViews(state).set('r|app', { order: 'name', filter: 'v1.*' });
  expect(new TagViews(state).get('r|app')).toEqual({ order: 'name', filter: 'v1.*' });
  expect(new TagViews(state).get('r|other')).toEqual({ order: 'version' });
});

it('a repository that is shown as ever is not kept', () => {
  const state = memory();
  const views = new TagViews(state);
  views.set('r|app', { order: 'name' });
  views.set('r|app', { order: 'version' });
  expect(state.get('floeOci.tagViews.v1')).toEqual({});
});

it('the last 200 are kept', () => {
  const state = memory();
  const views = new TagViews(state);
  for (let at = 0; at <= 200; at += 1) views.set(String(at), { order: 'name' });
  expect([views.get('0').order, views.get('1').order]).toEqual(['version', 'name']);
});

it('what somebody else has written into the state is no view', () => {
  expect(new TagViews(memory({ 'r|app': { order: 'by size' } })).get('r|app')).toEqual({ order: 'version' });
});
