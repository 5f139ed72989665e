import { expect, it } from 'vitest';
import type { ActivityEntry, RequestSample } from '../../../src/oci/index.ts';
import { activityLogText } from '../../../src/views/activity/activityLog.ts';
import type { ActivityNode } from '../../../src/views/activity/activityNode.ts';
import { drawActivityNode } from '../../../src/views/activity/activityRows.ts';
import { ActivityTree } from '../../../src/views/activity/activityTree.ts';

const entry = (more: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id: 7,
  operation: 'push',
  state: 'success',
  facts: { 'oci.registry': 'r.example', 'oci.repository': 'team/orders', 'oci.tag': 'v1' },
  startedAt: 1_000,
  duration: 2_000,
  requests: 5,
  retries: 0,
  sent: 4_000_000,
  received: 0,
  failure: undefined,
  lines: [],
  ...more,
});

const rowOf = (more?: Partial<ActivityEntry>, now = 10_000) =>
  drawActivityNode({ row: 'operation', entry: entry(more) }, now);

it('an operation says how it ended, how long it took, what moved and how fast', () => {
  expect(rowOf()).toMatchObject({
    label: 'push team/orders:v1',
    description: 'done · 2.0 s · ↑ 4 MB · 2 MB/s',
    spoken: 'push team/orders:v1, done, 2.0 s, ↑ 4 MB, 2 MB/s',
    icon: 'pass',
    command: { command: 'floeOci.showActivityLog', arguments: [7] },
  });
});

it('one that runs says so, with its time until now', () => {
  expect(rowOf({ state: 'running', duration: undefined, sent: 0 }, 1_450)).toMatchObject({
    description: 'running · 450 ms',
    icon: 'sync~spin',
  });
});

it('one that failed says why, with what lay underneath, and how often it tried', () => {
  const failure = { code: 'REGISTRY_UNAVAILABLE', message: 'no answer', causes: ['ECONNREFUSED: connect'] };
  const row = rowOf({ state: 'failure', failure, retries: 2, sent: 0 });
  expect(row.description).toBe('failed: REGISTRY_UNAVAILABLE · 2.0 s · 2 requests repeated');
  expect(JSON.stringify(row.tooltip)).toContain('ECONNREFUSED: connect');
});

it('a hit in the cache, and what was cancelled, say so', () => {
  const facts = {
    'oci.repository': 'team/orders',
    'oci.artifact.digest': `sha256:${'ab'.repeat(32)}`,
    'oci.cache_hit': true,
  };
  expect(rowOf({ facts, sent: 0 })).toMatchObject({
    label: 'push team/orders@sha256:abababababab',
    description: 'done, from the cache · 2.0 s',
  });
  expect(rowOf({ state: 'cancelled', sent: 0 }).description).toBe('cancelled · 2.0 s');
});

it('registries are above what was done, each with its chart', async () => {
  const samples = new Map<string, readonly RequestSample[]>([
    [
      'r.example',
      [
        { at: 0, milliseconds: 12, isFailed: false },
        { at: 1, milliseconds: 3, isFailed: true },
      ],
    ],
  ]);
  const tree = new ActivityTree({ entries: [entry()], samples });
  const [group, operation] = await tree.children();
  expect([group?.row, operation?.row]).toEqual(['registries', 'operation']);
  const [registry] = await tree.children(group);
  const node: ActivityNode = registry ?? expect.fail('no registry');
  expect(tree.parent(node)).toBe(group);
  expect([...(await tree.children()), ...(await tree.children(group))]).toEqual([group, operation, node]);
  expect((await tree.children())[1]).toBe(operation);
  expect((await tree.children(group))[0]).toBe(node);
  expect(tree.item(node)).toMatchObject({
    label: 'r.example',
    description: '12 ms · 50% failed · █×',
    accessibilityInformation: { label: 'r.example, 12 ms, 50% failed' },
  });
});

it('before anything was done there is no row', async () => {
  expect(await new ActivityTree({ entries: [], samples: new Map() }).children()).toEqual([]);
});

it('the log lines of an operation are a text of their own, redacted, with why it failed at the end', () => {
  const text = activityLogText(
    entry({
      state: 'failure',
      failure: { code: 'DENIED', message: 'not for you', causes: ['it said so'] },
      lines: [
        { at: 0, level: 'trace', event: 'http_request', fields: { url: 'https://u:secret@r.example/v2/?sig=abc' } },
      ],
    }),
  );
  expect(text.split('\n')).toEqual([
    '# push team/orders:v1: failure after 2000 ms (activity=7 in the log)',
    '1970-01-01T00:00:00.000Z [trace] http_request url="https://r.example/v2/?sig=***"',
    'DENIED: not for you',
    '  caused by: it said so',
    '',
  ]);
});
