import { rm } from 'node:fs/promises';
import type { Client, Command, RemoteName } from '../../support/clients/index.ts';
import { type Bench, contestantOf, type Measured, type Result, race } from '../bench.ts';
import { measure } from '../measure.ts';
import { startCountingProxy } from '../proxy/counting.ts';
import { digestIn, seed } from '../registry.ts';
import { SampleArtifact } from '../sample.ts';

const MIB = 1024 * 1024;
const TAG = 'bench';

/** 512 MiB from one repository to another of the same registry: nothing has to be moved. */
export async function copyInside(bench: Bench): Promise<readonly Result[]> {
  const { artifact, remove } = await makeArtifact(bench, Array<number>(4).fill(128 * MIB));
  const copy = async (client: Client, isCounted: boolean): Promise<Measured> => {
    await artifact.renew();
    await using registry = await bench.registries[0].start();
    await seed(registry.host, 'team/source', TAG, artifact);
    await using proxy = isCounted ? await startCountingProxy(registry.host) : undefined;
    const host = proxy?.host ?? registry.host;
    const [from, to] = ['source', 'copy'].map((name) => ({ host, repository: `team/${name}`, reference: TAG }));
    const sample = await measure(client.copy?.(from as RemoteName, to as RemoteName) as Command);
    await expectDigest(client, { ...(to as RemoteName), host: registry.host }, artifact);
    return { sample, traffic: proxy?.traffic() };
  };
  try {
    const clients = bench.clients.filter((client) => client.copy !== undefined);
    return await race(
      bench,
      'copy 512 MiB inside a registry',
      clients.map((client) => contestantOf(client, (isCounted) => copy(client, isCounted))),
    );
  } finally {
    await remove();
  }
}

/** 512 MiB that are there already, and one small layer that is not. */
export async function pushAgain(bench: Bench): Promise<readonly Result[]> {
  const small = 4;
  const { artifact, remove } = await makeArtifact(bench, [...Array<number>(small).fill(128 * MIB), MIB]);
  const push = async (client: Client, isCounted: boolean): Promise<Measured> => {
    await artifact.renew();
    await using registry = await bench.registries[0].start();
    const target = { host: registry.host, repository: 'team/bench', reference: TAG };
    // By the client itself, so that it remembers what it can.
    await measure(client.push(artifact.layout, target));
    await artifact.renew([small]);
    await using proxy = isCounted ? await startCountingProxy(registry.host) : undefined;
    const to = { ...target, host: proxy?.host ?? registry.host, reference: 'again' };
    const sample = await measure(client.push(artifact.layout, to));
    await expectDigest(client, { ...to, host: registry.host }, artifact);
    return { sample, traffic: proxy?.traffic() };
  };
  try {
    return await race(
      bench,
      'push again, 1 of 513 MiB changed',
      bench.clients.map((client) => contestantOf(client, (isCounted) => push(client, isCounted))),
    );
  } finally {
    await remove();
  }
}

async function makeArtifact(bench: Bench, sizes: readonly number[]) {
  const path = await bench.newFolder();
  const artifact = await SampleArtifact.create(
    path,
    sizes.map((size) => Math.ceil(size / bench.options.divisor)),
  );
  return { artifact, remove: () => rm(path, { recursive: true, force: true }) };
}

async function expectDigest(client: Client, at: RemoteName, artifact: SampleArtifact): Promise<void> {
  const digest = await digestIn(at);
  if (digest !== artifact.manifest.digest) throw new Error(`${client.name} left ${digest} in the registry`);
}
