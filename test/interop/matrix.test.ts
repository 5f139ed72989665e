import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { type Client, clientsOf, type RemoteName } from '../support/clients/index.ts';
import { makeLayout, type Outcome, read, TAG, write } from './support/exchange.ts';
import { exchangeFiles } from './support/files.ts';
import { differenceOf } from './support/knownDifferences.ts';
import { type Cell, record } from './support/recording.ts';
import { exchangeReferrers } from './support/referrers.ts';
import { type MeetingPlace, registriesOf, testRegistry } from './support/registries.ts';
import { temporaryFolder } from './support/runCommand.ts';
import { samples } from './support/samples.ts';

const { programs, missing } = inject('peers');
const clients = clientsOf(inject('cli'), { programs: new Map(Object.entries(programs)) as never });
const cells: Cell[] = [];

for (const place of [...registriesOf(programs), testRegistry]) {
  describe(`in ${place.name}, the same bytes are read as were written:`, () => {
    for (const kind of Object.keys(samples)) {
      it(kind, async () => settle(place, kind, await exchangeLayouts(place, kind)), 300_000);
    }
    it('files', async () => settle(place, 'files', await withRegistry(place, exchangeFiles)), 300_000);
    it('referrers', async () => settle(place, 'referrers', await withRegistry(place, exchangeReferrers)), 300_000);
  });
}

afterAll(async () => {
  const versions: Record<string, string> = {};
  for (const { name, version } of clients) {
    const { stdout } = await promisify(execFile)(version.program, [...version.args]);
    versions[name] = /v?\d+\.\d+\.\d+[^\s+]*/.exec(stdout)?.[0] ?? stdout.trim();
  }
  record('matrix', { cells, versions, missing });
});

/** What each reader made of what each writer wrote. */
export type Findings = readonly Omit<Cell, 'registry' | 'kind'>[];

/** Each client writes to a repository of its own, from which all of them read. */
async function exchangeLayouts(place: MeetingPlace, kind: string): Promise<Findings> {
  const graph = samples[kind]?.();
  if (graph === undefined) throw new Error(`there is no sample ${kind}`);
  return withRegistry(place, async (all, host, home) => {
    const layout = await makeLayout(join(home, 'source'), graph);
    const findings: Omit<Cell, 'registry' | 'kind'>[] = [];
    for (const writer of all) {
      const remote: RemoteName = { host, repository: `team/${writer.name}`, reference: TAG };
      const written = await write(writer, layout, remote, graph, home);
      for (const reader of all) {
        const outcome: Outcome = written === 'same' ? await read(reader, remote, graph, home) : written;
        findings.push({ writer: writer.name, reader: reader.name, outcome });
      }
    }
    await rm(layout.path, { recursive: true });
    return findings;
  });
}

async function withRegistry(
  place: MeetingPlace,
  job: (clients: readonly Client[], host: string, home: string) => Promise<Findings>,
): Promise<Findings> {
  await using registry = await place.start();
  return await job(clients, registry.host, temporaryFolder());
}

/** Every exchange is as it is known to be: of the same bytes, unless it is listed with a reason. */
function settle({ name: registry }: MeetingPlace, kind: string, findings: Findings): void {
  cells.push(...findings.map((finding) => ({ registry, kind, ...finding })));
  const surprises = findings.flatMap(({ writer, reader, outcome }) => {
    const known = differenceOf({ registry, kind, writer, reader });
    if (outcome === 'none' || (known?.test(outcome) ?? outcome === 'same')) return [];
    return [`${writer} to ${reader}: ${outcome}${known === undefined ? '' : `, not ${known}`}`];
  });
  expect(surprises).toEqual([]);
}
