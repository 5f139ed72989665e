import { describe, expect, it } from 'vitest';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import { failure } from '../../support/failure.ts';
import { type AcrOptions, acrApi } from '../../support/registry/apis.ts';
import { startRegistry } from '../../support/registry/index.ts';
import { PROFILES } from '../../support/registry/profiles.ts';
import { ask, nameOf, namesOf, putArtifact, tagsOf } from './support.ts';

const HOST = 'floe.azurecr.io';
const ORDERS = nameOf('acme/orders');
const { options } = PROFILES.ACR;

async function start(acr: AcrOptions = {}) {
  const server = await startRegistry({ ...options, adapters: [acrApi(acr), ...(options.adapters ?? [])] });
  const asking = ask({ name: 'acr', host: HOST, server, credential: options.auth });
  return {
    server,
    ...asking,
    async [Symbol.asyncDispose]() {
      await asking[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

describe('Azure Container Registry', () => {
  it('lists repositories with a token of the registry', async () => {
    await using acr = await start();
    putArtifact(acr.server, ORDERS, ['v1']);
    putArtifact(acr.server, 'other/app', ['v1']);
    expect(await namesOf(acr.provider.repositories())).toEqual([ORDERS, 'other/app']);
    expect(await namesOf(acr.provider.repositories({ within: 'acme' }))).toEqual([ORDERS]);
    expect(acr.warnings).toEqual([]);
  });

  it('tells digests and dates of tags, and which are locked, page by page', async () => {
    await using acr = await start({ locked: /^v1$/ });
    const digest = putArtifact(acr.server, ORDERS, ['v1', 'v2', 'v3']);
    const tags = await tagsOf(acr.provider.tags(ORDERS));
    expect(tags).toEqual(
      ['v1', 'v2', 'v3'].map((name) => {
        return { name, digest, pushedAt: '2026-02-14T12:22:32.123Z', isImmutable: name === 'v1' };
      }),
    );
    expect(acr.warnings).toEqual([]);
  });

  it('asks for the scope that the challenge names', async () => {
    await using acr = await start();
    putArtifact(acr.server, ORDERS, ['v1']);
    await tagsOf(acr.provider.tags(ORDERS));
    const scopes = acr.server
      .requests({ path: /^\/oauth2\/token/ })
      .map(({ path }) => new URLSearchParams(path.split('?')[1]).getAll('scope'));
    expect(scopes).toEqual([[`repository:${ORDERS}:metadata_read`]]);
  });

  it('reads a repository though its token lists none', async () => {
    await using acr = await start({ isScoped: true });
    putArtifact(acr.server, ORDERS, ['v1']);
    acr.server.fail({ path: /^\/v2\/_catalog/, fault: { kind: 'status', status: 401 } });
    await expect(namesOf(acr.provider.repositories())).rejects.toEqual(failure('UNAUTHORIZED'));
    expect(await tagsOf(acr.provider.tags(ORDERS))).toHaveLength(1);
  });

  it('takes a tag away, unless it is locked', async () => {
    await using acr = await start({ locked: /^v1$/ });
    putArtifact(acr.server, ORDERS, ['v1', 'v2']);
    await acr.provider.deleteTag(ORDERS, parseTag('v2'));
    expect([...acr.server.repository(ORDERS).tags.keys()]).toEqual(['v1']);
    await expect(acr.provider.deleteTag(ORDERS, parseTag('v1'))).rejects.toEqual(failure('DENIED'));
    await expect(acr.provider.deleteTag(ORDERS, parseTag('v9'))).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
  });

  it('tells locks of a repository', async () => {
    await using acr = await start({ locked: /orders/ });
    putArtifact(acr.server, ORDERS, ['v1']);
    expect(await acr.provider.rules(ORDERS)).toEqual({
      immutability: 'all',
      remarks: ['The repository is locked against writing', 'The repository is locked against deletion'],
    });
  });

  it('says that a repository is not there', async () => {
    await using acr = await start();
    await expect(tagsOf(acr.provider.tags(ORDERS))).rejects.toEqual(failure('NOT_FOUND', { kind: 'repository' }));
  });
});
