import { afterEach, describe, expect, it } from 'vitest';
import { type Credential, fixed } from '../../../src/oci/credentials/credentials.ts';
import { silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { authorizedAtApiHost } from '../../../src/oci/transport/apiHosts.ts';
import type { HttpRequest, HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';

const seen: HttpRequest[] = [];
afterEach(() => {
  seen.length = 0;
});

/** Answers every request with this status, and the Hub's token requests with a token. */
function answering(status: number): Transport {
  return {
    async send(request): Promise<HttpResponse> {
      seen.push(request);
      const isToken = request.url.pathname === '/v2/auth/token';
      const body = (async function* () {
        yield Buffer.from(isToken ? '{"access_token":"hub-token"}' : '{}');
      })();
      return { status: isToken ? 200 : status, headers: new Map(), url: request.url, body, discard: async () => {} };
    },
    close: async () => {},
  };
}

const basic = (username: string): Credential => ({ kind: 'basic', username, password: 'pa55word', source: 'test' });

async function send(
  registry: string,
  credential: Credential,
  urls: readonly string[],
  status = 200,
): Promise<readonly (string | undefined)[]> {
  const options = { registry, credentials: fixed(credential, registry), logger: silentLogger };
  const transport = authorizedAtApiHost(answering(status), options);
  for (const url of urls) await transport.send({ method: 'GET', url: new URL(url) });
  return seen.map(({ headers }) => headers?.['authorization']);
}

describe("a registry's credential", () => {
  it.each([
    ['ghcr.io', 'ann', 'https://api.github.com/user/packages'],
    ['registry.gitlab.com', 'ann', 'https://gitlab.com/api/v4/projects'],
    ['europe-west1-docker.pkg.dev', 'oauth2accesstoken', 'https://artifactregistry.googleapis.com/v1/x'],
    ['gcr.io', '_dcgcloud_token', 'https://artifactregistry.googleapis.com/v1/x'],
  ])('of %s goes to its API as a token', async (registry, username, url) => {
    expect(await send(registry, basic(username), [url])).toEqual(['Bearer pa55word']);
  });

  it('of Docker Hub is exchanged there, once', async () => {
    const url = 'https://hub.docker.com/v2/namespaces/acme/repositories';
    expect(await send('docker.io', basic('ann'), [url, url])).toEqual([
      undefined,
      'Bearer hub-token',
      'Bearer hub-token',
    ]);
    expect(seen[0]).toMatchObject({ method: 'POST', url: new URL('https://hub.docker.com/v2/auth/token') });
  });

  it.each([
    ['ghcr.io', 'ann', 'http://api.github.com/user/packages'],
    ['ghcr.io', 'ann', 'https://api.github.com:8443/user/packages'],
    ['ghcr.io', 'ann', 'https://api.github.com.example.com/user/packages'],
    ['ghcr.io', 'ann', 'https://gitlab.com/api/v4/projects'],
    ['evil-ghcr.io', 'ann', 'https://api.github.com/user/packages'],
    ['ghcr.io:8443', 'ann', 'https://api.github.com/user/packages'],
    ['registry.example.com', 'oauth2accesstoken', 'https://artifactregistry.googleapis.com/v1/x'],
    ['europe-west1-docker.pkg.dev', '_json_key', 'https://artifactregistry.googleapis.com/v1/x'],
  ])('of %s (%s) does not go to %s', async (registry, username, url) => {
    expect(await send(registry, basic(username), [url])).toEqual([undefined]);
  });

  it('that is a token of the registry alone goes nowhere else', async () => {
    const token: Credential = { kind: 'registryToken', token: 't0ken', source: 'test' };
    expect(await send('ghcr.io', token, ['https://api.github.com/user/packages'])).toEqual([undefined]);
  });

  it('that is of no use there is said to be, once', async () => {
    const told: unknown[] = [];
    const logger = { ...silentLogger, info: (event: string, fields?: object) => void told.push({ event, ...fields }) };
    const [registry, credential] = ['europe-west1-docker.pkg.dev', basic('_json_key')];
    const options = { registry, credentials: fixed(credential, registry), logger };
    const transport = authorizedAtApiHost(answering(200), options);
    const url = new URL('https://artifactregistry.googleapis.com/v1/x');
    for (let times = 0; times < 2; times++) await transport.send({ method: 'GET', url });
    const reason = 'it does not take this credential';
    expect(told).toEqual([{ event: 'api_asked_anonymously', registry, api: url.origin, source: 'test', reason }]);
  });

  it('that was refused is not sent again', async () => {
    const url = 'https://api.github.com/user/packages';
    expect(await send('ghcr.io', basic('ann'), [url, url], 401)).toEqual(['Bearer pa55word', undefined]);
  });
});

describe('an API where the user says that it is', () => {
  const at = async (signIn: 'token' | 'password', urls: readonly string[]) => {
    const api = { origin: 'https://gitlab.example.com', signIn: () => signIn };
    const registry = 'registry.example.com';
    const options = { registry, api, credentials: fixed(basic('ann'), registry), logger: silentLogger };
    const transport = authorizedAtApiHost(answering(200), options);
    for (const url of urls) await transport.send({ method: 'GET', url: new URL(url) });
    return seen.map(({ headers }) => headers?.['authorization']);
  };

  it('gets the credential of the registry, in the way of its kind', async () => {
    const url = 'https://gitlab.example.com/api/v4/groups/acme';
    expect(await at('token', [url])).toEqual(['Bearer pa55word']);
    seen.length = 0;
    expect(await at('password', [url])).toEqual([`Basic ${Buffer.from('ann:pa55word').toString('base64')}`]);
  });

  it.each([
    'http://gitlab.example.com/api/v4/x',
    'https://gitlab.example.com:8443/api/v4/x',
    'https://gitlab.com/api/v4/x',
  ])('is no other place: %s gets nothing', async (url) => {
    expect(await at('token', [url])).toEqual([undefined]);
  });
});
