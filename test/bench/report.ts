import prettyBytes from 'pretty-bytes';
import type { Result } from './bench.ts';
import type { CacheHitFigures } from './cacheHit.ts';
import type { ActivationFigures } from './editor/activation.ts';
import type { TreeFigures } from './editor/tree.ts';
import type { EventLoopFigures } from './eventLoop.ts';
import { ratioOf } from './guard.ts';
import { formatDuration, median } from './measure.ts';
import type { TelemetryFigures } from './telemetry.ts';

/** A cell for what a client does not do. */
const NOTHING = '–';

/** The tables of transfers, in Markdown: time, memory, and what went over the line. */
export function tablesOf(results: readonly Result[]): string {
  const wallTime = 'Median of the wall time, from start to end of the process, and its range.';
  return [
    ...section('Time', wallTime, results, time, ['floe-oci to the fastest other', ratio]),
    ...section('Processor', 'Median of the time of all processors in the client.', results, processor),
    ...section('Memory', 'The most that was resident in any run.', results, memory),
    ...section(
      'Requests and bytes',
      'Requests, and the bytes of their bodies up and down, in one more run over a counting proxy.',
      results,
      traffic,
    ),
  ].join('\n');
}

/** Where the time of a bulk transfer goes, in Markdown: by profiles of `perf` and `--cpu-prof`, which no table shows. */
export const WHAT_LIMITS_US = `## What limits us

The wall time of one pull of 4 × 128 MiB, as \`node --cpu-prof\` sees the thread that does the work:

|  |  |
| --- | ---: |
| SHA-256 of every byte | 0.40 s |
| waiting for the registry, which has the other processor | 0.25 s |
| starting Node, reading and compiling the program | 0.20 s |
| handing pieces to the threads that write them | 0.13 s |
| undici's copy of each byte into its HTTP parser | 0.11 s |
| reading from sockets, promises, and the collector | 0.15 s |

oras and crane hash and copy as much, in 0.8 s of processor time to our 1.2 s, and start in 0.01 s. That start is nearly all of the
difference wherever little is moved: a copy inside a registry, a push of what is there.

On push of what lies on the disk the registry hashes, and neither they nor we do. They have the kernel send the file (0.1 s of
processor time); Node reads it into memory and writes it from there (0.6 s). Files are hashed once before, to find their digest.

On two processors no way of sharing the work out makes the pull of several large blobs as fast as theirs: with the registry's 0.25 s
they keep both processors busy for all of the time that they take, and the start of Node (0.2 s) comes on top of the same hashes and
copies (0.8 s) for us. Of one large blob they hash on one thread, too, and the difference is the start and the parser.

Tried, and left out: a thread that hashes (on two processors 1.26 s to 1.20 s, a fifth more of processor time, 35 MiB more memory;
of 1 GiB in one blob no difference beyond that between runs, as the memory is what is waited for); reading bodies from the socket
without undici (0.7 s to 0.5 s of 512 MiB received and hashed, for an HTTP client of our own); Node's compile cache (a tenth of the
start, for files in yet another place), and V8's code cache of all that ran before (two fifths, for a megabyte of code in the
user's cache that must never be damaged, and nothing in a pod, which starts once); one file instead of many (a tenth at most).
`;

/** What a cache hit of 1 MiB costs, in Markdown. */
export function cacheTable({ inProcess, node, pull }: CacheHitFigures): string {
  const hits = Object.entries(inProcess).map(
    ([entries, milliseconds]) => `| in a process, ${entries} entries in the cache | ${milliseconds.toFixed(2)} ms |`,
  );
  return [
    '## Cache hit of 1 MiB',
    '',
    'Medians. A whole process is compared with `node -e 0` beside it.',
    '',
    '|  |  |',
    '| --- | ---: |',
    ...hits,
    `| \`floe-oci pull\`, to \`node -e 0\` of ${node.toFixed(0)} ms | ${pull.toFixed(2)} |`,
    '',
  ].join('\n');
}

/** What traces and numbers cost, in Markdown. */
export function telemetryTable({ hitWhenOff, pullsWhenOn, processorMs }: TelemetryFigures): string {
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  return [
    '## Telemetry',
    '',
    'What is paid for being watched: by nobody, and by a collector. The pulls are of 1 kB, one after the other, over a line of 10 ms.',
    '',
    '|  |  |',
    '| --- | ---: |',
    `| a hit in the cache, export off | ${percent(hitWhenOff)} |`,
    `| small pulls, export on | ${percent(pullsWhenOn)} |`,
    `| processor time of such a pull, and of its export | ${processorMs.pull.toFixed(2)} ms, ${processorMs.export.toFixed(2)} ms |`,
    '',
  ].join('\n');
}

/** How late a process is while it pulls, in Markdown. */
export function eventLoopTable(figures: EventLoopFigures): string {
  const rows = Object.entries(figures).map(([name, delay]) => {
    const cells = [delay.median, delay.p99, delay.max].map((milliseconds) => `${milliseconds.toFixed(1)} ms`);
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  return [
    '## Event loop while 512 MiB are pulled',
    '',
    'How late a process is for everything else: by engine, and while it does nothing.',
    '',
    '|  | median | 99 of 100 | most |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n');
}

/** What people wait for in the editor, in Markdown. */
export function editorTable({ load, activate }: ActivationFigures, tree: TreeFigures): string {
  const rows = [
    ['to load `dist/extension.js`', load],
    ['`activate`', activate],
    ['the first 100 of 10 000 tags, sorted by version', tree.firstPage],
    ['40 rows in view, of 1000 tags, with what their manifests say, at 20 ms a request', tree.visibleRows],
    ['the longest block while 10 000 tags are filtered', tree.filtering],
    ['the longest block while 1000 rows are scrolled past', tree.scrolling],
  ] as const;
  return [
    '## Editor',
    '',
    'The part of the extension, in a process of Node that has nothing else to do; what VS Code does to draw it comes on top.',
    '',
    '|  |  |',
    '| --- | ---: |',
    ...rows.map(([what, milliseconds]) => `| ${what} | ${milliseconds.toFixed(1)} ms |`),
    '',
  ].join('\n');
}

type Cell = (result: Result) => string;
type Column = readonly [heading: string, cell: (results: readonly Result[]) => string];

function section(
  title: string,
  note: string,
  results: readonly Result[],
  cell: Cell,
  ...last: readonly Column[]
): readonly string[] {
  if (results.length === 0) return [];
  const clients = [...new Set(results.map(({ client }) => client))];
  const jobs = Map.groupBy(results, ({ job }) => job);
  const rows = [...jobs].map(([job, all]) => [
    job,
    ...clients.map((client) => {
      const found = all.find((result) => result.client === client);
      return found === undefined ? NOTHING : cell(found);
    }),
    ...last.map(([, cellOf]) => cellOf(all)),
  ]);
  const heading = ['', ...clients, ...last.map(([name]) => name)];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const under = heading.map((_, index) => (index === 0 ? '---' : '---:'));
  return [`## ${title}`, '', note, '', line(heading), line(under), ...rows.map(line), ''];
}

function time({ samples }: Result): string {
  const seconds = samples.map((sample) => sample.seconds);
  const range =
    seconds.length === 1 ? '' : ` (${formatDuration(Math.min(...seconds))}–${formatDuration(Math.max(...seconds))})`;
  return `${formatDuration(median(seconds))}${range}`;
}

function processor({ samples }: Result): string {
  return formatDuration(median(samples.map(({ cpuSeconds }) => cpuSeconds)));
}

function memory({ samples }: Result): string {
  return prettyBytes(Math.max(...samples.map(({ peakBytes }) => peakBytes)), { binary: true });
}

function traffic({ traffic: counted }: Result): string {
  if (counted === undefined) return NOTHING;
  const [up, down] = [counted.sentBytes, counted.receivedBytes].map((bytes) => prettyBytes(bytes, { binary: true }));
  return `${counted.requests}, ${up} up, ${down} down`;
}

function ratio(results: readonly Result[]): string {
  return ratioOf(results)?.toFixed(2) ?? NOTHING;
}
