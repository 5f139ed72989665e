import { beforeEach, expect, it } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { cancelled, OciError } from '../../src/oci/index.ts';
import { Presenter } from '../../src/views/present.ts';
import { answers, asked } from '../support/vscode.ts';

let log: string[];
let edits: string[];
let presenter: Presenter;
beforeEach(() => {
  [log, edits] = [[], []];
  answers.length = 0;
  asked.length = 0;
  const channel = {
    error: (text: string) => log.push(`error ${text}`),
    info: (text: string) => log.push(`info ${text}`),
    show: () => log.push('shown'),
  };
  presenter = new Presenter(channel as unknown as LogOutputChannel, {
    credentials: async (registry) => {
      edits.push(registry);
      return true;
    },
    secret: async (registry) => {
      edits.push(`secret of ${registry}`);
      return true;
    },
  });
});

it('a secret that is missing can be set, and the step is done again', async () => {
  const missing = () =>
    new OciError('MISSING_CREDENTIAL', 'x', { reference: 'env/a', reason: 'y', registry: 'r.example' });
  answers.push('Set Secret…');
  expect(await presenter.attempt('pull', failing(1, missing))).toBe(2);
  expect(edits).toEqual(['secret of r.example']);
});

const unauthorized = () => new OciError('UNAUTHORIZED', 'x', { registry: 'r.example', reason: '' });

/** Fails so often, then gives how often it was done. */
function failing(times: number, error: () => unknown): () => Promise<number> {
  let done = 0;
  return async () => {
    done += 1;
    if (done <= times) throw error();
    return done;
  };
}

it('gives what a step gives', async () => {
  expect(await presenter.attempt('push', failing(0, unauthorized))).toBe(1);
  expect(asked).toEqual([]);
});

it('does a step again when the user wants it', async () => {
  answers.push('Retry', 'Retry');
  expect(await presenter.attempt('push', failing(2, unauthorized))).toBe(3);
  expect(asked).toHaveLength(2);
});

it('does a step again with other credentials', async () => {
  answers.push('Edit Credentials…');
  expect(await presenter.attempt('push', failing(1, unauthorized))).toBe(2);
  expect(edits).toEqual(['r.example']);
});

it('gives up when the user closes the message, with the cause in the log', async () => {
  const error = () =>
    new OciError('UNAUTHORIZED', 'no way', { registry: 'r', reason: '' }, { cause: new Error('401') });
  expect(await presenter.attempt('push', failing(1, error))).toBeUndefined();
  expect(log).toEqual(['error push: OciError UNAUTHORIZED: no way\n  caused by: Error: 401']);
});

it('shows the log when asked to', async () => {
  answers.push('Show Log');
  expect(await presenter.attempt('push', failing(1, unauthorized))).toBeUndefined();
  expect(log.at(-1)).toBe('shown');
});

it('is silent about what the user has cancelled', async () => {
  expect(await presenter.attempt('push', failing(1, cancelled))).toBeUndefined();
  expect(asked).toEqual([]);
  expect(log).toEqual(['info push: cancelled']);
});
