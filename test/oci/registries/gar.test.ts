import { describe, expect, it } from 'vitest';
import { parseDigest } from '../../../src/oci/spec/digest.ts';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { type CloudAnswer, type CloudRequest, insist, startCloudServer } from '../../support/cloud/cloudServer.ts';
import { failure } from '../../support/failure.ts';
import { apiMessage, garTags } from '../../support/registry/apis.ts';
import { startRegistry } from '../../support/registry/index.ts';
import { PROFILES } from '../../support/registry/profiles.ts';
import { ask, nameOf, namesOf, putArtifact, tagsOf } from './support.ts';

const HOST = 'europe-west1-docker.pkg.dev';
const API = 'https://artifactregistry.googleapis.com';
const PARENT = '/v1/projects/floe/locations/europe-west1/repositories';
const ORDERS = nameOf('floe/models/team/orders');
const { options } = PROFILES.GAR;
const values = { project: 'floe', location: 'europe-west1' };

/** Google's API, of a project with one repository. */
function google({ isDenied = false } = {}) {
  let isMade = false;
  return startCloudServer(({ method, url, headers, body }: CloudRequest): CloudAnswer => {
    insist(headers.authorization === `Bearer ${options.auth.password}`, 'another token');
    if (isDenied) return { status: 403, body: apiMessage('gar/denied.json', values) };
    const repository = (name: string): string =>
      apiMessage('gar/repository.json', { ...values, name, immutable: 'true' });
    if (url.pathname === PARENT && method === 'POST') {
      insist(
        JSON.parse(body).format === 'DOCKER' && url.searchParams.get('repositoryId') === 'models',
        'another repository',
      );
      if (isMade)
        return {
          status: 409,
          body: '{"error":{"code":409,"message":"the repository already exists","status":"ALREADY_EXISTS"}}',
        };
      isMade = true;
      return { status: 200, body: `{"name":"${PARENT}/operations/1"}` };
    }
    insist(method === 'GET', 'another method');
    if (url.pathname === PARENT) return { status: 200, body: `{"repositories":[${repository('models')}]}` };
    if (url.pathname === `${PARENT}/models`) return { status: 200, body: repository('models') };
    insist(url.pathname === `${PARENT}/models/packages`, 'another address');
    const one = (name: string): string => apiMessage('gar/package.json', { ...values, repository: 'models', name });
    return url.searchParams.get('pageToken') === 'two'
      ? { status: 200, body: `{"packages":[${one('team%2Forders')}]}` }
      : { status: 200, body: `{"packages":[${one('app')}],"nextPageToken":"two"}` };
  });
}

async function start(
  googleOptions?: Parameters<typeof google>[0],
  credential: { username: string; password: string } = options.auth,
) {
  const api = await google(googleOptions);
  const auth = { ...options.auth, ...credential };
  const server = await startRegistry({ ...options, auth, adapters: [garTags, ...(options.adapters ?? [])] });
  const asking = ask({ name: 'gar', host: HOST, server, credential, elsewhere: { [API]: api.url } });
  return {
    server,
    api,
    ...asking,
    async [Symbol.asyncDispose]() {
      await asking[Symbol.asyncDispose]();
      await server.close();
      await api[Symbol.asyncDispose]();
    },
  };
}

describe('Google Artifact Registry', () => {
  it("lists what a project has, by Google's API, with the registry's token", async () => {
    await using gar = await start();
    expect(await namesOf(gar.provider.repositories({ within: 'floe' }))).toEqual(['floe/models/app', ORDERS]);
    expect(await namesOf(gar.provider.repositories({ within: 'floe/models/team' }))).toEqual([ORDERS]);
    expect([gar.api.violations, gar.warnings]).toEqual([[], []]);
  });

  it('lists no more than a project', async () => {
    await using gar = await start();
    const listed = namesOf(gar.provider.repositories());
    await expect(listed).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      details: { instead: `Name a project, as ${HOST}/PROJECT` },
    });
  });

  it("lists by the registry's own answers where Google's API does not let us in", async () => {
    await using gar = await start({ isDenied: true });
    putArtifact(gar.server, ORDERS, ['v1']);
    putArtifact(gar.server, 'floe/models/app', ['v1']);
    expect([...(await namesOf(gar.provider.repositories({ within: 'floe' })))].sort()).toEqual([
      'floe/models/app',
      ORDERS,
    ]);
    expect(gar.warnings).toEqual([
      expect.objectContaining({ event: 'registry_api_not_used', operation: 'repositories' }),
    ]);
  });

  it('sends no key file to an API that takes tokens alone', async () => {
    await using gar = await start({}, { username: '_json_key', password: '{"private_key":"x"}' });
    putArtifact(gar.server, ORDERS, ['v1']);
    expect(await namesOf(gar.provider.repositories({ within: 'floe' }))).toEqual([ORDERS]);
    expect(gar.api.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('describes all tags in one request', async () => {
    await using gar = await start();
    const digest = putArtifact(gar.server, ORDERS, ['v1', 'latest'], 250);
    await tagsOf(gar.provider.tags(ORDERS));
    gar.server.clearRequests();
    const tags = await tagsOf(gar.provider.tags(ORDERS));
    const pushedAt = '2026-02-14T11:22:32.000Z';
    expect(tags).toEqual(['v1', 'latest'].map((name) => ({ name, digest, size: 250, pushedAt })));
    expect(gar.server.requests()).toHaveLength(1);
  });

  it('takes a tag away by the spec', async () => {
    await using gar = await start();
    putArtifact(gar.server, ORDERS, ['v1', 'v2']);
    await gar.provider.deleteTag(ORDERS, parseTag('v1'));
    expect([...gar.server.repository(ORDERS).tags.keys()]).toEqual(['v2']);
  });

  it('makes a repository, once, and tells that its tags are kept', async () => {
    await using gar = await start();
    expect(await gar.provider.createRepository(ORDERS)).toBe('created');
    expect(await gar.provider.createRepository(ORDERS)).toBe('existed');
    expect(await gar.provider.rules(ORDERS)).toEqual({ immutability: 'all', remarks: [] });
  });

  it("may not make a repository where Google's API says so", async () => {
    await using gar = await start({ isDenied: true });
    await expect(gar.provider.createRepository(ORDERS)).rejects.toEqual(failure('DENIED'));
  });

  it('leads to the console', async () => {
    await using gar = await start();
    const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
    const url = await gar.provider.webUrl({ kind: 'registry', registry: HOST, repository: ORDERS, digest });
    const path = '/artifacts/docker/floe/europe-west1/models/team%2Forders';
    expect(url?.href).toBe(`https://console.cloud.google.com${path}/${digest}?project=floe`);
  });
});
