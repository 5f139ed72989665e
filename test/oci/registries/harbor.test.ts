import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { failure } from '../../support/failure.ts';
import { type HarborProject, harborApi } from '../../support/registry/apis.ts';
import { type Adapter, startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { PROFILES } from '../../support/registry/profiles.ts';
import { type Asking, ask, nameOf, namesOf, putArtifact, tagsOf } from './support.ts';

const HOST = 'harbor.example.com';
const { options } = PROFILES.Harbor;
const auth = { ...options.auth, username: 'robot$acme+ci' };
const ORDERS = nameOf('acme/team/orders');

let server: TestRegistry;
let projects: Map<string, HarborProject>;
let asking: Asking;
let misleading: Adapter | undefined;
beforeEach(async () => {
  misleading = undefined;
  projects = new Map([
    ['acme', { immutable: /^v1\./, quota: 1024 }],
    ['open', { isPublic: true }],
  ]);
  server = await startRegistry({
    ...options,
    auth,
    adapters: [
      (exchange, next) =>
        misleading !== undefined && exchange.path.endsWith('/artifacts') ? misleading(exchange, next) : next(exchange),
      harborApi(auth, projects),
      ...(options.adapters ?? []),
    ],
  });
  asking = ask({ name: 'harbor', host: HOST, server, credential: auth });
});
afterEach(async () => {
  await asking[Symbol.asyncDispose]();
  await server.close();
});

describe('Harbor', () => {
  it('lists what a robot may see, page by page, and of one project', async () => {
    for (let i = 0; i < 130; i++) putArtifact(server, `acme/app-${i}`, ['v1']);
    putArtifact(server, 'open/tool', ['v1']);
    expect(await namesOf(asking.provider.repositories())).toHaveLength(131);
    expect(server.requests({ path: /^\/api/ })).toHaveLength(2);
    expect(await namesOf(asking.provider.repositories({ within: 'open' }))).toEqual(['open/tool']);
  });

  it('shows a stranger what is public', async () => {
    putArtifact(server, 'acme/app', ['v1']);
    putArtifact(server, 'open/tool', ['v1']);
    await using stranger = ask({ name: 'harbor', host: HOST, server });
    expect(await namesOf(stranger.provider.repositories())).toEqual(['open/tool']);
  });

  it('describes tags in one request, of names with slashes too', async () => {
    const digest = putArtifact(server, ORDERS, ['v1.0', 'latest'], 300);
    server.clearRequests();
    const tags = await tagsOf(asking.provider.tags(ORDERS));
    expect(tags).toEqual([
      {
        name: 'v1.0',
        digest,
        size: 300,
        pushedAt: '2026-02-14T12:22:32.000Z',
        createdAt: '2026-02-01T00:00:00.000Z',
        artifactType: 'application/vnd.example.thing',
        isImmutable: true,
      },
      expect.objectContaining({ name: 'latest', digest, isImmutable: false }),
    ]);
    expect(server.requests()).toHaveLength(1);
    expect(server.lines()[0]).toContain('/projects/acme/repositories/team%252Forders/artifacts?');
  });

  it('says that a repository is not there', async () => {
    const listed = tagsOf(asking.provider.tags(nameOf('acme/none')));
    await expect(listed).rejects.toEqual(failure('NOT_FOUND', { kind: 'repository' }));
  });

  it('takes a tag away and leaves the manifest', async () => {
    const digest = putArtifact(server, ORDERS, ['dev', 'latest']);
    await asking.provider.deleteTag(ORDERS, parseTag('dev'));
    expect([...server.repository(ORDERS).tags.keys()]).toEqual(['latest']);
    expect(server.repository(ORDERS).manifests.has(digest)).toBe(true);
    await expect(asking.provider.deleteTag(ORDERS, parseTag('dev'))).rejects.toEqual(
      failure('NOT_FOUND', { kind: 'tag' }),
    );
  });

  it('says in words that a rule keeps a tag', async () => {
    putArtifact(server, ORDERS, ['v1.0']);
    const deleted = asking.provider.deleteTag(ORDERS, parseTag('v1.0'));
    await expect(deleted).rejects.toMatchObject({
      code: 'DENIED',
      details: { reason: expect.stringContaining('immutable') },
    });
  });

  it('makes the project that a push needs, once', async () => {
    expect(await asking.provider.createRepository(nameOf('fresh/app'))).toBe('created');
    expect(await asking.provider.createRepository(nameOf('fresh/other'))).toBe('existed');
    expect(projects.has('fresh')).toBe(true);
  });

  it('tells rules and quota', async () => {
    expect(await asking.provider.rules(ORDERS)).toEqual({
      immutability: 'some',
      quota: { limit: 1024, used: 512 },
      remarks: [],
    });
  });

  it('leads to its own page', async () => {
    const reference = { kind: 'registry', registry: HOST, repository: ORDERS, tag: parseTag('v1.0') } as const;
    const url = await asking.provider.webUrl(reference);
    expect(url?.href).toBe(`https://${HOST}/harbor/projects/1/repositories/team%2Forders/artifacts-tab/artifacts/v1.0`);
  });

  it('never sends a cookie back', async () => {
    putArtifact(server, ORDERS, ['dev']);
    await tagsOf(asking.provider.tags(ORDERS));
    await asking.provider.deleteTag(ORDERS, parseTag('dev'));
    expect(server.requests().filter(({ headers }) => 'cookie' in headers)).toEqual([]);
  });

  it.each([
    ['a page for people', { kind: 'html' } as const],
    ['JSON of another shape', { kind: 'body', body: '{"error":"maintenance"}' } as const],
    ['a refusal', { kind: 'status', status: 403 } as const],
    ['that it is not there', { kind: 'status', status: 503 } as const],
  ])('whose API answers %s is asked by the spec, with a line in the log', async (_, fault) => {
    putArtifact(server, ORDERS, ['v1.0', 'latest']);
    server.fail({ path: /^\/api/, fault });
    expect((await tagsOf(asking.provider.tags(ORDERS))).map(({ name }) => name).sort()).toEqual(['latest', 'v1.0']);
    expect(asking.warnings).toEqual([
      expect.objectContaining({
        event: 'registry_api_not_used',
        registry: HOST,
        provider: 'harbor',
        operation: 'tags',
      }),
    ]);
  });

  it.each([
    ['never ends', (page: number) => ({ status: 200, page: 1, next: page + 1 })],
    ['goes in a circle', (page: number) => ({ status: 200, page, next: page === 2 ? 1 : 2 })],
    ['breaks off', (page: number) => ({ status: page === 1 ? 200 : 500, page, next: page + 1 })],
  ])('whose list %s gives the rest by the spec, and nothing twice', async (_, pageAt) => {
    for (const tag of ['a', 'b', 'c', 'd', 'e']) putArtifact(server, ORDERS, [tag], tag.charCodeAt(0));
    misleading = async (exchange, next) => {
      const asked = Number(exchange.query.get('page') ?? 1);
      const { status, page, next: following } = pageAt(asked);
      const query = new URLSearchParams(exchange.query);
      query.set('page', String(page));
      query.set('page_size', '2');
      const given = await next({ ...exchange, query });
      query.set('page', String(following));
      return { ...given, status, headers: { ...given.headers, link: `<${exchange.path}?${query}>; rel="next"` } };
    };
    const entries = await tagsOf(asking.provider.tags(ORDERS));
    expect(entries.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(entries[0]).toHaveProperty('digest');
    expect(asking.warnings).toEqual([expect.objectContaining({ event: 'registry_api_not_used', operation: 'tags' })]);
    expect(server.requests({ path: /^\/api/ }).length).toBeLessThanOrEqual(4);
  });

  it('shows by the spec what its API does not know', async () => {
    putArtifact(server, ORDERS, ['v1.0']);
    server.fail({ path: /^\/api/, fault: { kind: 'html', status: 404 } });
    expect(await tagsOf(asking.provider.tags(ORDERS))).toEqual([{ name: 'v1.0' }]);
  });

  it('whose lists are closed both ways says why the API does not give one', async () => {
    server.fail({ path: /^\/api/, fault: { kind: 'status', status: 403, code: 'FORBIDDEN' } });
    await expect(namesOf(asking.provider.repositories())).rejects.toEqual(failure('DENIED'));
  });
});
