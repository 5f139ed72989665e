import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../../../src/oci/content/memoryStore.ts';
import { cloudCredentials } from '../../../../src/oci/credentials/cloud/cloudCredentials.ts';
import type { CredentialSource } from '../../../../src/oci/credentials/credentials.ts';
import { Registry } from '../../../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../../../src/oci/spec/repositoryName.ts';
import { parseTag } from '../../../../src/oci/spec/tag.ts';
import { silentLogger } from '../../../../src/oci/telemetry/logger.ts';
import { copy } from '../../../../src/oci/transfer/copy.ts';
import { packArtifact } from '../../../../src/oci/transfer/packArtifact.ts';
import { authorized } from '../../../../src/oci/transport/authorize.ts';
import { createUndiciTransport } from '../../../../src/oci/transport/engines/undici.ts';
import { followRedirects } from '../../../../src/oci/transport/redirect.ts';
import { type Aws, startAws } from '../../../support/cloud/aws.ts';
import { IDENTITY_HEADER, startAcr, startAzureMachine } from '../../../support/cloud/azure.ts';
import { message } from '../../../support/cloud/cloudServer.ts';
import { mappedTransport } from '../../../support/cloud/mappedTransport.ts';
import { type RegistryAuth, startRegistry, type TestRegistry } from '../../../support/registry/index.ts';

const ECR = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const ACR = 'contoso.azurecr.io';
const TAG = parseTag('v1.0.0');
const cleanup: (() => Promise<void>)[] = [];
const owned = <T extends AsyncDisposable>(made: T): T => {
  cleanup.push(async () => made[Symbol.asyncDispose]());
  return made;
};
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const close of cleanup.splice(0).toReversed()) await close();
});

/** A client of a registry that has the name it has in the cloud. */
function client(host: string, credentials: CredentialSource, originOf: (url: URL) => string): Registry {
  const engine = mappedTransport(createUndiciTransport({ timeoutSeconds: 10 }), originOf);
  const transport = authorized(followRedirects(engine), { registry: host, credentials, tokenTransport: engine });
  cleanup.push(() => transport.close());
  return new Registry({ host, plainHttp: false, transport, logger: silentLogger });
}

async function pushAndPull(registry: Registry): Promise<void> {
  const repository = registry.repository(parseRepositoryName('team/orders'));
  const packed = new MemoryStore();
  const manifest = await packArtifact(packed, { artifactType: 'application/vnd.test', layers: [] });
  await packed.tag(manifest, TAG);
  await copy(packed, TAG, repository, { tags: [TAG] });
  const pulled = new MemoryStore();
  await copy(repository, TAG, pulled, { tags: [TAG] });
  expect((await pulled.resolve(TAG)).digest).toBe(manifest.digest);
}

const authorizations = (registry: TestRegistry): readonly (string | undefined)[] =>
  registry.requests().map(({ headers }) => headers['authorization']);
const noPost = (): never => {
  throw new Error('nobody should post');
};

describe('a registry of AWS', () => {
  interface Started {
    readonly aws: Aws;
    /** What the registry takes, and may be changed. */
    readonly auth: { password: string };
    readonly registry: TestRegistry;
    readonly repositories: Registry;
  }
  async function start(): Promise<Started> {
    const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret-access-key' };
    const aws = owned(await startAws({ keys }));
    const environment = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
    for (const [name, value] of Object.entries({ ...aws.endpoints, ...environment })) vi.stubEnv(name, value);
    const auth: { -readonly [K in keyof RegistryAuth]: RegistryAuth[K] } = {
      username: 'AWS',
      password: 'password-1',
      scheme: 'basic',
    };
    const registry = owned(await startRegistry({ auth }));
    const credentials = cloudCredentials({ environment, post: noPost });
    return { aws, auth, registry, repositories: client(ECR, credentials, () => registry.url) };
  }

  it('is pushed to and pulled from with the password that the cloud gave', async () => {
    const { aws, registry, repositories } = await start();
    await pushAndPull(repositories);
    expect(aws.count('ecr')).toBe(1);
    expect(aws.violations).toEqual([]);
    expect(new Set(authorizations(registry)).size).toBe(2);
  });

  it('gets a new password when it says that the old one has expired, once', async () => {
    const { aws, auth, registry, repositories } = await start();
    await pushAndPull(repositories);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    const expired = { kind: 'status', status: 403, body: message('aws/expiredPassword.json') } as const;
    registry.fail({ times: 1, fault: expired });
    const repository = repositories.repository(parseRepositoryName('team/orders'));
    auth.password = 'password-2';
    expect((await repository.resolve(TAG)).digest).toMatch(/^sha256:/);
    expect((await repository.resolve(TAG)).digest).toMatch(/^sha256:/);
    expect(aws.count('ecr')).toBe(2);
    expect(authorizations(registry)).toContain(`Basic ${Buffer.from('AWS:password-2').toString('base64')}`);
  });

  it('that says so again and again is not asked for ever', async () => {
    const { aws, registry, repositories } = await start();
    registry.fail({
      skip: 1,
      fault: { kind: 'status', status: 403, body: message('aws/expiredPassword.json') },
    });
    const repository = repositories.repository(parseRepositoryName('team/orders'));
    await expect(repository.resolve(TAG)).rejects.toMatchObject({ code: 'DENIED' });
    expect(aws.count('ecr')).toBe(1);
    expect(registry.requests()).toHaveLength(2);
  });
});

describe('a registry of Azure', () => {
  it('is pushed to and pulled from with the token that the identity was exchanged for', async () => {
    const machine = owned(await startAzureMachine());
    const environment = { IDENTITY_ENDPOINT: `${machine.url}/msi/token`, IDENTITY_HEADER };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const auth = { username: 'token-server', password: 'its-password', scheme: 'bearer' } as const;
    const registry = owned(await startRegistry({ auth: { ...auth, realm: `https://${ACR}/oauth2/token` } }));
    const accessToken = async (scopes: readonly string[]): Promise<string> => {
      const url = new URL('/token', registry.url);
      for (const scope of scopes) url.searchParams.append('scope', scope);
      const authorization = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
      return ((await (await fetch(url, { headers: { authorization } })).json()) as { token: string }).token;
    };
    const acr = owned(await startAcr({ service: 'test-registry', exchangeService: ACR, accessToken }));
    const credentials = cloudCredentials({
      environment,
      post: async ({ pathname }, body, signal) => {
        const response = await fetch(new URL(pathname, acr.url), { method: 'POST', body, signal });
        return { status: response.status, text: await response.text() };
      },
    });
    const registryOfCloud = client(ACR, credentials, ({ pathname }) =>
      pathname.startsWith('/oauth2/') ? acr.url : registry.url,
    );
    await pushAndPull(registryOfCloud);
    expect(acr.violations).toEqual([]);
    expect(machine.violations).toEqual([]);
    expect(acr.requests.filter(({ url }) => url.pathname === '/oauth2/exchange')).toHaveLength(1);
    expect(authorizations(registry).some((sent) => sent?.startsWith('Bearer '))).toBe(true);
  });
});
