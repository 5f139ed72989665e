import type { Result } from './bench.ts';
import { median } from './measure.ts';

/**
 * How much larger than the landed one a ratio may be: runs of one commit, on one machine with other things to do, differ by as
 * much.
 */
const TOLERANCE = 1.35;

/** The ratios to the fastest other client that a page of benchmarks has landed with, by job. */
export function landedRatios(page: string): ReadonlyMap<string, number> {
  const [, times = ''] = page.split('\n## Time\n');
  const [table = ''] = times.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|  '));
  return new Map(
    rows.flatMap((row) => {
      const cells = row.split('|').map((cell) => cell.trim());
      const ratio = Number(cells.at(-2));
      return Number.isNaN(ratio) || cells[1] === undefined ? [] : [[cells[1], ratio] as const];
    }),
  );
}

/** Of our client to the fastest of the others in one job; undefined where there is no other. */
export function ratioOf([ours, ...others]: readonly Result[]): number | undefined {
  if (ours === undefined || others.length === 0) return undefined;
  const [own = Number.NaN, ...rest] = [ours, ...others].map(({ samples }) =>
    median(samples.map(({ seconds }) => seconds)),
  );
  return own / Math.min(...rest);
}

/** What has become slower, beside the same rivals, than the landed page says: a sentence each. */
export function slowerThan(landed: ReadonlyMap<string, number>, results: readonly Result[]): readonly string[] {
  return [...Map.groupBy(results, ({ job }) => job)].flatMap(([job, all]) => {
    const [before, now] = [landed.get(job), ratioOf(all)];
    if (before === undefined || now === undefined || now <= before * TOLERANCE) return [];
    return [`${job}: ${now.toFixed(2)} of the fastest other client, landed with ${before.toFixed(2)}`];
  });
}
