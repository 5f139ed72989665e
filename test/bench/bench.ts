import type { Client } from '../support/clients/index.ts';
import { formatDuration, median, type Sample } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Traffic } from './proxy/counting.ts';
import type { RegistryKind } from './registry.ts';

/** What one client did in one job. */
export interface Result {
  /** What was to be done: a row of the table. */
  readonly job: string;
  /** Who did it: a column. */
  readonly client: string;
  readonly samples: readonly Sample[];
  /** Of one more run, over a counting proxy. */
  readonly traffic?: Traffic;
}

/** What scenarios are given. */
export interface Bench {
  readonly options: BenchOptions;
  /** This project's client first. */
  readonly clients: readonly Client[];
  /** At least one; the first is for jobs that one registry is enough for. */
  readonly registries: readonly [RegistryKind, ...RegistryKind[]];
  /** The built command line. */
  readonly cli: string;
  /** A new folder in the working folder. */
  newFolder(): Promise<string>;
  /** One line for who watches. */
  say(line: string): void;
}

/** Somebody who does a job. */
export interface Contestant {
  readonly client: string;
  /** Does it once, with all that has to be made for it and is not measured. */
  run(round: number): Promise<Sample>;
  /** Does it once more, to count requests and bytes. */
  count?(): Promise<Traffic>;
}

/** One run, with what went over the line when that was counted. */
export interface Measured {
  readonly sample: Sample;
  readonly traffic: Traffic | undefined;
}

/** A client that does a job which is the same whether it is counted or timed. */
export function contestantOf(client: Pick<Client, 'name'>, job: (isCounted: boolean) => Promise<Measured>): Contestant {
  return {
    client: client.name,
    run: async () => (await job(false)).sample,
    count: async () => {
      const { traffic } = await job(true);
      if (traffic === undefined) throw new Error(`${client.name} was not counted`);
      return traffic;
    },
  };
}

/**
 * Lets all contestants do a job in turn, round after round, each round in another order: what slows the machine down for
 * a while slows everybody down. `before` makes what all of them share in a round.
 */
export async function race(
  bench: Bench,
  job: string,
  contestants: readonly Contestant[],
  before: (round: number) => Promise<void> = async () => {},
): Promise<readonly Result[]> {
  bench.say(`${job} …`);
  const samples = new Map<Contestant, Sample[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < bench.options.rounds; round++) {
    await before(round);
    for (const contestant of rotated(contestants, round)) samples.get(contestant)?.push(await contestant.run(round));
  }
  const results: Result[] = [];
  for (const [contestant, taken] of samples) {
    const traffic = await contestant.count?.();
    results.push({ job, client: contestant.client, samples: taken, ...(traffic && { traffic }) });
  }
  bench.say(`  ${results.map(({ client, samples: all }) => `${client} ${durationOf(all)}`).join(', ')}`);
  return results;
}

/** The median, as people write it. */
function durationOf(samples: readonly Sample[]): string {
  return formatDuration(median(samples.map(({ seconds }) => seconds)));
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const at = by % Math.max(items.length, 1);
  return [...items.slice(at), ...items.slice(0, at)];
}
