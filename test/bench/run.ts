import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlainError, root, say } from '../../scripts/lib/terminal.mjs';
import { preparePeers } from '../../scripts/peers/preparePeers.ts';
import { clientPeers, clientsOf } from '../support/clients/index.ts';
import type { Bench, Result } from './bench.ts';
import { cacheHit } from './cacheHit.ts';
import { activationFigures } from './editor/activation.ts';
import { treeFigures } from './editor/tree.ts';
import { describeRun, temporaryRoot } from './environment.ts';
import { eventLoop } from './eventLoop.ts';
import { landedRatios, slowerThan } from './guard.ts';
import { type BenchOptions, parseOptions } from './options.ts';
import { registryKinds, registryPeers } from './registry.ts';
import { cacheTable, editorTable, eventLoopTable, tablesOf, telemetryTable, WHAT_LIMITS_US } from './report.ts';
import { scenarios } from './scenarios/index.ts';
import { type Built, sizesOf } from './sizes.ts';

/** Not a transfer: nobody else's client has such a cache. */
const CACHE_HIT = 'cache-hit';
/** Of this project's own code in a process that has other things to do. */
const EVENT_LOOP = 'event-loop';
const TELEMETRY = 'telemetry';
const EDITOR = 'editor';
/** Where the tables of a whole run go. */
const page = path.join(root, 'docs/benchmarks.md');

/**
 * Measures, prints the tables, and writes them to `docs/benchmarks.md` when everything was measured in full.
 *
 * @throws {PlainError} for a wrong option, and when there is no registry to measure against
 */
export async function runBench(argv: readonly string[], built: Built): Promise<void> {
  const cli = path.join(built.dist, 'cli.js');
  const options = parseOptions(argv, [...Object.keys(scenarios), CACHE_HIT, EVENT_LOOP, TELEMETRY, EDITOR]);
  // oras-py streams nothing and is no rival in speed.
  const peers = await preparePeers([...clientPeers.filter((name) => name !== 'oras-py'), ...registryPeers]);
  for (const [peer, reason] of peers.missing) say(`missing: ${peer} (${reason})`);
  const [first, ...rest] = registryKinds(peers.programs);
  if (first === undefined) throw new PlainError('There is no registry on this machine to measure against.');

  const work = await mkdtemp(path.join(temporaryRoot(), 'floe-oci-bench-'));
  // Everything that this process, the clients and the registries put somewhere goes there.
  process.env['TMPDIR'] = work;
  const remove = () => rmSync(work, { recursive: true, force: true });
  process.once('exit', remove);
  process.once('SIGINT', () => process.exit(130));
  try {
    const bench: Bench = {
      options,
      clients: clientsOf(cli, peers),
      registries: [first, ...rest],
      cli,
      newFolder: () => mkdtemp(path.join(work, 'folder-')),
      say,
    };
    const results = await measureAll(bench, options);
    const figures = isWanted(CACHE_HIT, options) ? [cacheTable(await cacheHit(cli, hitRounds(options)))] : [];
    if (isWanted(EVENT_LOOP, options)) figures.push(eventLoopTable(await eventLoop(first, options.divisor)));
    if (isWanted(TELEMETRY, options)) {
      const { telemetryCost } = await import('./telemetry.ts');
      figures.push(telemetryTable(await telemetryCost(hitRounds(options))));
    }
    if (isWanted(EDITOR, options)) {
      figures.push(editorTable(await activationFigures(built.dist, options.rounds), await treeFigures()));
    }
    const tables = [tablesOf(results), ...figures, await sizesOf(built)].join('\n');
    say(`\n${tables}`);
    if (options.guard) return check(results);
    if (!options.quick && options.only.length === 0) {
      await writeFile(page, `${await describeRun(bench, peers, work)}\n${tables}\n${WHAT_LIMITS_US}`);
      say(`written to ${path.relative(root, page)}`);
    }
  } finally {
    remove();
  }
}

/** @throws {PlainError} naming the jobs that have become slower than the landed page says */
async function check(results: readonly Result[]): Promise<void> {
  const slower = slowerThan(landedRatios(await readFile(page, 'utf8')), results);
  if (slower.length > 0) throw new PlainError(`Slower than docs/benchmarks.md:\n${slower.join('\n')}`);
  say('No job is slower, beside the same clients, than docs/benchmarks.md says.');
}

async function measureAll(bench: Bench, options: BenchOptions): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (isWanted(name, options)) results.push(...(await scenario(bench)));
  }
  return results;
}

function isWanted(name: string, { only }: BenchOptions): boolean {
  return only.length === 0 || only.includes(name);
}

/** One takes a fraction of a second. */
function hitRounds({ rounds }: BenchOptions): number {
  return rounds * 5;
}
