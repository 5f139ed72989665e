import { expect, it } from 'vitest';
import type { Result } from '../bench/bench.ts';
import { landedRatios, slowerThan } from '../bench/guard.ts';

const page = [
  '# Benchmarks',
  '',
  '## Time',
  '',
  '|  | floe-oci | crane | floe-oci to the fastest other |',
  '| --- | ---: | ---: | ---: |',
  '| pull 1 GiB | 2.00 s (1.90 s–2.10 s) | 2.50 s | 0.80 |',
  '| push 1 GiB | 2.00 s | – | – |',
  '',
  '## Processor',
  '',
  '| pull 1 GiB | 9 s | 9 s | 9.00 |',
  '',
].join('\n');

const result = (job: string, client: string, ...seconds: readonly number[]): Result => ({
  job,
  client,
  samples: seconds.map((each) => ({ seconds: each, cpuSeconds: each, peakBytes: 1 })),
});

it('the ratios of a landed page are those of its table of times', () => {
  expect([...landedRatios(page)]).toEqual([['pull 1 GiB', 0.8]]);
});

it('what is slower beside the same clients is named, by medians, and what nobody landed is not', () => {
  const results = (own: number): readonly Result[] => [
    result('pull 1 GiB', 'floe-oci', own, own, 99),
    result('pull 1 GiB', 'crane', 1, 1, 0.1),
    result('push 1 GiB', 'floe-oci', 9),
    result('push 1 GiB', 'crane', 1),
  ];
  expect(slowerThan(landedRatios(page), results(1))).toEqual([]);
  expect(slowerThan(landedRatios(page), results(2))).toEqual([
    'pull 1 GiB: 2.00 of the fastest other client, landed with 0.80',
  ]);
});
