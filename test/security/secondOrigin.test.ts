import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../cli/support/workspace.ts';
import {
  type Adapter,
  type Fault,
  type RegistryAuth,
  startRegistry,
  type TestRegistry,
} from '../support/registry/index.ts';
import { tlsFixture } from '../support/transportServer.ts';
import { startThief } from './thief.ts';

/*
 * A registry that has the user's password, and leads elsewhere at every hop that the protocol has. Whatever the other place
 * is, it gets nothing that was meant for the registry, and what the user asked for either works or fails with a reason.
 */

const PASSWORD = 'p4ssw0rd/of+the=registry';
const USERNAME = 'robot$team+floe';

/** Gives every client a cookie, as sessions of web servers do. */
const withCookie: Adapter = async (exchange, next) => {
  const answer = await next(exchange);
  return { ...answer, headers: { ...answer.headers, 'set-cookie': 'session=cookie-of-the-session; Path=/' } };
};

interface Hop {
  /** What goes wrong in the registry. */
  readonly method?: string;
  readonly path: RegExp;
  readonly fault: (thief: string) => Fault;
  /** What the user does. */
  readonly command: (registry: string) => readonly string[];
  /** Whether the other place is gone to at all. */
  readonly isFollowed: boolean;
  /** A list that ends at such a page would be a partial result that looks like success. */
  readonly codes: readonly number[];
}

const redirect = (thief: string): Fault => ({ kind: 'redirect', status: 307, location: `http://${thief}/v2/mine/x` });
const header =
  (name: string, value: (thief: string) => string) =>
  (thief: string): Fault => ({ kind: 'header', name, value: value(thief) });
const pull = (host: string) => ['pull', `${host}/team/orders:v1.0.0`, '-o', 'pulled', '--no-cache'];
const push = (host: string) => ['push', '-a', 'changed.json', '-r', `${host}/team/orders`, '-t', 'v2.0.0'];

const HOPS: Readonly<Record<string, Hop>> = {
  'a redirect of a blob': {
    method: 'GET',
    path: /\/blobs\/sha256/,
    fault: redirect,
    command: pull,
    isFollowed: true,
    // What comes from there is not what the digest says.
    codes: [6],
  },
  'a redirect of a manifest': {
    method: 'GET',
    path: /\/manifests\//,
    fault: redirect,
    command: pull,
    isFollowed: true,
    codes: [1, 5, 6],
  },
  'a redirect of a HEAD': {
    method: 'HEAD',
    path: /\/blobs\//,
    fault: redirect,
    command: push,
    isFollowed: true,
    codes: [0, 1, 5],
  },
  'a redirect of the start of an upload': {
    method: 'POST',
    path: /\/blobs\/uploads\//,
    fault: redirect,
    command: push,
    isFollowed: true,
    codes: [0, 1, 5],
  },
  'the location of an upload': {
    method: 'POST',
    path: /\/blobs\/uploads\//,
    fault: header('location', (thief) => `http://${thief}/v2/mine/blobs/uploads/1`),
    command: push,
    isFollowed: true,
    codes: [0, 1, 3, 5],
  },
  'the next page of tags': {
    method: 'GET',
    path: /\/tags\/list/,
    fault: header('link', (thief) => `<http://${thief}/v2/mine/tags/list?last=a>; rel="next"`),
    command: (host) => ['list', `${host}/team/orders`],
    isFollowed: false,
    codes: [1],
  },
  'the next page of repositories': {
    method: 'GET',
    path: /_catalog/,
    fault: header('link', (thief) => `<http://${thief}/v2/_catalog?last=a>; rel="next"`),
    command: (host) => ['repos', host],
    isFollowed: false,
    codes: [1],
  },
  'the next page of referrers': {
    method: 'GET',
    path: /\/referrers\//,
    fault: header('link', (thief) => `<http://${thief}/v2/mine/referrers/x?n=2>; rel="next"`),
    command: (host) => ['referrers', `${host}/team/orders:v1.0.0`],
    isFollowed: false,
    codes: [1],
  },
};

const WAYS: Readonly<Record<string, RegistryAuth>> = {
  Basic: { username: USERNAME, password: PASSWORD },
  Bearer: { username: USERNAME, password: PASSWORD, scheme: 'bearer' },
};

/** Everything by which the registry knows its user, as it was sent. */
function secretsOf(registry: TestRegistry): Record<string, string> {
  const sent = registry.requests().flatMap(({ headers }) => headers['authorization'] ?? []);
  return {
    'the password': PASSWORD,
    ...Object.fromEntries(sent.map((value, index) => [`credential ${index}`, value.replace(/^\w+ /, '')])),
  };
}

async function attack(auth: RegistryAuth, { method, path, fault, command, isFollowed, codes }: Hop): Promise<void> {
  await using workspace = await makeWorkspace();
  await using registry = await startRegistry({ auth, adapters: [withCookie] });
  await using thief = await startThief();
  const env = { FLOE_REGISTRY_HOST: registry.host, FLOE_REGISTRY_USERNAME: USERNAME, FLOE_REGISTRY_PASSWORD: PASSWORD };
  const seeded = await workspace.runIn(
    { env },
    'push',
    '-a',
    'doc.json',
    '-r',
    `${registry.host}/team/orders`,
    '-t',
    'v1.0.0',
  );
  expect(seeded).toMatchObject({ code: 0, stderr: '' });
  registry.fail({ ...(method && { method }), path, fault: fault(thief.host) });
  const { code, stderr } = await workspace.runIn({ env }, ...command(registry.host), '--max-attempts', '1');
  expect({ loot: thief.loot(secretsOf(registry)), stderr }).toMatchObject({ loot: [] });
  expect(codes, stderr).toContain(code);
  expect(thief.asked.length > 0, thief.asked.join()).toBe(isFollowed);
}

describe.each(Object.entries(WAYS))('signed in by %s', (_, auth) => {
  it.each(Object.entries(HOPS))('%s leads elsewhere, without the secret', (_, hop) => attack(auth, hop));
});

it('a token server on another origin that nobody allowed gets nothing, and is not asked', async () => {
  await using workspace = await makeWorkspace();
  await using thief = await startThief();
  const auth = {
    username: USERNAME,
    password: PASSWORD,
    scheme: 'bearer',
    realm: `http://${thief.host}/token`,
  } as const;
  await using registry = await startRegistry({ auth });
  const env = { FLOE_REGISTRY_HOST: registry.host, FLOE_REGISTRY_USERNAME: USERNAME, FLOE_REGISTRY_PASSWORD: PASSWORD };
  const { code, stderr } = await workspace.runIn({ env }, ...push(registry.host));
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(thief.host) });
  expect(thief.asked).toEqual([]);
});

it('a certificate of the user is shown to the registry, and not where the registry leads', async () => {
  await using workspace = await makeWorkspace(Object.fromEntries(PEM.map((name) => [name, tlsFixture(name)])));
  const tls = { key: tlsFixture('server.key'), cert: tlsFixture('server.crt'), clientCa: tlsFixture('ca.crt') };
  await using registry = await startRegistry({ tls });
  await using thief = await startThief({ certificate: 'server', asksForClientCertificate: true });
  const identity = ['--ca-file', 'ca.crt', '--cert', 'client.crt', '--key', 'client.key'];
  const seeded = await workspace.run(
    'push',
    '-a',
    'doc.json',
    '-r',
    `${registry.host}/team/orders`,
    '-t',
    'v1.0.0',
    ...identity,
  );
  expect(seeded).toMatchObject({ code: 0, stderr: '' });
  registry.fail({
    path: /\/blobs\/sha256/,
    fault: { kind: 'redirect', status: 307, location: `https://${thief.host}/v2/mine/x` },
  });
  const { code } = await workspace.run(...pull(registry.host), ...identity);
  expect(code).toBe(6);
  expect(thief.asked).not.toEqual([]);
  expect(thief.loot({})).toEqual([]);
});

const PEM = ['ca.crt', 'client.crt', 'client.key'];
