import { afterEach, describe, expect, it } from 'vitest';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';
import { artifact, put, putGraph, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { referrerOf } from '../../support/referrerContract.ts';
import type { Fault, Quirks } from '../../support/registry/index.ts';
import { type Connected, connect, gathered } from './support.ts';

const graph = artifact(1);
const { descriptor } = graph.root;

let connected: Connected | undefined;
afterEach(() => connected?.[Symbol.asyncDispose]());

async function withArtifact(quirks: Quirks = {}): Promise<Connected> {
  connected = await connect({ quirks });
  await putGraph(connected.repository(), graph, 'v1', 'latest');
  connected.server.clearRequests();
  return connected;
}

const tagsIn = ({ server }: Connected) => [...server.repository('team/product').tags.keys()].sort();

describe('removing a tag', () => {
  it('is one request, by its name and never by a digest', async () => {
    const all = await withArtifact();
    await all.repository().untag(tagOf('v1'));
    expect(all.server.lines()).toEqual(['DELETE /v2/team/product/manifests/v1']);
    expect(tagsIn(all)).toEqual(['latest']);
  });

  it.each<readonly [string, Quirks]>([
    ['answers 405', { deletion: false }],
    ['answers 400, as distribution 2 does', { tagDeletion: false }],
  ])('is UNSUPPORTED where the registry %s, and nothing else is tried', async (_, quirks) => {
    const all = await withArtifact(quirks);
    const untagged = all.repository().untag(tagOf('v1'));
    await expect(untagged).rejects.toEqual(failure('UNSUPPORTED', { what: expect.stringContaining('the tag v1') }));
    expect(all.server.requests()).toHaveLength(1);
    expect(tagsIn(all)).toEqual(['latest', 'v1']);
  });

  it.each([200, 202, 204])('has worked when the answer is %i', async (status) => {
    const all = await withArtifact();
    all.server.fail({ method: 'DELETE', fault: { kind: 'status', status, body: '' } });
    await expect(all.repository().untag(tagOf('v1'))).resolves.toBeUndefined();
  });
});

describe('a deletion that fails', () => {
  it.each<readonly [string, Fault, object]>([
    ['without a right to it', { kind: 'status', status: 403, code: 'DENIED' }, failure('DENIED')],
    ['without a name', { kind: 'status', status: 401 }, failure('UNAUTHORIZED')],
    ['while the registry is down', { kind: 'status', status: 503 }, failure('REGISTRY_UNAVAILABLE')],
    [
      'in a repository that zot does not know',
      { kind: 'status', status: 400, code: 'NAME_UNKNOWN' },
      failure('NOT_FOUND', { kind: 'repository' }),
    ],
    [
      'because an index has the manifest, as zot says',
      { kind: 'status', status: 405, code: 'DENIED' },
      failure('UNSUPPORTED', { what: expect.stringContaining('DENIED') }),
    ],
    ['by a policy, as in zot', { kind: 'status', status: 409 }, failure('REGISTRY_ERROR', { status: 409 })],
  ])('is an error with a code: %s', async (_, fault, error) => {
    const all = await withArtifact();
    all.server.fail({ method: 'DELETE', fault });
    await expect(all.repository().delete(descriptor)).rejects.toEqual(error);
    expect(tagsIn(all)).toEqual(['latest', 'v1']);
  });

  it('leaves a referrer listed', async () => {
    const all = await withArtifact({ referrersApi: false, deletion: false });
    const sbom = referrerOf(graph.root, 'application/vnd.example.sbom');
    await put(all.repository(), sbom);
    await expect(all.repository().delete(sbom.descriptor)).rejects.toEqual(failure('UNSUPPORTED'));
    expect(await gathered(all.repository().referrers(descriptor.digest))).toHaveLength(1);
  });
});

describe('deleting a manifest', () => {
  it('that refers to nothing is one request when it went by lately', async () => {
    const all = await withArtifact();
    await all.repository().delete(descriptor);
    expect(all.server.lines()).toEqual([`DELETE /v2/team/product/manifests/${descriptor.digest}`]);
  });

  it('that is a referrer takes it off the list under the tag, which stays', async () => {
    const all = await withArtifact({ referrersApi: false });
    const sbom = referrerOf(graph.root, 'application/vnd.example.sbom');
    await put(all.repository(), sbom);
    await all.repository().delete(sbom.descriptor);
    const repository = all.server.repository('team/product');
    const stored = repository.manifests.get(repository.tags.get(referrersTagOf(descriptor.digest)) ?? '');
    expect(JSON.parse(Buffer.from(stored?.bytes ?? '').toString())).toMatchObject({ manifests: [] });
  });

  it('that is a referrer passes over whatever else has the tag', async () => {
    const all = await withArtifact();
    const sbom = referrerOf(graph.root, 'application/vnd.example.sbom');
    await put(all.repository(), sbom);
    const tag = referrersTagOf(descriptor.digest);
    const other = all.server.repository('team/product').putManifest('{}', MediaType.imageManifest, tag);
    await all.repository().delete(sbom.descriptor);
    expect(all.server.repository('team/product').tags.get(tag)).toBe(other);
  });
});
