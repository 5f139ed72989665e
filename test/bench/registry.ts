import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Peers } from '../../scripts/peers/preparePeers.ts';
import type { Peer } from '../../scripts/peers/releases.ts';
import type { RemoteName } from '../support/clients/index.ts';
import { startDockerRegistry } from '../support/dockerRegistry.ts';
import { startZot } from '../support/zotRegistry.ts';
import type { SampleArtifact } from './sample.ts';

/** A registry of another project, on the loopback interface. */
export interface RunningRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
}

/** A registry that scenarios run against, empty each time. */
export interface RegistryKind {
  /** As tables name it. */
  readonly name: string;
  start(): Promise<RunningRegistry>;
}

/** Those of which there is a program. */
export function registryKinds(programs: Peers['programs']): readonly RegistryKind[] {
  const starts = {
    'docker-registry': (program: string) => startDockerRegistry({ program }),
    distribution: (program: string) => startDockerRegistry({ program }),
    zot: startZot,
  };
  return registryPeers.flatMap((peer) => {
    const program = programs.get(peer);
    if (program === undefined) return [];
    return [{ name: peer === 'distribution' ? 'distribution 3' : peer, start: () => starts[peer](program) }];
  });
}

/** The names of their programs. */
export const registryPeers = ['docker-registry', 'distribution', 'zot'] as const satisfies readonly Peer[];

/**
 * Puts an artifact into a registry without any of the clients.
 *
 * @throws Error with the answer when the registry refuses it
 */
export async function seed(host: string, repository: string, tag: string, artifact: SampleArtifact): Promise<void> {
  const base = `http://${host}/v2/${repository}`;
  for (const content of artifact.contents.slice(0, -1)) {
    const begun = await expectStatus(await fetch(`${base}/blobs/uploads/`, { method: 'POST' }), 202);
    const location = new URL(begun.headers.get('location') ?? '', base);
    location.searchParams.set('digest', content.digest);
    const body = Readable.toWeb(createReadStream(artifact.blobFile(content), { highWaterMark: 1024 * 1024 }));
    const headers = { 'content-type': 'application/octet-stream' };
    // Node's own word for a body that is sent while the answer is waited for.
    const request = { method: 'PUT', headers, body, duplex: 'half' } as RequestInit;
    await expectStatus(await fetch(location, request), 201);
  }
  const { manifest } = artifact;
  const body = await readFile(artifact.blobFile(manifest));
  const headers = { 'content-type': manifest.mediaType };
  await expectStatus(await fetch(`${base}/manifests/${tag}`, { method: 'PUT', headers, body }), 201);
}

/**
 * The digest that a registry has under a tag.
 *
 * @throws Error when there is none
 */
export async function digestIn({ host, repository, reference }: RemoteName): Promise<string | null> {
  const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' };
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${reference}`, { method: 'HEAD', headers });
  return (await expectStatus(answer, 200)).headers.get('docker-content-digest');
}

async function expectStatus(answer: Response, status: number): Promise<Response> {
  if (answer.status !== status) throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
