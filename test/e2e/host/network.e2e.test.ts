import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../../scripts/lib/terminal.mjs';
import { artifact } from '../../support/artifacts.ts';
import { startAws } from '../../support/cloud/aws.ts';
import { type Adapter, type RegistryOptions, startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { tlsFixture } from '../../support/transportServer.ts';
import { fill } from '../support/fill.ts';
import { useScenario } from '../support/scenario.ts';
import { patience } from '../support/until.ts';
import { startLoggingProxy } from './loggingProxy.ts';
import { connect, push, sample, sampleFile } from './steps.ts';

/** Tags that come one by one, so that listing them is as many requests in a row. */
const tags = Array.from({ length: 20 }, (_, index) => `1.0.${index}`);
const quirks = { maxPageSize: 1 };
// VS Code's network code treats 127.0.0.1 as this machine, and 127.0.0.2 as any other.
const address = '127.0.0.2';
const tls = { key: tlsFixture('server.key'), cert: tlsFixture('server.crt') };
const strictTls = { ...tls, clientCa: tlsFixture('ca.crt') };

/** How many requests of a kind were under way at a time, at most. */
interface Peaks {
  pages: number;
  details: number;
}
const peaks = new Map<TestRegistry, Peaks>();

const direct = await start({ quirks });
const behindProxy = await start({ quirks });
const behindProxyByNode = await start({});
const behindProxyWithTls = await start({ tls: { key: tlsFixture('other.key'), cert: tlsFixture('other.crt') } });
const ofOwnAuthority = await start({ address, tls });
const ofUnknownAuthority = await start({ address, tls });
const forKnownClients = await start({ address, tls: strictTls });
const forOtherClients = await start({ address, tls: strictTls });
const unchecked = await start({ address, tls });
// Names that nobody knows but the proxy.
const proxied = 'registry.test:5000';
const proxiedByNode = 'other.test:5000';
const proxiedWithTls = 'registry.example';
// The registry of an account at Amazon, and Amazon's own services.
const inCloud = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const amazon = await startAws({ keys });
const registryInCloud = await start({ auth: { username: 'AWS', password: 'password-1' } });
afterAll(() => amazon[Symbol.asyncDispose]());
const proxyAddresses = {
  [proxied]: behindProxy.host,
  [proxiedByNode]: behindProxyByNode.host,
  [`${proxiedWithTls}:443`]: behindProxyWithTls.host,
  [`${inCloud}:80`]: registryInCloud.host,
  'amazon.test:80': new URL(amazon.url).host,
};
const proxy = await startLoggingProxy(proxyAddresses, { user: 'me:proxy-word' });
afterAll(() => proxy[Symbol.asyncDispose]());

async function start(options: RegistryOptions): Promise<TestRegistry> {
  const [now, most]: [Peaks, Peaks] = [
    { pages: 0, details: 0 },
    { pages: 0, details: 0 },
  ];
  const count: Adapter = async (exchange, next) => {
    const kind = exchange.path.endsWith('/tags/list') ? 'pages' : 'details';
    now[kind] += 1;
    most[kind] = Math.max(most[kind], now[kind]);
    return await next(exchange).finally(() => {
      now[kind] -= 1;
    });
  };
  const registry = await startRegistry({ ...options, adapters: [count] });
  peaks.set(registry, most);
  afterAll(() => registry.close());
  fill(registry, 'product', artifact(1), ...tags);
  return registry;
}

const pem = (name: string) => path.join(root, 'test/fixtures/tls', name);
const caFile = pem('ca.crt');
const scenario = useScenario('network', {
  files: { [sampleFile]: sample },
  // Not what the environment of the tests says: VS Code heeds it even before http.proxy.
  env: {
    NO_PROXY: address,
    no_proxy: address,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_ENDPOINT_URL_ECR: 'http://amazon.test',
  },
  userSettings: { 'floeOci.registries': [direct.host, proxied, proxiedByNode, proxiedWithTls].map((url) => ({ url })) },
  machineSettings: {
    'floeOci.registryOptions': {
      [ofOwnAuthority.host]: { caFile },
      // A registry on this machine counts as one without TLS unless something says otherwise.
      [ofUnknownAuthority.host]: { plainHttp: false },
      [forKnownClients.host]: { caFile, clientCertFile: pem('client.crt'), clientKeyFile: pem('client.key') },
      [forOtherClients.host]: { caFile },
      [unchecked.host]: { insecure: true },
      [proxied]: { plainHttp: true },
      [proxiedByNode]: { plainHttp: true, caFile },
      [proxiedWithTls]: { caFile },
      [inCloud]: { plainHttp: true, auth: 'cloud' },
    },
  },
});

/** Connections to one registry, by the default of the settings for requests at a time. */
const CONNECTIONS = 8;

/** Shows all tags of the registry: their pages one after the other, the details of those in view at most four at a time. */
async function listTags(label: string, registry: TestRegistry): Promise<void> {
  const tree = scenario().workbench.tree('Registries');
  registry.clearRequests();
  // The highest version is at the top, once all are known; the lowest is out of sight.
  await expect.poll(() => tree.description([label, 'product', '1.0.19']), { timeout: patience }).toContain(' B');
  const requests = registry.requests({ path: /\/v2\// });
  expect(requests.length).toBeGreaterThan(20);
  expect(peaks.get(registry)?.pages).toBe(1);
  expect(peaks.get(registry)?.details).toBeLessThanOrEqual(4);
  expect(new Set(requests.map(({ connection }) => connection)).size).toBeLessThanOrEqual(CONNECTIONS);
}

test('pages of tags come one after the other, details of rows four at a time, over connections that are used again', async () => {
  const { workbench } = scenario();
  await workbench.openContainer('Floe OCI');
  await listTags(direct.host, direct);
  expect(direct.connections).toBeLessThanOrEqual(CONNECTIONS);
  await workbench.tree('Registries').titleAction('Collapse All');
});

test.for([
  ['of its own authority', ofOwnAuthority],
  ['that wants to see a certificate', forKnownClients],
  ['whose certificate is not checked', unchecked],
] as const)('a registry %s connects', async ([, registry]) => {
  const { workbench } = scenario();
  await connect(registry, workbench);
  // Connecting unfolds the row.
  await workbench.tree('Registries').row('product');
  await workbench.tree('Registries').titleAction('Collapse All');
});

test.for([
  { option: 'caFile', registry: ofUnknownAuthority, reason: 'signed by an authority that is not trusted here' },
  { option: 'clientCertFile', registry: forOtherClients, reason: 'a client certificate is required' },
])('a registry that needs $option is refused with a sentence that says so', async ({ option, registry, reason }) => {
  const { workbench, screenshot } = scenario();
  await connect(registry, workbench);
  const said = await workbench.notifications.waitFor(`${registry.host} has no connection that can be trusted`);
  await workbench.notifications.waitForNone('Connecting to');
  await screenshot(`without ${option}`);
  expect(said).toContain(reason);
  expect(said).toContain(option);
  expect(registry.requests()).toEqual([]);
});

/** Sets `http.proxy` to the proxy with this password, and opens the window anew. */
async function goThroughProxy(password: string): Promise<void> {
  const { workbench, home } = scenario();
  const settings = path.join(home, 'data/User/settings.json');
  const written = JSON.parse(await readFile(settings, 'utf8'));
  const url = proxy.url.replace('//', `//me:${password}@`);
  await writeFile(settings, JSON.stringify({ ...written, 'http.proxy': url }));
  await workbench.reload();
}

test('with http.proxy and its password, every request goes through the proxy, over connections that are used again', async () => {
  const { workbench, screenshot } = scenario();
  await goThroughProxy('proxy-word');
  await listTags(proxied, behindProxy);
  expect(proxy.connections(proxied)).toBeLessThanOrEqual(CONNECTIONS);
  await screenshot('proxy');
  await push(proxied, 'pushed', workbench);
  expect([...behindProxy.repository('pushed').tags.keys()]).toEqual(['1.2.0']);
  expect(behindProxy.connections).toBeLessThanOrEqual(proxy.connections(proxied));
});

// For these VS Code's node:http and node:https go to the proxy, for the others its fetch.
test.for([
  { label: proxiedWithTls, target: `${proxiedWithTls}:443`, registry: behindProxyWithTls, method: 'CONNECT' },
  { label: proxiedByNode, target: proxiedByNode, registry: behindProxyByNode, method: 'GET' },
])('with http.proxy, $label with TLS options is reached by $method', async ({ label, target, registry, method }) => {
  const tree = scenario().workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await tree.row([label, 'product', '1.0.19']);
  expect(registry.requests().length).toBeGreaterThan(1);
  // None goes around the proxy; one that nobody waits for any more may end there.
  expect(registry.connections).toBeLessThanOrEqual(proxy.connections(target));
  expect(new Set(proxy.methods(target))).toEqual(new Set([method]));
});

test('with http.proxy, the identity in a cloud is found through it', async () => {
  const { workbench } = scenario();
  await workbench.tree('Registries').titleAction('Collapse All');
  await connect({ host: inCloud }, workbench);
  await workbench.tree('Registries').row(inCloud);
  expect(registryInCloud.requests().some(({ headers }) => headers['authorization'] !== undefined)).toBe(true);
  const targets = amazon.requests.map(({ headers }) => headers['x-amz-target']);
  expect(targets).toContain('AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken');
  expect(proxy.methods('amazon.test:80')).toEqual(targets.map(() => 'POST'));
});

test('an http.proxy that wants another password is said to refuse us, and nothing goes around it', async () => {
  const { workbench, screenshot } = scenario();
  await goThroughProxy('wrong-word');
  const [before, refusals] = [behindProxy.requests().length, proxy.refusals];
  await connect({ host: proxied }, workbench);
  const said = await workbench.notifications.waitFor('The proxy does not let us through');
  await screenshot('proxy with a wrong password');
  expect(said).toContain('http.proxy');
  expect(said).not.toContain('wrong-word');
  expect(proxy.refusals).toBeGreaterThan(refusals);
  expect(behindProxy.requests()).toHaveLength(before);
});
