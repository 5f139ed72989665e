import { afterEach, expect, it } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import {
  type Credential,
  createStores,
  type EngineName,
  fixed,
  parseRegistryReference,
  parseTag,
  type RealmPins,
  type Stores,
} from '../../src/oci/index.ts';
import { describeError, explain } from '../../src/views/describeError.ts';
import { causeChain, loggerOver } from '../../src/views/logging.ts';
import { SecretSearch } from '../support/secretSearch.ts';
import { serve, type TestServer } from '../support/transportServer.ts';

/*
 * What the editor writes into its log, at the level that tells most, and shows of errors, with each kind of credential and
 * each engine it uses.
 */

const PASSWORD = 'p4ssw0rd/of+the=registry';
const COOKIE = 'cookie-of-the-session';
const SIGNATURE = 'signature-of-the-storage';
const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

const CREDENTIALS: readonly Credential[] = [
  { kind: 'basic', username: 'robot', password: PASSWORD, source: 'a test' },
  { kind: 'identityToken', token: 'identity-token-of-robot', source: 'a test' },
  { kind: 'registryToken', token: 'ready-made-token-of-robot', source: 'a test' },
];

/** Takes whoever shows something, and repeats it in the error that it answers to everything else. */
async function startEchoing(scheme: 'Basic' | 'Bearer'): Promise<TestServer> {
  const server = await serve((request, response) => {
    const { authorization } = request.headers;
    response.setHeader('set-cookie', `session=${COOKIE}`);
    response.setHeader('content-type', 'application/json');
    const signed = `http://127.0.0.1:1/x?X-Amz-Signature=${SIGNATURE}`;
    if (request.url?.startsWith('/token'))
      response.end('{"token":"access-token-of-robot","refresh_token":"renewed-token"}');
    else if (authorization === undefined) {
      const realm = scheme === 'Basic' ? 'Basic realm="x"' : 'Bearer realm="/token"';
      response.writeHead(401, { 'www-authenticate': realm }).end('{}');
    } else if (request.url?.includes('/orders/tags/')) response.end('{"name":"team/orders","tags":["v1"]}');
    else {
      const message = `Authorization: ${authorization}, {"Password":"${PASSWORD}"}, see ${signed}`;
      response.writeHead(400).end(JSON.stringify({ errors: [{ code: 'UNKNOWN', message }] }));
    }
  });
  cleanup.push(() => server.close());
  return server;
}

function open(engine: EngineName, credential: Credential, server: TestServer, lines: string[]): Stores {
  const write = (text: string): number => lines.push(text);
  const channel = { trace: write, debug: write, info: write, warn: write, error: write };
  const pins: RealmPins = { find: async () => undefined, remember: async () => {} };
  const stores = createStores({
    engine,
    credentials: fixed(credential, server.host),
    pins,
    logger: loggerOver(channel as unknown as LogOutputChannel),
    userAgent: 'test',
    retry: { maxAttempts: 1 },
  });
  cleanup.push(() => stores.close());
  return stores;
}

it.each(
  (['host', 'node', 'undici'] as const).flatMap((engine) => CREDENTIALS.map((credential) => ({ engine, credential }))),
)('the log and the errors of $engine show no $credential.kind', async ({ engine, credential }) => {
  const server = await startEchoing(credential.kind === 'basic' ? 'Basic' : 'Bearer');
  const lines: string[] = [];
  const stores = open(engine, credential, server, lines);
  const repository = await stores.open(parseRegistryReference(`${server.host}/team/orders`));
  expect(await Array.fromAsync(repository.tags())).toEqual(['v1']);
  const error: unknown = await repository.resolve(parseTag('v1')).catch((reason: unknown) => reason);
  const other = await stores.open(parseRegistryReference(`${server.host}/team/echo`));
  const echo: unknown = await Array.fromAsync(other.tags()).catch((reason: unknown) => reason);
  expect(echo).toMatchObject({ code: 'REGISTRY_ERROR', message: expect.stringContaining('see http://127.0.0.1:1/x') });
  const shown = [error, echo].flatMap((each) => [explain(describeError(each)), causeChain(each), JSON.stringify(each)]);

  const search = new SecretSearch();
  const secrets = { PASSWORD, COOKIE, SIGNATURE, access: 'access-token-of-robot', renewed: 'renewed-token' };
  for (const [name, secret] of Object.entries(secrets)) search.add(name, secret);
  if (credential.kind !== 'basic') search.add('token', credential.token);
  expect(lines.join('\n')).toContain('http_request');
  expect([...lines, ...shown].flatMap((text) => search.leaksIn(text, text))).toEqual([]);
});
