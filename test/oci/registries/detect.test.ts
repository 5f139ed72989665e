import { describe, expect, it } from 'vitest';
import { detectProvider, providerByHost } from '../../../src/oci/registries/detect.ts';
import { failure } from '../../support/failure.ts';
import { harborApi } from '../../support/registry/apis.ts';
import { type Adapter, jsonAnswer, type RegistryOptions } from '../../support/registry/index.ts';
import { connect } from '../remote/support.ts';

describe('what a registry is', () => {
  it.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'ecr'],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', 'ecr'],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'ecr'],
    ['public.ecr.aws', 'ecr-public'],
    ['floe.azurecr.io', 'acr'],
    ['europe-west1-docker.pkg.dev', 'gar'],
    ['eu.gcr.io', 'gar'],
    ['ghcr.io', 'ghcr'],
    ['docker.io', 'docker-hub'],
    ['quay.io', 'quay'],
    ['registry.gitlab.com', 'gitlab'],
    ['codeberg.org', 'gitea'],
    ['acme.jfrog.io', 'artifactory'],
    ['registry.example.com', undefined],
    ['evil-ghcr.io', undefined],
    ['floe.azurecr.io.example.com', undefined],
    ['floe.azurecr.io:8443', undefined],
    ['x123456789012.dkr.ecr.eu-west-1.amazonaws.com.example', undefined],
  ])('is told by the name %s', (host, name) => {
    expect(providerByHost(host)).toBe(name);
  });

  const answers = (path: string, value: unknown): Adapter => {
    return async (exchange, next) => (exchange.path === path ? jsonAnswer(200, value) : next(exchange));
  };
  const auth = { username: 'ann', password: 'secret' };

  it.each<[string, RegistryOptions]>([
    ['harbor', { adapters: [harborApi(auth, new Map())] }],
    [
      'zot',
      {
        adapters: [
          answers('/v2/_oci/ext/discover', { extensions: [{ name: '_zot', url: '', description: '', endpoints: [] }] }),
        ],
      },
    ],
    [
      'quay',
      { adapters: [answers('/api/v1/discovery', { swagger: '2.0', info: { title: 'Quay Frontend', version: 'v1' } })] },
    ],
    ['gitea', { adapters: [answers('/api/v1/version', { version: '1.22.3' })] }],
    ['distribution', {}],
    ['distribution', { auth }],
  ])('is found out to be %s by asking', async (name, options) => {
    await using connected = await connect(options);
    const { transport, server, registry } = connected;
    expect(await detectProvider({ registry: server.host, base: registry.url, transport })).toBe(name);
  });

  it('is not found out where pages for people answer everything', async () => {
    await using connected = await connect();
    const { transport, server, registry } = connected;
    server.fail({ fault: { kind: 'html' } });
    expect(await detectProvider({ registry: server.host, base: registry.url, transport })).toBe('distribution');
  });

  it('is not guessed while nobody is there', async () => {
    await using connected = await connect();
    const { transport, server, registry } = connected;
    server.fail({ fault: { kind: 'status', status: 503 } });
    const detected = detectProvider({ registry: server.host, base: registry.url, transport });
    await expect(detected).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
  });
});
