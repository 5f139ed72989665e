import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { guardedLookup, nameCheck } from '../../../../src/oci/transport/engines/guardedLookup.ts';
import { createHostFetchTransport } from '../../../../src/oci/transport/engines/hostFetch.ts';
import { createNodeTransport } from '../../../../src/oci/transport/engines/nodeHttps.ts';
import { createUndiciTransport } from '../../../../src/oci/transport/engines/undici.ts';
import { serve } from '../../../support/transportServer.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'registry.example': ['203.0.113.5'],
  'token.example': ['203.0.113.6', '2001:db8::1'],
  'private.example': ['10.0.0.1'],
  'loopback.example': ['127.0.0.1'],
  'second.example': ['203.0.113.7', '169.254.169.254'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'scoped.example': ['fe80::1%eth0'],
  'local-registry.example': ['127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
};

const resolve = async (name: string): Promise<readonly LookupAddress[]> =>
  (NAMES[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** What a connection to `name` would be made to, for a registry. */
function addresses(registry: string, name: string, options: object = { all: true }): Promise<unknown> {
  return new Promise((found, fail) => {
    guardedLookup(registry, resolve)(name, options, (error, address, family) =>
      error ? fail(error) : found(family === undefined ? address : { address, family }),
    );
  });
}

describe('a name that a registry leads to', () => {
  it.each(['loopback.example', 'second.example', 'mapped.example', 'scoped.example'])(
    'is refused when it stands for this machine or its link: %s',
    async (name) => {
      await expect(addresses('registry.example', name)).rejects.toMatchObject({
        code: 'REDIRECT_REFUSED',
        details: { from: 'registry.example', to: name },
      });
    },
  );

  it('is looked up as usual otherwise, private networks included', async () => {
    expect(await addresses('registry.example', 'token.example')).toEqual([
      { address: '203.0.113.6', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]);
    expect(await addresses('registry.example', 'token.example', { family: 6 })).toEqual({
      address: '2001:db8::1',
      family: 6,
    });
    expect(await addresses('registry.example', 'private.example', {})).toEqual({ address: '10.0.0.1', family: 4 });
    await expect(addresses('registry.example', 'unknown.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('may stand for this machine when the registry does', async () => {
    expect(await addresses('local-registry.example', 'loopback.example', {})).toEqual({
      address: '127.0.0.1',
      family: 4,
    });
  });

  it.each(['local-registry.example', '127.0.0.1'])(
    'is refused when it stands for the metadata of a cloud, though the registry is on this machine: %s',
    async (registry) => {
      await expect(addresses(registry, 'metadata.example')).rejects.toMatchObject({ code: 'REDIRECT_REFUSED' });
      expect(await addresses('169.254.1.1', 'metadata.example', {})).toMatchObject({ address: '169.254.169.254' });
    },
  );
});

describe('a name that is looked up before the engine does', () => {
  it.each([
    ['registry.example', 'loopback.example', true],
    ['registry.example', 'second.example', true],
    ['registry.example', 'token.example', false],
    ['registry.example', 'unknown.example', false],
    ['registry.example', '127.0.0.1', false],
    ['loopback.example', 'loopback.example', false],
    ['local-registry.example', 'loopback.example', false],
    ['local-registry.example', 'metadata.example', true],
  ])('of a registry %s: %s is refused: %s', async (registry, name, isRefused) => {
    const checked = nameCheck(registry, resolve)(name);
    if (isRefused) await expect(checked).rejects.toMatchObject({ code: 'REDIRECT_REFUSED', details: { to: name } });
    else await checked;
  });

  it('is not waited for again where it cannot be looked up', async () => {
    const asked: string[] = [];
    const check = nameCheck('registry.example', async (name) => {
      asked.push(name);
      return [];
    });
    await check('storage.example');
    await check('storage.example');
    expect(asked).toEqual(['storage.example']);
  });
});

describe.each([
  ['undici', createUndiciTransport],
  ['node', createNodeTransport],
  ['host', createHostFetchTransport],
])('the engine %s', (_, create) => {
  it('does not connect to a local name on behalf of another host, and does on behalf of this one', async () => {
    const server = await serve((_, response) => response.end());
    const url = new URL(server.url);
    url.hostname = 'localhost';
    const foreign = create({ registryHost: 'registry.invalid' });
    const own = create({ registryHost: 'localhost' });
    try {
      await expect(foreign.send({ method: 'GET', url })).rejects.toMatchObject({ code: 'REDIRECT_REFUSED' });
      expect(server.connections).toBe(0);
      const response = await own.send({ method: 'GET', url });
      await response.discard();
      expect(response.status).toBe(200);
    } finally {
      await Promise.all([foreign.close(), own.close(), server.close()]);
    }
  });
});
