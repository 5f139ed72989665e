import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { failure } from '../../support/failure.ts';
import type { Fault, Quirks } from '../../support/registry/index.ts';
import { type Connected, connect, gathered } from './support.ts';

let connected: Connected | undefined;
afterEach(() => connected?.[Symbol.asyncDispose]());

/** A registry with `count` tags `v00`, `v01`, … on one manifest, and as many repositories. */
async function filled(count: number, quirks: Quirks = {}): Promise<Connected> {
  connected = await connect({ quirks });
  const { server } = connected;
  const names = Array.from({ length: count }, (_, i) => `v${String(i).padStart(2, '0')}`);
  for (const name of names) server.repository('team/product').putManifest('{}', MediaType.imageManifest, name);
  for (const name of names.slice(1)) server.repository(`team/${name}`);
  return connected;
}

const expected = (count: number) => Array.from({ length: count }, (_, i) => `v${String(i).padStart(2, '0')}`);
const tags = ({ repository }: Connected) => gathered(repository().tags());

describe('the tags of a repository', () => {
  it('come in one request when they fit in a page of a thousand', async () => {
    const { server } = await filled(25).then(async (all) => {
      expect(await tags(all)).toEqual(expected(25));
      return all;
    });
    expect(server.lines()).toEqual(['GET /v2/team/product/tags/list?n=1000']);
  });

  it.each(['relative', 'absolute'] as const)('come over several pages with %s links', async (locations) => {
    const all = await filled(25, { maxPageSize: 10, locations });
    expect(await tags(all)).toEqual(expected(25));
    expect(all.server.requests()).toHaveLength(3);
  });

  it('come in pages of the registry where it refuses ours', async () => {
    const all = await filled(25, { maxPageSize: 10, pageSize: 7, largePages: 'refuse' });
    expect(await tags(all)).toEqual(expected(25));
    expect(all.server.lines().slice(0, 2)).toEqual([
      'GET /v2/team/product/tags/list?n=1000',
      'GET /v2/team/product/tags/list',
    ]);
  });

  it('come without a page size where the registry calls ours unsupported, as ECR does', async () => {
    const all = await filled(3);
    all.server.fail({ path: /n=/, fault: { kind: 'status', status: 405, code: 'UNSUPPORTED' } });
    expect(await tags(all)).toEqual(expected(3));
  });

  it('are none where there are none, be it null or an empty list', async () => {
    for (const nullTags of [true, false]) {
      const all = await filled(0, { nullTags });
      all.server.repository('team/product');
      expect(await tags(all)).toEqual([]);
      await all[Symbol.asyncDispose]();
    }
  });

  it('are NOT_FOUND, repository, where the registry does not know it', async () => {
    await expect(tags(await filled(0))).rejects.toEqual(failure('NOT_FOUND', { kind: 'repository' }));
  });

  it('are each there once, and what is not a tag is left out and logged', async () => {
    const all = await filled(1);
    const names = ['v1', 'v1', 'sha256:abc', '_uploads', '../x', 7, null, 'v2', 'a\u001b[31m'];
    all.server.fail({ fault: { kind: 'body', body: JSON.stringify({ name: 'x', tags: names }) } });
    expect(await tags(all)).toEqual(['v1', 'v2']);
    const skipped = all.log.filter(({ event }) => event === 'name_skipped');
    expect(skipped).toHaveLength(6);
    expect(JSON.stringify(skipped)).not.toContain('\u001b');
  });

  it('are given while later pages are still to come', async () => {
    const all = await filled(25, { maxPageSize: 10 });
    for await (const _ of all.repository().tags()) break;
    expect(all.server.requests()).toHaveLength(1);
  });
});

describe('a list that the registry gets wrong', () => {
  let all: Connected;
  beforeEach(async () => {
    all = await filled(25, { maxPageSize: 10 });
  });
  const link = (value: string): Fault => ({ kind: 'header', name: 'link', value });

  it.each<readonly [string, Fault, object]>([
    ['an HTML page', { kind: 'html' }, failure('INVALID_RESPONSE')],
    ['truncated JSON', { kind: 'body', body: '{"tags":["v1"' }, failure('INVALID_RESPONSE')],
    ['JSON without a list', { kind: 'body', body: '{"name":"x"}' }, failure('INVALID_RESPONSE')],
    ['a list that is none', { kind: 'body', body: '{"tags":"v1"}' }, failure('INVALID_RESPONSE')],
    ['a link that cannot be read', link('</v2/next; rel="next"'), failure('INVALID_RESPONSE')],
    ['a link that is no URL', link('<http://:x>; rel="next"'), failure('INVALID_RESPONSE')],
    ['a link to another origin', link('<http://127.0.0.2/v2/x>; rel="next"'), failure('REDIRECT_REFUSED')],
    ['a link to another port', link('<http://127.0.0.1:1/v2/x>; rel="next"'), failure('REDIRECT_REFUSED')],
    ['a link to itself', link('</v2/team/product/tags/list?n=1000>; rel="next"'), failure('INVALID_RESPONSE')],
    ['a page over 8 MiB', { kind: 'body', body: Buffer.alloc(8 * 1024 * 1024 + 1, ' ') }, failure('LIMIT_EXCEEDED')],
    ['a body that breaks off', { kind: 'truncate', afterBytes: 10 }, failure('REGISTRY_UNAVAILABLE')],
  ])('is an error with a code: %s', async (_, fault, error) => {
    all.server.fail({ fault });
    await expect(tags(all)).rejects.toEqual(error);
  });

  /** Every page leads to another one. @param tagsOf what is on it */
  const endless = (tagsOf: (page: number) => readonly string[]): void => {
    let page = 0;
    const body = {
      kind: 'body',
      get body() {
        return JSON.stringify({ tags: tagsOf(page) });
      },
    } as const;
    const more = {
      kind: 'header',
      name: 'link',
      get value() {
        return `</v2/team/product/tags/list?page=${page++}>; rel="next"`;
      },
    } as const;
    all.server.fail({ fault: body }, { fault: more });
  };

  it.each([
    ['what it had before', ['v1', 'v2'], 2],
    ['with nothing on it', [], 11],
  ])('ends soon when it goes on and on: %s', async (words, names, requests) => {
    endless(() => names);
    const error = failure('INVALID_RESPONSE', {
      url: expect.stringContaining('/v2/team/product/tags/list'),
      reason: expect.stringContaining(words),
    });
    await expect(tags(all)).rejects.toEqual(error);
    expect(all.server.requests()).toHaveLength(requests);
  });

  it('ends when it never ends', async () => {
    endless((page) => [`v${page}`]);
    await expect(tags(all)).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: 1000 }));
  });

  it('is all there though the registry leaves out what is on some of its pages', async () => {
    endless(() => (all.server.requests().length === 10 ? ['last'] : []));
    all.server.fail({ skip: 9, fault: { kind: 'header', name: 'link', value: null } });
    expect(await tags(all)).toEqual(['last']);
  });

  it('fails when a later page fails, rather than ending early', async () => {
    all.server.fail({ skip: 1, fault: { kind: 'status', status: 503 } });
    await expect(tags(all)).rejects.toEqual(failure('REGISTRY_UNAVAILABLE', { status: 503 }));
  });

  it('understands unquoted links with several parameters', async () => {
    all.server.fail({ times: 1, fault: link('</v2/team/product/tags/list?last=v09&n=100>; title=x; rel=next') });
    expect(await tags(all)).toEqual(expected(25));
  });
});

describe('the repositories of a registry', () => {
  it('come over several pages', async () => {
    const all = await filled(25, { maxPageSize: 10 });
    const repositories = await gathered(all.registry.repositories());
    expect(repositories).toEqual([
      'team/product',
      ...expected(25)
        .slice(1)
        .map((name) => `team/${name}`),
    ]);
    expect(all.server.lines()[0]).toBe('GET /v2/_catalog?n=1000');
  });

  it('come in pages of the registry where it refuses ours, as distribution does', async () => {
    const all = await filled(25, { maxPageSize: 10, pageSize: 5, largePages: 'refuse' });
    expect(await gathered(all.registry.repositories())).toHaveLength(25);
  });

  it('are only those whose name is one', async () => {
    const all = await filled(1);
    all.server.fail({ fault: { kind: 'body', body: JSON.stringify({ repositories: ['a/b', '../x', 'A', 'c'] }) } });
    expect(await gathered(all.registry.repositories())).toEqual(['a/b', 'c']);
  });

  it.each<readonly [number, object]>([
    [404, failure('UNSUPPORTED')],
    [405, failure('UNSUPPORTED')],
    [401, failure('UNAUTHORIZED')],
    [403, failure('DENIED')],
  ])('are an error with a code when the answer is %i', async (status, error) => {
    const all = await filled(1);
    all.server.fail({ fault: { kind: 'status', status } });
    await expect(gathered(all.registry.repositories())).rejects.toEqual(error);
  });
});
