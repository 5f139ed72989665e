import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import type { RemoteRepository } from '../../../src/oci/remote/repository.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { artifact, imageIndex, put, putGraph } from '../../support/artifacts.ts';
import { type DockerRegistry, startDockerRegistry } from '../../support/dockerRegistry.ts';
import { referrerOf } from '../../support/referrerContract.ts';

const SBOM = 'application/vnd.example.sbom.v1+json';
const graph = artifact(1);
const { digest } = graph.root.descriptor;
const tag = referrersTagOf(digest);

/** Runs the skopeo of this machine, without the signature policy that a machine may or may not have. */
async function skopeo(...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('skopeo', ['--insecure-policy', ...args], { encoding: 'buffer' });
  return stdout;
}

describe("the list of referrers in Debian's docker-registry", () => {
  let server: DockerRegistry;
  let folder: string;
  const transport = createUndiciTransport({});
  beforeAll(async () => {
    server = await startDockerRegistry();
    folder = await mkdtemp(join(tmpdir(), 'floe-oci-referrers-'));
  });
  afterAll(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const repository = (name: string): RemoteRepository =>
    new Registry({ host: server.host, plainHttp: true, transport }).repository(parseRepositoryName(name));
  const digestsOf = async (store: RemoteRepository | LayoutStore) =>
    (await Array.fromAsync(store.referrers(digest))).map((referrer) => referrer.digest);

  it('is an index to skopeo, which copies it into a layout, where we find the same', async () => {
    const store = repository('team/ours');
    await putGraph(store, graph, 'v1');
    const [one, two] = [referrerOf(graph.root, SBOM, 'one'), referrerOf(graph.root, SBOM, 'two')];
    await put(store, one);
    await put(store, two);
    const source = `docker://${server.host}/team/ours:${tag}`;
    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', source);
    expect(JSON.parse(raw.toString('utf8'))).toMatchObject({
      mediaType: MediaType.imageIndex,
      manifests: [
        { digest: one.descriptor.digest, artifactType: SBOM, annotations: { 'org.example.name': 'one' } },
        { digest: two.descriptor.digest, artifactType: SBOM, annotations: { 'org.example.name': 'two' } },
      ],
    });
    const path = join(folder, 'copy');
    await skopeo('copy', '--all', '--src-tls-verify=false', source, `oci:${path}:${tag}`);
    const copy = await LayoutStore.open(path);
    expect(await digestsOf(copy)).toEqual([one.descriptor.digest, two.descriptor.digest]);
  });

  it('is the one that skopeo has written, and grows', async () => {
    const store = repository('team/theirs');
    await putGraph(store, graph, 'v1');
    const theirs = referrerOf(graph.root, SBOM, 'theirs');
    const layout = await LayoutStore.open(join(folder, 'source'), { create: true });
    await putGraph(layout, graph);
    await put(layout, theirs);
    await put(layout, imageIndex([theirs]), tag);
    const destination = `docker://${server.host}/team/theirs:${tag}`;
    await skopeo('copy', '--all', '--dest-tls-verify=false', `oci:${layout.path}:${tag}`, destination);
    expect(await digestsOf(store)).toEqual([theirs.descriptor.digest]);
    const ours = referrerOf(graph.root, SBOM, 'ours');
    await put(store, ours);
    expect(await digestsOf(store)).toEqual([theirs.descriptor.digest, ours.descriptor.digest]);
  });
});
