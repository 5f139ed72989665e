import { afterEach, expect, it, vi } from 'vitest';
import { startAws } from '../support/cloud/aws.ts';
import { makeHelpers } from '../support/credentialHelper.ts';
import type { FileTree } from '../support/fileTree.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp/receiver.ts';
import { startProxy } from '../support/proxyServer.ts';
import { type FaultRule, startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { SecretSearch } from '../support/secretSearch.ts';
import { serve, type TestServer, tlsFixture } from '../support/transportServer.ts';
import type { CliWorld } from './support/runCli.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

/*
 * Runs everything there is with every kind of secret, at the level that tells most, and looks for the secrets in what came
 * out of it: every line, and every file but the one that `login` writes on purpose.
 */

const PASSWORD = 'p4ssw0rd/of+the=registry';
const COOKIE = 'cookie-of-the-session';
const SIGNATURE = 'signature-of-the-storage';
const auth = { username: 'robot', password: PASSWORD };

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of cleanup.splice(0).toReversed()) await close();
});
function owned<T extends AsyncDisposable>(made: T): T {
  cleanup.push(async () => made[Symbol.asyncDispose]());
  return made;
}

/** Text for people, and one of the forms for programs. */
const FORMATS = [
  ['--verbose', '--log-format', 'text'],
  ['--verbose', '--log-format', 'json', '--json'],
];

const SECRET_FILES = /[/\\](config\.json|auth\.json|client\.key|docker-credential-\w+|kept[/\\].*)$/;

/** What was run, and what came of it. */
class Search {
  readonly secrets = new SecretSearch();
  readonly workspace: Workspace;
  readonly #world: CliWorld;
  readonly #receiver: OtlpReceiver;
  #runs = 0;
  readonly #texts: { readonly where: string; readonly text: string }[] = [];

  constructor(workspace: Workspace, world: CliWorld, receiver: OtlpReceiver) {
    this.workspace = workspace;
    this.#receiver = receiver;
    const own = {
      FLOE_OCI_LOG: 'trace',
      XDG_STATE_HOME: workspace.path('state'),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    };
    this.#world = { ...world, env: { ...world.env, ...own } };
  }

  /** @param codes that are expected, as a check that the secret was used as meant */
  async run(codes: readonly number[], argv: readonly string[], world: CliWorld = {}): Promise<void> {
    for (const format of FORMATS) {
      const env = { ...this.#world.env, ...world.env };
      const { code, stdout, stderr } = await this.workspace.runIn(
        { ...this.#world, ...world, env },
        ...argv,
        ...format,
        '--max-attempts',
        '1',
        '--metrics-file',
        `run-${++this.#runs}.prom`,
        '--record',
        `run-${this.#runs}.har`,
      );
      const where = `floe-oci ${argv.join(' ')} ${format.join(' ')}`;
      if (!codes.includes(code)) throw new Error(`${where} ended with ${code}: ${stderr}`);
      this.#texts.push({ where: `stdout of ${where}`, text: stdout }, { where: `stderr of ${where}`, text: stderr });
    }
  }

  /** Lines of the log, of all that was run. */
  get lines(): number {
    return this.#texts.flatMap(({ text }) => text.split('\n')).length;
  }

  /** Sendings of spans and numbers. */
  get sendings(): number {
    return this.#receiver.requests.length;
  }

  /** Where which secret turned up. */
  async leaks(): Promise<readonly string[]> {
    const isLookedAt = (path: string): boolean => !SECRET_FILES.test(path);
    return [
      ...this.#texts.flatMap(({ where, text }) => this.secrets.leaksIn(text, where)),
      ...(await this.secrets.leaksBelow(this.workspace.folder, isLookedAt)),
      ...(await this.secrets.leaksBelow(this.workspace.cache)),
      ...this.#receiver.requests.flatMap(({ body }) => this.secrets.leaksIn(body.toString('utf8'), 'telemetry')),
    ];
  }
}

async function searching(world: CliWorld = {}, tree: FileTree = {}): Promise<Search> {
  const files = { 'notes.txt': 'some notes', 'folder/a.txt': 'a', 'ca.crt': tlsFixture('ca.crt') };
  return new Search(owned(await makeWorkspace({ ...files, ...tree })), world, owned(await startOtlpReceiver()));
}

/** Tokens that a registry has given, and whatever else stood for who was asking. */
function addSent(search: Search, registry: TestRegistry): void {
  for (const { headers } of registry.requests()) {
    const { authorization } = headers;
    if (authorization !== undefined) search.secrets.add('what was sent', authorization.replace(/^\w+ /, ''));
  }
}

const typed = (text: string): AsyncIterable<string> =>
  (async function* () {
    yield text;
  })();

/** Everything that the command line can do with a registry. */
async function runEverything(search: Search, host: string, config: readonly string[] = []): Promise<void> {
  const orders = `oci://${host}/team/orders`;
  const run = (...argv: readonly string[]): Promise<void> => search.run([0], [...argv, ...config]);
  await run('push', '-a', 'doc.json', '-r', orders, '-t', 'v1.0.0');
  await run('push', '-a', 'changed.json', '-r', orders, '-t', 'latest');
  await run('push', `oci://${host}/team/files:v1`, 'notes.txt', 'folder', '--annotation', 'a=b');
  await run('pull', '-r', orders, '-t', 'v1.0.0', '-o', 'pulled.json');
  await run('pull', '-r', orders, '-t', 'v1.0.0', '-o', 'pulled.json', '--refresh');
  await run('pull', `oci://${host}/team/files:v1`, '-o', 'pulled', '--force', '--no-cache');
  await run('inspect', `${orders}:v1.0.0`);
  // Not as JSON: it is that already.
  await search.run([0, 64], ['inspect', `${orders}:v1.0.0`, '--raw', ...config]);
  await run('list', orders);
  await run('repos', host);
  await run('resolve', `${orders}:v1.0.0`);
  await run('copy', `${orders}:v1.0.0`, `oci://${host}/team/copied:v1.0.0`, '--referrers');
  await run('copy', `${orders}:v1.0.0`, 'layout:copied:v1.0.0');
  await run('mirror', orders, `oci://${host}/team/mirrored`);
  await run('backup', orders, 'saved');
  await run('restore', 'saved', `oci://${host}/team/restored`);
  await run('tag', `${orders}:v1.0.0`, 'v1.0.1');
  await run('attach', `${orders}:v1.0.0`, 'notes.txt', '--artifact-type', 'text/notes');
  await run('referrers', `${orders}:v1.0.0`);
  await search.run([1], ['diff', `${orders}:v1.0.0`, `${orders}:latest`, ...config]);
  await run('validate', `${orders}:v1.0.0`);
  for (const task of ['status', 'list', 'verify', 'prune']) await run('cache', task);
  await run('doctor', host);
  await search.run([0, 3], ['delete', `${orders}:v1.0.1`, '--yes', ...config]);
  await search.run([0, 3], ['delete', `${orders}:latest`, '--manifest', '--yes', ...config]);
}

/** A registry that gives a cookie with every answer, and its blobs by a signed address on another host. */
async function startLeaky(scheme: 'basic' | 'bearer'): Promise<TestRegistry> {
  const registry = owned(await startRegistry({ auth: { ...auth, scheme } }));
  const storage = await serve((request, response) => {
    void fetch(new URL(request.url ?? '', registry.url), {
      headers: { authorization: `Basic ${btoa(`${auth.username}:${auth.password}`)}`, 'x-storage': 'yes' },
    }).then(async (answer) => response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())));
  });
  cleanup.push(() => storage.close());
  registry.fail(
    { fault: { kind: 'header', name: 'set-cookie', value: `session=${COOKIE}; HttpOnly` } },
    ...(scheme === 'basic' ? [signedRedirect(storage)] : []),
  );
  return registry;
}

function signedRedirect(storage: TestServer): FaultRule {
  const location = (path: string): string => `${storage.url.origin}${path}?X-Amz-Signature=${SIGNATURE}`;
  return {
    method: 'GET',
    fault: (_, path) =>
      /\/blobs\/sha256:/.test(path) && !path.includes(SIGNATURE)
        ? { kind: 'redirect', location: location(path) }
        : undefined,
  };
}

it.each(['basic', 'bearer'] as const)(
  'everything with a user name and a password shows neither: %s',
  async (scheme) => {
    const registry = await startLeaky(scheme);
    const env = { FLOE_REGISTRY_USERNAME: auth.username, FLOE_REGISTRY_PASSWORD: PASSWORD };
    const search = await searching({ env });
    for (const [name, secret] of Object.entries({ PASSWORD, COOKIE, SIGNATURE })) search.secrets.add(name, secret);
    await runEverything(search, registry.host);
    addSent(search, registry);
    expect(search.lines).toBeGreaterThan(300);
    expect(search.sendings).toBeGreaterThan(50);
    expect(await search.leaks()).toEqual([]);
  },
  120_000,
);

it('signing in, being refused and signing out show no password', async () => {
  const registry = await startLeaky('bearer');
  const helpers = owned(await makeHelpers());
  await helpers.addStore('kept');
  const search = await searching(
    {},
    { 'docker/config.json': '{}', 'kept-docker/config.json': '{"credsStore":"kept"}', 'doc.key': 'x' },
  );
  const wrong = 'wrong-p4ssw0rd';
  search.secrets.add('password', PASSWORD);
  search.secrets.add('wrong password', wrong);
  const { host } = registry;
  const orders = ['-r', `oci://${host}/team/orders`, '-t', 'v1.0.0'];
  for (const folder of ['docker', 'kept-docker']) {
    const env = { DOCKER_CONFIG: search.workspace.path(folder), PATH: helpers.path };
    for (const [password, code] of [
      [wrong, 2],
      [PASSWORD, 0],
    ] as const) {
      // Each format reads it anew.
      const world = {
        env,
        get stdin() {
          return typed(password);
        },
      };
      await search.run([code], ['login', host, '-u', 'robot', '--password-stdin'], world);
    }
    await search.run([0], ['push', '-a', 'doc.json', ...orders], { env });
    await search.run([0], ['doctor', host], { env });
    await search.run([0], ['logout', host], { env });
    await search.run([2], ['pull', ...orders, '--refresh'], { env });
  }
  const refused = { FLOE_REGISTRY_USERNAME: 'robot', FLOE_REGISTRY_PASSWORD: wrong };
  for (const argv of [
    ['push', '-a', 'doc.json', ...orders],
    ['pull', ...orders, '--refresh'],
    ['doctor', host],
  ]) {
    await search.run([2], argv, { env: refused });
  }
  addSent(search, registry);
  expect(await search.leaks()).toEqual([]);
}, 60_000);

it('secrets of files, helpers and references are not shown, also when they are refused or broken', async () => {
  const registry = await startLeaky('basic');
  const { host } = registry;
  const helpers = owned(await makeHelpers());
  await helpers.add('good', `echo '{"Username":"robot","Secret":"${PASSWORD}"}'`);
  await helpers.add(
    'loud',
    `echo 'the secret is {"Secret":"${PASSWORD}"}' >&2; echo '{"Secret":"${PASSWORD}"'; exit 1`,
  );
  const entry = Buffer.from(`robot:${PASSWORD}`).toString('base64');
  const search = await searching(
    { env: { PATH: helpers.path } },
    {
      'auth/config.json': JSON.stringify({ auths: { [host]: { auth: entry } } }),
      'good/config.json': JSON.stringify({ credHelpers: { [host]: 'good' } }),
      'loud/config.json': JSON.stringify({ credHelpers: { [host]: 'loud' } }),
      'broken/config.json': `{"auths":{"${host}":{"auth":"${entry}"}},}`,
      'odd/config.json': JSON.stringify({ auths: { [host]: { auth: entry.slice(1) } } }),
      'own.yaml': `apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: oci://${host}/team/orders\n    auth: { type: basic, credentials_ref: { source: env, name: robot } }\n`,
    },
  );
  search.secrets.add('password', PASSWORD);
  search.secrets.add('signature', SIGNATURE);
  const orders = `oci://${host}/team/orders`;
  for (const folder of ['auth', 'good']) {
    const env = { DOCKER_CONFIG: search.workspace.path(folder) };
    await search.run([0], ['push', '-a', 'doc.json', '-r', orders, '-t', 'v1.0.0'], { env });
    await search.run([0], ['pull', '-r', orders, '-t', 'v1.0.0', '-o', 'x.json', '--refresh'], { env });
    await search.run([0], ['doctor', host], { env });
  }
  for (const folder of ['loud', 'broken', 'odd']) {
    const env = { DOCKER_CONFIG: search.workspace.path(folder) };
    await search.run([2, 65], ['list', orders], { env });
    await search.run([2, 65], ['doctor', host], { env });
  }
  const secrets = { FLOE_SECRET_ROBOT_USERNAME: 'robot', FLOE_SECRET_ROBOT_PASSWORD: PASSWORD };
  await search.run([0], ['list', '--config', 'own.yaml'], { env: secrets });
  await search.run([0], ['doctor', '--config', 'own.yaml'], { env: secrets });
  expect(await search.leaks()).toEqual([]);
}, 60_000);

it('identity tokens, their renewals and ready-made tokens are not shown', async () => {
  const given: string[] = ['identity-token-of-robot', 'ready-made-token-of-robot'];
  const server = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
      response.setHeader('content-type', 'application/json');
      if (request.url === '/token') {
        const sent = new URLSearchParams(body).get('refresh_token') ?? '';
        const next = [`access-token-number-${given.length}`, `renewed-token-number-${given.length}`];
        if (!given.includes(sent)) response.writeHead(401).end(`{"message":"no such token: refresh_token=${sent}"}`);
        else response.end(JSON.stringify({ access_token: next[0], refresh_token: next[1], expires_in: 1 }));
        given.push(...next);
      } else if (given.includes(token)) response.end('{"name":"team/orders","tags":[]}');
      else response.writeHead(401, { 'www-authenticate': 'Bearer realm="/token",service="s"' }).end();
    });
  });
  cleanup.push(() => server.close());
  const config = (entry: object): string => JSON.stringify({ auths: { [server.host]: entry } });
  const search = await searching(
    {},
    {
      'identity/config.json': config({ identitytoken: given[0] }),
      'ready/config.json': config({ registrytoken: given[1] }),
      'other/config.json': config({ identitytoken: 'other-token-of-robot' }),
    },
  );
  search.secrets.add('other token', 'other-token-of-robot');
  for (const [folder, code] of [
    ['identity', 0],
    ['ready', 0],
    ['other', 2],
  ] as const) {
    const env = { DOCKER_CONFIG: search.workspace.path(folder) };
    await search.run([code], ['list', `oci://${server.host}/team/orders`], { env });
    await search.run([code], ['doctor', server.host], { env });
  }
  for (const token of given) search.secrets.add('token', token);
  expect(given.length).toBeGreaterThan(4);
  expect(await search.leaks()).toEqual([]);
});

it('keys of a cloud, what they buy, and the password of a proxy are not shown', async () => {
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/secret-access-key' };
  const aws = owned(await startAws({ keys }));
  const registry = await serve(
    ({ headers }, response) => {
      response.setHeader('content-type', 'application/json');
      if (headers.authorization?.startsWith('Basic ')) response.end('{"name":"team/orders","tags":[]}');
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="ecr"' }).end();
    },
    { certificate: 'server' },
  );
  cleanup.push(() => registry.close());
  const user = 'proxy-user:proxy-p4ssw0rd';
  const proxy = owned(await startProxy({ target: registry.url, user }));
  const env = {
    ...aws.endpoints,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    HTTPS_PROXY: proxy.origin.replace('//', `//${user}@`),
  };
  // The vendor's own client, and the connection, read the variables of the process.
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'NO_PROXY', 'HTTP_PROXY']) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const search = await searching({ env });
  const ecr = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
  for (const [name, secret] of Object.entries(keys)) search.secrets.add(name, secret);
  search.secrets.add('password of the proxy', 'proxy-p4ssw0rd');
  await search.run([0], ['list', `oci://${ecr}/team/orders`, '--insecure']);
  await search.run([0], ['doctor', ecr, '--insecure']);
  search.secrets.add('password of ECR', aws.password);
  expect(aws.count('ecr')).toBeGreaterThan(0);
  vi.stubEnv('HTTPS_PROXY', proxy.origin.replace('//', '//proxy-user:other-p4ssw0rd@'));
  search.secrets.add('other password of the proxy', 'other-p4ssw0rd');
  await search.run([5], ['list', `oci://${ecr}/team/orders`, '--insecure']);
  await search.run([5], ['doctor', ecr, '--insecure'], { env: { HTTPS_PROXY: process.env['HTTPS_PROXY'] } });
  expect(await search.leaks()).toEqual([]);
}, 60_000);

it('the key of a client certificate is not shown, also when it does not fit', async () => {
  const tls = { cert: tlsFixture('server.crt'), key: tlsFixture('server.key'), clientCa: tlsFixture('ca.crt') };
  const registry = owned(await startRegistry({ tls, address: '127.0.0.2' }));
  const key = tlsFixture('client.key');
  const search = await searching({}, { 'client.crt': tlsFixture('client.crt'), 'client.key': key });
  for (const line of key.split('\n').filter((text) => text.length > 30 && !text.startsWith('-----'))) {
    search.secrets.add('a line of the key', line);
  }
  const list = ['list', `oci://${registry.host}/team/orders`];
  await search.run([3], [...list, '--ca-file', 'ca.crt', '--cert', 'client.crt', '--key', 'client.key']);
  await search.run([64], [...list, '--cert', 'ca.crt', '--key', 'client.key']);
  await search.run([64], [...list, '--cert', 'client.key', '--key', 'client.crt']);
  await search.run(
    [0],
    ['doctor', registry.host, '--ca-file', 'ca.crt', '--cert', 'client.crt', '--key', 'client.key'],
  );
  expect(await search.leaks()).toEqual([]);
});

it('what a registry repeats of our secrets is not repeated by us', async () => {
  const server = await serve((request, response) => {
    const { authorization = '' } = request.headers;
    response.setHeader('content-type', 'application/json');
    if (authorization === '') return response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    const message = `who is this? Authorization: ${authorization} {"Password":"${PASSWORD}"} http://robot:${encodeURIComponent(PASSWORD)}@x.example/?sig=${SIGNATURE}`;
    return response.writeHead(400).end(JSON.stringify({ errors: [{ code: 'UNKNOWN', message }] }));
  });
  cleanup.push(() => server.close());
  const env = { FLOE_REGISTRY_USERNAME: auth.username, FLOE_REGISTRY_PASSWORD: PASSWORD };
  const search = await searching({ env });
  search.secrets.add('password', PASSWORD);
  search.secrets.add('signature', SIGNATURE);
  await search.run([1], ['list', `oci://${server.host}/team/orders`]);
  await search.run([1], ['doctor', server.host]);
  expect(await search.leaks()).toEqual([]);
});
