import { rm } from 'node:fs/promises';
import type { Client, Command, RemoteName } from '../../support/clients/index.ts';
import { type Bench, type Contestant, contestantOf, type Measured, type Result, race } from '../bench.ts';
import { measure } from '../measure.ts';
import { startCountingProxy } from '../proxy/counting.ts';
import { digestIn, type RegistryKind, type RunningRegistry, seed } from '../registry.ts';
import { ARTIFACT_TYPE, SampleArtifact } from '../sample.ts';
import { sizeOf } from '../sizes.ts';

const MIB = 1024 * 1024;
const TAG = 'bench';

/** How an artifact leaves a client and comes back to it. */
interface Way {
  /** Where it is on this side. */
  readonly name: string;
  push(client: Client, from: SampleArtifact, to: RemoteName): Command | undefined;
  pull(client: Client, from: RemoteName, folder: string): Command | undefined;
}

const asLayout: Way = {
  name: 'layout',
  push: (client, { layout }, to) => client.push(layout, to),
  pull: (client, from, path) => client.pull(from, { path, tag: TAG }),
};

const asFiles: Way = {
  name: 'files',
  push: (client, { files }, to) => client.pushFiles?.(files, to, ARTIFACT_TYPE),
  pull: (client, from, folder) => client.pullFiles?.(from, folder),
};

/** Bulk: few large layers, in every registry that there is, from an image layout and back. */
export async function bulk(bench: Bench): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [what, sizes] of [
    ['4 × 128 MiB', Array<number>(4).fill(128 * MIB)],
    ['1 GiB', [1024 * MIB]],
  ] as const) {
    for (const kind of bench.registries) results.push(...(await transfer(bench, what, sizes, kind, asLayout)));
  }
  return results;
}

/** The same from files and to files, with the clients that have a word for it. */
export async function files(bench: Bench): Promise<readonly Result[]> {
  const sizes = Array<number>(4).fill(128 * MIB);
  return transfer(bench, '4 files of 128 MiB', sizes, bench.registries[0], asFiles);
}

/** Many small layers: what a request costs. */
export async function manyLayers(bench: Bench): Promise<readonly Result[]> {
  return transfer(bench, '200 × 64 KiB', Array<number>(200).fill(64 * 1024), bench.registries[0], asLayout);
}

async function transfer(
  bench: Bench,
  what: string,
  sizes: readonly number[],
  kind: RegistryKind,
  way: Way,
): Promise<readonly Result[]> {
  const path = await bench.newFolder();
  const artifact = await SampleArtifact.create(
    path,
    sizes.map((size) => Math.ceil(size / bench.options.divisor)),
  );
  try {
    const pushed = await race(bench, `push ${what} to ${kind.name}`, pushers(bench, artifact, kind, way));
    const pulled = await pullRace(bench, `pull ${what} from ${kind.name}`, artifact, kind, way);
    return [...pushed, ...pulled];
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** Each into a registry that is empty, of content that nobody has seen. */
function pushers(bench: Bench, artifact: SampleArtifact, kind: RegistryKind, way: Way): readonly Contestant[] {
  const target = (host: string): RemoteName => ({ host, repository: 'team/bench', reference: TAG });
  const push = async (client: Client, isCounted: boolean): Promise<Measured> => {
    await artifact.renew();
    await using registry = await kind.start();
    await using proxy = isCounted ? await startCountingProxy(registry.host) : undefined;
    const to = target(proxy?.host ?? registry.host);
    const sample = await measure(way.push(client, artifact, to) as Command);
    const digest = await digestIn({ ...to, host: registry.host });
    if (way === asLayout && digest !== artifact.manifest.digest) throw new Error(`${client.name} pushed ${digest}`);
    return { sample, traffic: proxy?.traffic() };
  };
  return bench.clients
    .filter((client) => way.push(client, artifact, target('')) !== undefined)
    .map((client) => contestantOf(client, (isCounted) => push(client, isCounted)));
}

/** All from one registry, which is new in each round, as its content is. */
async function pullRace(
  bench: Bench,
  job: string,
  artifact: SampleArtifact,
  kind: RegistryKind,
  way: Way,
): Promise<readonly Result[]> {
  const sourceOn = (host: string): RemoteName => ({ host, repository: 'team/bench', reference: TAG });
  let registry: RunningRegistry | undefined;
  const pull = async (client: Client, isCounted: boolean): Promise<Measured> => {
    if (registry === undefined) throw new Error('there is no round without a registry');
    await using proxy = isCounted ? await startCountingProxy(registry.host) : undefined;
    const folder = await bench.newFolder();
    try {
      const from = sourceOn(proxy?.host ?? registry.host);
      const sample = await measure(way.pull(client, from, folder) as Command);
      const size = await sizeOf(folder);
      if (size < artifact.size) throw new Error(`${client.name} pulled ${size} of ${artifact.size} bytes`);
      return { sample, traffic: proxy?.traffic() };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const contestants = bench.clients
    .filter((client) => way.pull(client, sourceOn(''), '') !== undefined)
    .map((client) => contestantOf(client, (isCounted) => pull(client, isCounted)));
  try {
    return await race(bench, job, contestants, async () => {
      await registry?.[Symbol.asyncDispose]();
      registry = await kind.start();
      await artifact.renew();
      await seed(registry.host, sourceOn('').repository, TAG, artifact);
    });
  } finally {
    await registry?.[Symbol.asyncDispose]();
  }
}
