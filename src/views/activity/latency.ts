import type { RequestSample } from '../../oci/index.ts';

/** How a registry has answered lately. */
export interface Latency {
  readonly requests: number;
  /** Milliseconds, of the requests that were answered; undefined when none was. */
  readonly median: number | undefined;
  readonly slowest: number | undefined;
  /** From 0 to 1. */
  readonly failed: number;
  /** A column for each of the last requests, the oldest first; {@link FAILED} where there was no good answer. */
  readonly chart: string;
}

const COLUMNS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Stands out among columns, whatever the colours. */
export const FAILED = '×';
/** As many as fit beside a name in a narrow side bar. */
const WIDTH = 24;

/** What samples, the oldest first, say together. */
export function latencyOf(samples: readonly RequestSample[]): Latency {
  const answered = samples.filter(({ isFailed }) => !isFailed).map(({ milliseconds }) => milliseconds);
  const sorted = answered.toSorted((a, b) => a - b);
  const shown = samples.slice(-WIDTH);
  const most = Math.max(1, ...shown.filter(({ isFailed }) => !isFailed).map(({ milliseconds }) => milliseconds));
  const column = ({ milliseconds }: RequestSample): string =>
    COLUMNS[Math.min(COLUMNS.length - 1, Math.floor((milliseconds / most) * COLUMNS.length))] ?? '';
  return {
    requests: samples.length,
    median: sorted[Math.floor(sorted.length / 2)],
    slowest: sorted.at(-1),
    failed: samples.length === 0 ? 0 : 1 - answered.length / samples.length,
    chart: shown.map((sample) => (sample.isFailed ? FAILED : column(sample))).join(''),
  };
}
