import { expect, it, vi } from 'vitest';
import type { Memento } from 'vscode';
import { silentLogger as logger } from '../../../src/oci/index.ts';
import { TagViews } from '../../../src/views/tree/tagViews.ts';

function memory(saved?: unknown): Pick<Memento, 'get' | 'update'> {
  const kept = new Map<string, unknown>([['floeOci.tagViews.v1', saved]]);
  return { get: (key: string) => kept.get(key) as never, update: async (key, value) => void kept.set(key, value) };
}

it('filter and order of a repository outlive the window', () => {
  const state = memory();
  new TagViews({ state, logger }).set('r|app', { order: 'name', filter: 'v1.*' });
  expect(new TagViews({ state, logger }).get('r|app')).toEqual({ order: 'name', filter: 'v1.*' });
  expect(new TagViews({ state, logger }).get('r|other')).toEqual({ order: 'version' });
});

it('a repository that is shown as ever is not kept', async () => {
  const state = memory();
  const views = new TagViews({ state, logger });
  views.set('r|app', { order: 'name' });
  views.set('r|app', { order: 'version' });
  await vi.waitFor(() => expect(state.get('floeOci.tagViews.v1')).toEqual({}));
});

it('the last 200 are kept', () => {
  const state = memory();
  const views = new TagViews({ state, logger });
  for (let at = 0; at <= 200; at += 1) views.set(String(at), { order: 'name' });
  expect([views.get('0').order, views.get('1').order]).toEqual(['version', 'name']);
});

it('what somebody else has written into the state is no view', () => {
  expect(new TagViews({ state: memory({ 'r|app': { order: 'by size' } }), logger }).get('r|app')).toEqual({
    order: 'version',
  });
});

it('a state that cannot be written is a line in the log, and the view lasts as long as the window', async () => {
  const warn = vi.fn();
  const state: Pick<Memento, 'get' | 'update'> = {
    get: () => undefined as never,
    update: async () => {
      throw new Error('no space left on device');
    },
  };
  const views = new TagViews({ state, logger: { warn } });
  views.set('r|app', { order: 'name' });
  await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
  expect(warn.mock.lastCall?.[0]).toBe('state_not_kept');
  expect(views.get('r|app')).toEqual({ order: 'name' });
});
