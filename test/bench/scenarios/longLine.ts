import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, type Command, nameOf, type RemoteName } from '../../support/clients/index.ts';
import { largeDocument } from '../../support/largeDocument.ts';
import { type Bench, type Contestant, contestantOf, type Measured, type Result, race } from '../bench.ts';
import { measure } from '../measure.ts';
import { startCountingProxy } from '../proxy/counting.ts';
import { startDelayingProxy } from '../proxy/delaying.ts';
import { seed } from '../registry.ts';
import { ARTIFACT_TYPE, SampleArtifact } from '../sample.ts';

/** Milliseconds that the line adds to every round trip: another continent's registry. */
const ROUND_TRIP = 50;
/** Bytes of floe's compiled artifacts, as large ones are. */
const SIZE = 200 * 1024;
const TAG = 'bench';

/** What is done over the line. */
interface Job {
  readonly what: string;
  /** Whether the artifact is in the registry before. */
  readonly isThere: boolean;
  command(client: Client, artifact: SampleArtifact, remote: RemoteName, folder: string): Command | undefined;
}

/** By file where a client has a word for files, else from an image layout, which is the same to the line. */
const push: Job['command'] = (client, { files, layout }, to) =>
  client.pushFiles?.(files, to, ARTIFACT_TYPE) ?? client.push(layout, to);

const JOBS: readonly Job[] = [
  { what: 'push 200 KiB', isThere: false, command: push },
  { what: 'push 200 KiB that are there', isThere: true, command: push },
  {
    what: 'pull 200 KiB',
    isThere: true,
    command: (client, _, from, folder) =>
      client.pullFiles?.(from, folder) ?? client.pull(from, { path: folder, tag: TAG }),
  },
  { what: 'inspect', isThere: true, command: (client, _, from) => client.inspect?.(from) },
];

/** A small artifact over a line with 50 ms added to every round trip. */
export async function longLine(bench: Bench): Promise<readonly Result[]> {
  const path = await bench.newFolder();
  const artifact = await SampleArtifact.create(path, [SIZE]);
  try {
    const results: Result[] = [];
    for (const job of JOBS) {
      const contestants = bench.clients.filter((client) => job.command(client, artifact, NOWHERE, '') !== undefined);
      results.push(
        ...(await race(
          bench,
          `${job.what}, ${ROUND_TRIP} ms a round trip`,
          contestants.map((client) => overTheLine(bench, job, client, artifact)),
        )),
      );
    }
    return [...results, ...(await documents(bench))];
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

const NOWHERE: RemoteName = { host: '', repository: '', reference: TAG };

function overTheLine(bench: Bench, job: Job, client: Client, artifact: SampleArtifact): Contestant {
  return contestantOf(client, async (isCounted) => {
    await artifact.renew();
    await using registry = await bench.registries[0].start();
    const remote = { host: registry.host, repository: 'team/bench', reference: TAG };
    // A file that is pushed again has to meet the client's own manifest.
    if (job.isThere && job.command === push) await measure(push(client, artifact, remote, '') as Command);
    else if (job.isThere) await seed(registry.host, remote.repository, TAG, artifact);
    await using line = await startDelayingProxy(registry.host, ROUND_TRIP);
    await using proxy = isCounted ? await startCountingProxy(registry.host) : undefined;
    const folder = await bench.newFolder();
    try {
      const host = proxy?.host ?? line.host;
      const sample = await measure(job.command(client, artifact, { ...remote, host }, folder) as Command);
      return { sample, traffic: proxy?.traffic() };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** What only this project's client does: compiled artifacts, checked before they are pushed, under a protected tag. */
async function documents(bench: Bench): Promise<readonly Result[]> {
  const folder = await bench.newFolder();
  const file = join(folder, 'compiled_artifacts.json');
  const floe = (...args: readonly string[]): Command => ({
    program: process.execPath,
    args: [bench.cli, ...args, '--no-cache'],
  });
  const run = async (isNew: boolean, isCounted: boolean): Promise<Measured> => {
    await writeFile(file, largeDocument(SIZE));
    await using registry = await bench.registries[0].start();
    await using line = await startDelayingProxy(registry.host, ROUND_TRIP);
    await using proxy = isCounted ? await startCountingProxy(registry.host) : undefined;
    const pushTo = (host: string) => {
      const repository = nameOf({ host, repository: 'team/bench', reference: TAG }).replace(`:${TAG}`, '');
      return measure(floe('push', '-a', file, '-r', `oci://${repository}`, '-t', 'v1.0.0'));
    };
    if (!isNew) await pushTo(registry.host);
    return { sample: await pushTo(proxy?.host ?? line.host), traffic: proxy?.traffic() };
  };
  try {
    const results: Result[] = [];
    for (const isNew of [true, false]) {
      const what = isNew ? 'push compiled artifacts' : 'push compiled artifacts that are there';
      const contestant = contestantOf({ name: bench.clients[0]?.name ?? '' }, (isCounted) => run(isNew, isCounted));
      results.push(...(await race(bench, `${what}, ${ROUND_TRIP} ms a round trip`, [contestant])));
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
