import pLimit from 'p-limit';
import { afterAll, describe, inject, it } from 'vitest';
import { clientsOf } from '../support/clients/index.ts';
import { record, type Survivors } from './support/recording.ts';
import { attempt, type Verdict } from './support/survival/attempt.ts';
import { faultRows, profileRows, type Row } from './support/survival/rows.ts';
import { SCENARIOS } from './support/survival/scenarios.ts';
import { clearStages, setStage } from './support/survival/stage.ts';

/** oras-py is a library: the password is given by a program around it, in the way that it knows the registry to want. */
const programs = Object.entries(inject('peers').programs).filter(([name]) => name !== 'oras-py');
const clients = clientsOf(inject('cli'), { programs: new Map(programs) as never });
/** Clients at once: many wait for what does not come. */
const inTurn = pLimit(8);
/** All that a row takes, every client of which may wait to its limit, while other rows have theirs. */
const LIMIT_MS = 600_000;

type Kind = keyof Survivors;
const recordings: { readonly kind: Kind; readonly row: Survivors[Kind][number] }[] = [];
const RANKS: readonly Verdict[] = ['wrong', 'refused', 'survived'];

for (const [kind, rows] of Object.entries({ profiles: profileRows, faults: faultRows } satisfies Record<
  Kind,
  unknown
>)) {
  describe.concurrent(`among ${kind}, our client does the best that can be done:`, () => {
    it.for(rows)('$name', { timeout: LIMIT_MS }, async (row, { expect }) => {
      const cells = await Promise.all(clients.map((client) => cellOf(row, client)));
      recordings.push({ kind: kind as Kind, row: { name: row.name, fact: row.fact, cells } });
      const own = cells.filter(({ client }) => client === 'floe-oci' || row.name === 'none');
      const worse = own.flatMap(({ client, outcomes }) =>
        outcomes
          .filter(({ verdict, atBest }) => RANKS.indexOf(verdict) < RANKS.indexOf(atBest))
          .map(({ scenario, verdict, said }) => `${client}, ${scenario}: ${verdict}: ${said}`),
      );
      const where = worse.map((one) => one.replace(/: .*/, ''));
      expect(where, worse.join('\n')).toEqual([]);
    });
  });
}

afterAll(async () => {
  const of = (kind: Kind, rows: readonly Row[]) =>
    rows.flatMap(({ name }) => recordings.find((one) => one.kind === kind && one.row.name === name)?.row ?? []);
  record('survivors', { profiles: of('profiles', profileRows), faults: of('faults', faultRows) });
  await clearStages();
});

async function cellOf(row: Row, client: (typeof clients)[number]): Promise<Survivors[Kind][number]['cells'][number]> {
  let isMet = false;
  const outcomes = await Promise.all(
    row.scenarios.map(([scenario, atBest]) =>
      inTurn(async () => {
        await using stage = await setStage(row.options());
        const outcome = await attempt(client, SCENARIOS[scenario], stage);
        isMet ||= row.isMet(stage.registry.requests());
        return outcome === undefined ? [] : [{ scenario, atBest, ...outcome }];
      }),
    ),
  );
  return { client: client.name, isMet, outcomes: outcomes.flat() };
}
