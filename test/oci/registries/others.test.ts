import { describe, expect, it } from 'vitest';
import type { ProviderName } from '../../../src/oci/registries/providerName.ts';
import { parseDigest } from '../../../src/oci/spec/digest.ts';
import { parseReference, type RegistryReference } from '../../../src/oci/spec/reference.ts';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { type CloudAnswer, type CloudRequest, insist, startCloudServer } from '../../support/cloud/cloudServer.ts';
import { failure } from '../../support/failure.ts';
import { apiMessage } from '../../support/registry/apis.ts';
import { type Adapter, answer, startRegistry } from '../../support/registry/index.ts';
import { PROFILES } from '../../support/registry/profiles.ts';
import { ask, nameOf, namesOf, putArtifact, tagsOf } from './support.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const pushedAt = '2026-02-14T12:22:32.123Z';
const ORDERS = nameOf('acme/orders');

interface Start {
  readonly name: ProviderName;
  readonly host: string;
  readonly api?: readonly [origin: string, (request: CloudRequest) => CloudAnswer];
  readonly adapters?: readonly Adapter[];
}

async function start({ name, host, api, adapters = [] }: Start) {
  const { options } = name === 'quay' ? PROFILES.Quay : name === 'ghcr' ? PROFILES.GHCR : PROFILES['Docker Hub'];
  const server = await startRegistry({ ...options, adapters: [...adapters, ...(options.adapters ?? [])] });
  const cloud = await startCloudServer(api?.[1] ?? (() => ({ status: 404, body: '' })));
  const elsewhere = api === undefined ? {} : { [api[0]]: cloud.url };
  const asking = ask({ name, host, server, credential: options.auth, elsewhere });
  return {
    server,
    cloud,
    ...asking,
    async [Symbol.asyncDispose]() {
      await asking[Symbol.asyncDispose]();
      await server.close();
      await cloud[Symbol.asyncDispose]();
    },
  };
}

/** Docker Hub's API, which has a token for a password. */
function hub({ method, url, headers, body }: CloudRequest): CloudAnswer {
  if (url.pathname === '/v2/auth/token') {
    const isRight = JSON.parse(body).identifier === 'ann' && JSON.parse(body).secret === 'secret';
    return isRight ? { status: 200, body: '{"access_token":"hub.token"}' } : { status: 401, body: '{}' };
  }
  insist(headers.authorization === 'Bearer hub.token', 'another token');
  if (url.pathname === '/v2/namespaces/acme/repositories') {
    return { status: 200, body: apiMessage('dockerHub/repositories.json', { namespace: 'acme', name: 'orders' }) };
  }
  if (method === 'DELETE') {
    insist(url.pathname === '/v2/repositories/acme/orders/tags/v1/', 'another address');
    return { status: 204, body: '' };
  }
  insist(url.pathname === '/v2/namespaces/acme/repositories/orders/tags', 'another address');
  return { status: 200, body: apiMessage('dockerHub/tags.json', { name: 'v1', digest, size: 250 }) };
}

describe('Docker Hub', () => {
  const options = { name: 'docker-hub', host: 'docker.io', api: ['https://hub.docker.com', hub] } as const;

  it('is asked by its web API, with a token that it gives for the credential, once', async () => {
    await using it = await start(options);
    expect(await namesOf(it.provider.repositories({ within: 'acme' }))).toEqual([ORDERS]);
    expect(await tagsOf(it.provider.tags(ORDERS))).toEqual([{ name: 'v1', digest, size: 250, pushedAt }]);
    await it.provider.deleteTag(ORDERS, parseTag('v1'));
    expect(it.cloud.violations).toEqual([]);
    expect(it.cloud.requests.filter(({ url }) => url.pathname === '/v2/auth/token')).toHaveLength(1);
  });

  it('lists no more than a namespace', async () => {
    await using it = await start(options);
    await expect(namesOf(it.provider.repositories())).rejects.toEqual(failure('UNSUPPORTED'));
  });
});

describe("GitHub's registry", () => {
  const github = ({ method, url, headers }: CloudRequest): CloudAnswer => {
    insist(headers.authorization === 'Bearer secret', 'another token');
    insist(headers['x-github-api-version'] === '2022-11-28', 'another version');
    const values = { owner: 'acme', name: 'orders', digest, tag: 'v1' };
    if (url.pathname === '/orgs/acme') return { status: 200, body: '{"login":"acme"}' };
    if (url.pathname === '/orgs/ann') return { status: 404, body: '{"message":"Not Found"}' };
    if (/^\/(?:user|orgs\/acme|users\/ann)\/packages$/.test(url.pathname)) {
      insist(url.searchParams.get('package_type') === 'container', 'other packages');
      return { status: 200, body: apiMessage('ghcr/packages.json', values) };
    }
    if (method === 'DELETE') {
      insist(url.pathname === '/orgs/acme/packages/container/orders/versions/836', 'another version');
      return { status: 204, body: '' };
    }
    insist(url.pathname === '/orgs/acme/packages/container/orders/versions', 'another address');
    return { status: 200, body: apiMessage('ghcr/versions.json', values) };
  };
  const options = { name: 'ghcr', host: 'ghcr.io', api: ['https://api.github.com', github] } as const;

  it("is asked by GitHub's API, with the token that is its password", async () => {
    await using it = await start(options);
    expect(await namesOf(it.provider.repositories())).toEqual([ORDERS]);
    expect(await namesOf(it.provider.repositories({ within: 'acme' }))).toEqual([ORDERS]);
    expect(await namesOf(it.provider.repositories({ within: 'ann' }))).toEqual([ORDERS]);
    expect(await tagsOf(it.provider.tags(ORDERS))).toEqual([
      { name: 'v1', digest, pushedAt: '2026-02-13T11:21:31.000Z' },
    ]);
    expect(it.cloud.violations).toEqual([]);
  });

  it('takes no single tag away, and says where a version is removed', async () => {
    await using it = await start(options);
    const deleted = it.provider.deleteTag(ORDERS, parseTag('v1'));
    await expect(deleted).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      details: { instead: expect.stringContaining('https://ghcr.io/acme/orders') },
    });
  });

  it('removes a manifest, which is a version of its package', async () => {
    await using it = await start(options);
    await it.provider.deleteManifest?.(ORDERS, parseDigest(digest));
    expect(it.cloud.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    const other = parseDigest(`sha256:${'b'.repeat(64)}`);
    const removed = it.provider.deleteManifest?.(ORDERS, other);
    await expect(removed).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
    expect(it.cloud.violations).toEqual([]);
  });

  it('is not asked again with a token that GitHub refuses', async () => {
    const refusing = (): CloudAnswer => ({ status: 401, body: '{"message":"Bad credentials"}' });
    await using it = await start({ ...options, api: ['https://api.github.com', refusing] });
    putArtifact(it.server, ORDERS, ['v1']);
    for (let i = 0; i < 2; i++) expect(await tagsOf(it.provider.tags(ORDERS))).toEqual([{ name: 'v1' }]);
    expect(it.cloud.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', undefined]);
  });
});

describe('Quay', () => {
  const api: Adapter = async (exchange, next) => {
    if (exchange.path !== `/api/v1/repository/${ORDERS}/tag/`) return next(exchange);
    const page = Number(exchange.query.get('page'));
    const body = apiMessage('quay/tags.json', { name: `v${page}`, digest, size: 250, page, more: String(page < 2) });
    return answer(200, { 'content-type': 'application/json' }, body);
  };

  it('describes public tags, page by page', async () => {
    await using it = await start({ name: 'quay', host: 'quay.io', adapters: [api] });
    const about = { digest, size: 250, pushedAt: '2026-02-14T12:22:32.000Z' };
    expect(await tagsOf(it.provider.tags(ORDERS))).toEqual(['v1', 'v2'].map((name) => ({ name, ...about })));
  });

  it('tells where a tag led, page by page', async () => {
    const history: Adapter = async (exchange, next) => {
      if (exchange.query.get('specificTag') !== 'v1') return next(exchange);
      const page = Number(exchange.query.get('page'));
      const body = apiMessage('quay/tagHistory.json', { name: 'v1', digest, page, more: String(page < 2) });
      return answer(200, { 'content-type': 'application/json' }, body);
    };
    await using it = await start({ name: 'quay', host: 'quay.io', adapters: [history] });
    const periods = [
      { digest, from: '2026-02-14T12:22:32.000Z' },
      { digest, from: '2026-02-13T08:35:52.000Z', until: '2026-02-14T12:22:32.000Z' },
    ];
    const tag = parseTag('v1');
    expect((await Array.fromAsync(it.provider.tagHistory?.(ORDERS, tag) ?? [])).flat()).toEqual([
      ...periods,
      ...periods,
    ]);
  });

  it.each([401, 403, 404, 500])('tells nothing of where a tag led when its API answers %d', async (status) => {
    await using it = await start({ name: 'quay', host: 'quay.io' });
    it.server.fail({ path: /^\/api/, fault: { kind: 'status', status } });
    expect(await Array.fromAsync(it.provider.tagHistory?.(ORDERS, parseTag('v1')) ?? [])).toEqual([]);
  });

  it.each([401, 403, 404])('gives by the spec what its API hides with %d', async (status) => {
    await using it = await start({ name: 'quay', host: 'quay.io' });
    putArtifact(it.server, ORDERS, ['v1']);
    it.server.fail({ path: /^\/api/, fault: { kind: 'status', status } });
    expect(await tagsOf(it.provider.tags(ORDERS))).toEqual([{ name: 'v1' }]);
  });
});

describe('zot', () => {
  it('describes tags by its search, and gives them by the spec where it has none', async () => {
    let isMinimal = false;
    const search: Adapter = async (exchange, next) => {
      if (exchange.path !== '/v2/_zot/ext/search' || isMinimal) return next(exchange);
      const body = apiMessage('zot/imageList.json', { name: 'v1', digest, size: 250 });
      return answer(200, { 'content-type': 'application/json' }, body);
    };
    await using it = await start({ name: 'zot', host: 'zot.example.com', adapters: [search] });
    expect(await tagsOf(it.provider.tags(ORDERS))).toEqual([
      { name: 'v1', digest, size: 250, createdAt: '2026-02-14T12:22:32.000Z' },
    ]);
    isMinimal = true;
    putArtifact(it.server, ORDERS, ['v2']);
    expect(await tagsOf(it.provider.tags(ORDERS))).toEqual([{ name: 'v2' }]);
  });
});

it.each<[ProviderName, string, string | undefined]>([
  ['docker-hub', 'docker.io/acme/orders:v1', 'https://hub.docker.com/r/acme/orders/tags?name=v1'],
  ['docker-hub', 'docker.io/alpine', 'https://hub.docker.com/_/alpine'],
  ['ghcr', 'ghcr.io/acme/orders:v1', 'https://ghcr.io/acme/orders'],
  ['quay', 'quay.io/acme/orders:v1', 'https://quay.io/repository/acme/orders?tab=tags&tag=v1'],
  ['quay', `quay.io/acme/orders@${digest}`, `https://quay.io/repository/acme/orders/manifest/${digest}`],
  ['gitlab', 'registry.gitlab.com/acme/orders:v1', 'https://gitlab.com/acme/orders/container_registry'],
  ['gitea', 'codeberg.org/acme/orders:v1', 'https://codeberg.org/acme/-/packages/container/orders/v1'],
  ['zot', 'zot.example.com/acme/orders:v1', 'https://zot.example.com/image/acme%2Forders/tag/v1'],
  ['artifactory', 'acme.jfrog.io/oci/orders:v1', 'https://acme.jfrog.io/ui/repos/tree/General/oci/orders/v1'],
  ['nexus', 'nexus.example.com/acme/orders:v1', undefined],
  ['distribution', 'registry.example.com/acme/orders:v1', undefined],
])('the page of %s about %s is known', async (name, reference, url) => {
  const parsed = parseReference(reference) as RegistryReference;
  await using it = await start({ name, host: parsed.registry });
  expect((await it.provider.webUrl(parsed))?.href).toBe(url);
});
