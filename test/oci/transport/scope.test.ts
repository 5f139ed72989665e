import { describe, expect, it } from 'vitest';
import { accessOf, coversScopes, extendScopes, mergeScopes } from '../../../src/oci/transport/scope.ts';
import type { HttpRequest } from '../../../src/oci/transport/transport.ts';

describe('what a request needs', () => {
  it.each<[HttpRequest['method'], string, readonly string[]]>([
    ['GET', '/v2/a/b/manifests/1', ['repository:a/b:pull']],
    ['HEAD', '/v2/a/b/manifests/sha256:0', ['repository:a/b:pull']],
    ['GET', '/v2/a/b/blobs/sha256:0', ['repository:a/b:pull']],
    ['GET', '/v2/a/b/tags/list?n=1', ['repository:a/b:pull']],
    ['GET', '/v2/a/b/referrers/sha256:0', ['repository:a/b:pull']],
    ['PUT', '/v2/a/b/manifests/1', ['repository:a/b:pull,push']],
    ['POST', '/v2/a/b/blobs/uploads/', ['repository:a/b:pull,push']],
    ['PATCH', '/v2/a/b/blobs/uploads/1-2/3?_state=x', ['repository:a/b:pull,push']],
    ['PUT', '/v2/a/b/blobs/uploads/1?digest=sha256:0', ['repository:a/b:pull,push']],
    ['PATCH', '/v2/a/b/blobs/uploads/blobs/1', ['repository:a/b:pull,push']],
    ['POST', '/v2/a/b/blobs/uploads/?mount=sha256:0&from=c/d', ['repository:a/b:pull,push', 'repository:c/d:pull']],
    ['GET', '/v2/blobs/manifests/x/manifests/1', ['repository:blobs/manifests/x:pull']],
    ['DELETE', '/v2/a/b/manifests/1', []],
    ['GET', '/v2/', []],
    ['GET', '/v2/_catalog', []],
  ])('%s %s: %j', (method, path, scopes) => {
    expect(accessOf({ method, url: new URL(path, 'https://r.example') }).scopes).toEqual(scopes);
  });

  it.each<[HttpRequest['method'], string, string | undefined, boolean]>([
    ['GET', '/v2/a/b/tags/list', 'a/b', true],
    ['HEAD', '/v2/a/b/manifests/1', 'a/b', true],
    ['PUT', '/v2/a/b/manifests/1', 'a/b', false],
    ['DELETE', '/v2/a/b/manifests/1', 'a/b', false],
    ['GET', '/v2/', undefined, false],
    ['GET', '/v2/_catalog', undefined, false],
    ['GET', '/token/v2/a/b/tags/list', undefined, false],
    ['GET', '/v2/a/b/tags/list/more', undefined, false],
  ])('%s %s: it is about %s, and reads what may be public: %s', (method, path, repository, isPull) => {
    const access = accessOf({ method, url: new URL(path, 'https://r.example') });
    expect([access.repository, access.isPull]).toEqual([repository, isPull]);
  });

  it('is the same for everything that one token serves', () => {
    const keyOf = (method: HttpRequest['method'], path: string): string =>
      accessOf({ method, url: new URL(path, 'https://r.example') }).key;
    expect(keyOf('GET', '/v2/a/blobs/sha256:0')).toBe(keyOf('HEAD', '/v2/a/manifests/1'));
    expect(keyOf('PUT', '/v2/a/manifests/1')).toBe(keyOf('POST', '/v2/a/blobs/uploads/'));
    expect(keyOf('DELETE', '/v2/a/manifests/1')).toBe(keyOf('DELETE', '/v2/a/manifests/2'));
    expect(keyOf('GET', '/v2/a/manifests/1')).not.toBe(keyOf('GET', '/v2/b/manifests/1'));
    expect(keyOf('GET', '/v2/a/manifests/1')).not.toBe(keyOf('PUT', '/v2/a/manifests/1'));
    expect(keyOf('POST', '/v2/a/blobs/uploads/?from=b')).not.toBe(keyOf('POST', '/v2/a/blobs/uploads/'));
    expect(keyOf('GET', '/v2/')).not.toBe(keyOf('GET', '/v2/_catalog'));
  });
});

describe('scopes', () => {
  it.each([
    [['repository:a/b:push,pull'], ['repository:a/b:pull,push']],
    [['repository:a/b:pull', 'repository:a/b:push'], ['repository:a/b:pull,push']],
    [
      ['repository:b:pull', 'repository:a:pull'],
      ['repository:b:pull', 'repository:a:pull'],
    ],
    [['repository:a:pull,*'], ['repository:a:*']],
    [['repository:host:5000/a:pull'], ['repository:host:5000/a:pull']],
    [['registry:catalog:*'], ['registry:catalog:*']],
    [['aws'], ['aws']],
    [[':a:b:c'], [':a:b:c']],
    [[], []],
  ])('%j merge to %j', (scopes, merged) => {
    expect(mergeScopes(scopes)).toEqual(merged);
  });

  it.each([
    [['repository:a:pull,push'], ['repository:a:pull'], true],
    [['repository:a:*'], ['repository:a:delete'], true],
    [['repository:a:pull'], ['repository:a:pull,push'], false],
    [['repository:a:pull'], ['repository:a:*'], false],
    [['repository:a:pull'], ['repository:b:pull'], false],
    [['repository:a:pull', 'repository:b:pull'], ['repository:b:pull'], true],
    [['aws'], ['aws'], true],
    [['repository:a:pull'], ['aws'], false],
    [['aws'], [], true],
  ])('%j cover %j: %s', (granted, wanted, covers) => {
    expect(coversScopes(granted, wanted)).toBe(covers);
  });

  it.each([
    [['repository:a:pull'], ['repository:a:push'], ['repository:a:pull,push']],
    [['repository:a:pull'], ['repository:b:pull'], ['repository:a:pull']],
    [['repository:a:pull'], ['repository:b:pull', 'repository:a:push'], ['repository:a:pull,push']],
    [['aws'], ['repository:a:pull'], ['aws']],
    [[], ['repository:a:pull'], []],
    [['registry:catalog:*'], [], ['registry:catalog:*']],
  ])('%j, where %j is needed besides, are %j: nothing that was not named is asked for', (named, besides, extended) => {
    expect(extendScopes(named, besides)).toEqual(extended);
  });
});
