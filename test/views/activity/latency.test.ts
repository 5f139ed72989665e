import { expect, it } from 'vitest';
import { latencyOf } from '../../../src/views/activity/latency.ts';

const sample = (milliseconds: number, isFailed = false) => ({ at: 0, milliseconds, isFailed });

it('is a column for each request, as high as it took long, and a mark for what failed', () => {
  const { chart, median, slowest, failed, requests } = latencyOf([
    sample(10),
    sample(80),
    sample(5000, true),
    sample(40),
  ]);
  expect(chart).toBe('▂█×▅');
  expect([median, slowest, failed, requests]).toEqual([40, 80, 0.25, 4]);
});

it('shows the last of many', () => {
  const samples = Array.from({ length: 60 }, (_, index) => sample(index === 59 ? 100 : 1));
  expect(latencyOf(samples).chart).toBe(`${'▁'.repeat(23)}█`);
});

it('knows no time where nothing was answered', () => {
  expect(latencyOf([sample(1, true)])).toMatchObject({ median: undefined, slowest: undefined, failed: 1, chart: '×' });
  expect(latencyOf([])).toMatchObject({ requests: 0, failed: 0, chart: '' });
});
