import { describe, expect, it } from 'vitest';
import { Fingerprint, memoryOfProcess } from '../../../src/oci/registries/capabilities.ts';
import { learning } from '../../../src/oci/registries/learning.ts';
import { probeCapabilities } from '../../../src/oci/registries/probe.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { artifact, put, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { referrerOf } from '../../support/referrerContract.ts';
import { says } from '../../support/registry/habits.ts';
import type { RegistryOptions } from '../../support/registry/index.ts';
import { PROFILES, type ProfileName } from '../../support/registry/profiles.ts';
import { connect, gathered } from '../remote/support.ts';
import { nameOf } from './support.ts';

async function start({
  options,
  credential,
}: {
  options?: RegistryOptions;
  credential?: { username: string; password: string };
} = {}) {
  const connected = await connect({ ...options, ...(credential && { credential }) });
  const fingerprint = new Fingerprint(connected.server.host, memoryOfProcess());
  const transport = learning(connected.transport, fingerprint);
  const registry = new Registry({ host: connected.server.host, plainHttp: true, transport, abilities: fingerprint });
  return {
    ...connected,
    registry,
    transport,
    fingerprint,
    repository: registry.repository(nameOf('team/product')),
    [Symbol.asyncDispose]: () => connected[Symbol.asyncDispose](),
  };
}

const like = (name: ProfileName) => {
  const { options } = PROFILES[name];
  return start({ options, credential: options.auth });
};

describe('what a registry can do', () => {
  it('shows while it is used, without a request of its own', async () => {
    await using it = await start();
    const graph = artifact(1);
    await putGraph(it.repository, graph, 'v1', 'v2');
    await put(it.repository, referrerOf(graph.root, 'application/vnd.example.sbom'));
    await it.repository.untag(parseTag('v2'));
    expect(it.fingerprint.current).toMatchObject({ referrersApi: true, tagDeletion: true });
  });

  it('shows in refusals too', async () => {
    await using it = await start({ options: { quirks: { referrersApi: false, tagDeletion: false } } });
    const graph = artifact(1);
    await putGraph(it.repository, graph, 'v1');
    expect(await gathered(it.repository.referrers(graph.root.descriptor.digest))).toEqual([]);
    await expect(it.repository.untag(parseTag('v1'))).rejects.toEqual(failure('UNSUPPORTED'));
    expect(it.fingerprint.current).toEqual({ referrersApi: false, tagDeletion: false });
  });

  it.each(['0', '', '-1', 'many'])('does not show in %j bytes that a part must have', async (size) => {
    await using it = await start({ options: { adapters: [says({ 'oci-chunk-min-length': size })] } });
    const graph = artifact(1);
    await putGraph(it.repository, graph, 'v1');
    expect(it.fingerprint.current).not.toHaveProperty('minChunkSize');
  });

  it('shows in the bytes that a part must have', async () => {
    await using it = await start({ options: { quirks: { minChunk: 5_242_880 } } });
    await putGraph(it.repository, artifact(1), 'v1');
    expect(it.fingerprint.current.minChunkSize).toBe(5_242_880);
  });

  it('does not show in a refusal of rights', async () => {
    const auth = { username: 'ann', password: 'secret', denied: ['team/product'] };
    await using it = await start({ options: { auth }, credential: auth });
    await expect(gathered(it.repository.tags())).rejects.toEqual(failure('DENIED'));
    await expect(it.repository.untag(parseTag('v1'))).rejects.toEqual(failure('DENIED'));
    expect(it.fingerprint.current).toEqual({});
  });

  it("has what is left of Docker Hub's limit, and who GitLab is", async () => {
    await using hub = await like('Docker Hub');
    await putGraph(hub.repository, artifact(1), 'v1');
    expect(hub.fingerprint.current.rateLimit).toEqual({
      limit: 100,
      remaining: 76,
      windowSeconds: 21_600,
      source: '192.0.2.1',
    });
    await using gitlab = await like('GitLab');
    await putGraph(gitlab.repository, artifact(1), 'v1');
    expect(gitlab.fingerprint.current.provider).toBe('gitlab');
  });

  it('is probed on request, each thing once', async () => {
    await using it = await like('distribution');
    await putGraph(it.repository, artifact(1), 'v1');
    const probed = await probeCapabilities(it, nameOf('team/product'), { mayWrite: true });
    expect(probed).toEqual({ referrersApi: false, maxPageSize: 1000, conditionalReads: true, tagDeletion: true });
    it.server.clearRequests();
    await probeCapabilities(it, nameOf('team/product'), { mayWrite: true });
    expect(it.server.requests()).toEqual([]);
    expect([...it.server.repository('team/product').tags.keys()]).toEqual(['v1']);
  });

  it('does not show where a registry answers about a repository, or about content, that is not there', async () => {
    await using unknown = await start();
    unknown.server.fail({ path: /referrers/, fault: { kind: 'status', status: 404, code: 'NAME_UNKNOWN' } });
    await probeCapabilities(unknown, nameOf('team/nothing'));
    expect(unknown.fingerprint.current).not.toHaveProperty('referrersApi');
    await using quay = await like('Quay');
    await putGraph(quay.repository, artifact(1), 'v1');
    await probeCapabilities(quay, nameOf('team/product'));
    expect(quay.fingerprint.current).not.toHaveProperty('referrersApi');
  });

  it('is remembered for whoever connects again', () => {
    const memory = memoryOfProcess();
    new Fingerprint('a.example', memory).learn({ mount: true });
    new Fingerprint('a.example', memory).learn({ sha512: false });
    expect(new Fingerprint('a.example', memory).current).toEqual({ mount: true, sha512: false });
    expect(new Fingerprint('b.example', memory).current).toEqual({});
  });
});
