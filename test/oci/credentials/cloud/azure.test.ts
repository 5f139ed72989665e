import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENTRA_TOKEN, IDENTITY_HEADER, startAcr, startAzureMachine, startEntra } from '../../../support/cloud/azure.ts';
import type { CloudServer } from '../../../support/cloud/cloudServer.ts';
import { type Machine, makeMachine } from '../../../support/cloud/runInCloud.ts';

const HOST = 'contoso.azurecr.io';
const CHOSEN = { cloud: 'azure', by: 'azure-managed-identity' } as const;
const TENANT = '409520d4-8100-4d1d-ad47-72432ddcc120';
const CLIENT = '00001111-aaaa-2222-bbbb-3333cccc4444';

let machine: Machine;
let acr: CloudServer;
const servers: CloudServer[] = [];
const started = async (starting: Promise<CloudServer>): Promise<CloudServer> => {
  const server = await starting;
  servers.push(server);
  return server;
};
beforeEach(async () => {
  machine = await makeMachine();
  acr = await started(startAcr({ service: HOST }));
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function exchanged(environment: Readonly<Record<string, string>>, source: string): Promise<void> {
  const { credentials, error, events } = await machine.ask(environment, { host: HOST, chosen: CHOSEN, acr: acr.url });
  expect(error).toBeUndefined();
  const expires_at = expect.stringMatching(/^\d{4}-.*Z$/);
  expect(events).toEqual([{ event: 'azure_mi_credentials_obtained', registry: HOST, source, expires_at }]);
  expect(credentials).toEqual([
    { kind: 'identityToken', username: '00000000-0000-0000-0000-000000000000', token: expect.any(String), source },
  ]);
  expect(new URLSearchParams(acr.requests[0]?.body).get('access_token')).toBe(ENTRA_TOKEN);
  expect(servers.flatMap(({ violations }) => violations)).toEqual([]);
}

describe('an identity of Azure', () => {
  it('of the machine is exchanged for a token of the registry', async () => {
    const imds = await started(startAzureMachine());
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: imds.url };
    expect((await machine.ask(environment, { host: HOST, oracle: 'azure-machine' })).vendor).toBe(ENTRA_TOKEN);
    await exchanged(environment, 'Azure (default)');
  });

  it('of the machine is the one that AZURE_CLIENT_ID names', async () => {
    const imds = await started(startAzureMachine());
    await exchanged({ AZURE_POD_IDENTITY_AUTHORITY_HOST: imds.url, AZURE_CLIENT_ID: CLIENT }, 'Azure (default)');
    expect(imds.requests.map(({ url }) => url.searchParams.get('client_id'))).toEqual([CLIENT]);
  });

  it('of an application is exchanged', async () => {
    const application = await started(startAzureMachine());
    const environment = { IDENTITY_ENDPOINT: `${application.url}/msi/token`, IDENTITY_HEADER };
    expect((await machine.ask(environment, { host: HOST, oracle: 'azure-machine' })).vendor).toBe(ENTRA_TOKEN);
    await exchanged(environment, 'Azure (IDENTITY_ENDPOINT)');
  });

  it('of a pod is exchanged', async () => {
    const entra = await started(startEntra({ tenant: TENANT, clientId: CLIENT, assertion: 'web-token' }));
    const environment = {
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_FEDERATED_TOKEN_FILE: await machine.file('token', 'web-token\n'),
      AZURE_AUTHORITY_HOST: entra.url,
    };
    expect((await machine.ask(environment, { host: HOST, oracle: 'azure' })).vendor).toBe(ENTRA_TOKEN);
    await exchanged(environment, 'Azure (AZURE_FEDERATED_TOKEN_FILE)');
  });

  it('of a service principal is exchanged', async () => {
    const entra = await started(startEntra({ tenant: TENANT, clientId: CLIENT, clientSecret: 'client-secret' }));
    const environment = {
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_CLIENT_SECRET: 'client-secret',
      AZURE_AUTHORITY_HOST: entra.url,
    };
    expect((await machine.ask(environment, { host: HOST, oracle: 'azure' })).vendor).toBe(ENTRA_TOKEN);
    await exchanged(environment, 'Azure (AZURE_CLIENT_SECRET)');
  });

  it('of who signed in with az is exchanged when it is chosen', async () => {
    const granted = JSON.stringify({ accessToken: ENTRA_TOKEN, expires_on: Math.floor(Date.now() / 1000) + 3600 });
    const az = await machine.file('az', `#!/bin/sh\ncat <<'END'\n${granted}\nEND\n`);
    await chmod(az, 0o755);
    await exchanged(
      { AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential', PATH: `${dirname(az)}:/usr/bin:/bin` },
      'Azure (AZURE_TOKEN_CREDENTIALS)',
    );
  });
});

describe('without an identity of Azure', () => {
  it('nobody is asked, not even the machine', async () => {
    const imds = await started(startAzureMachine());
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: imds.url, AZURE_CLIENT_ID: CLIENT };
    const { credentials } = await machine.ask(environment, { host: HOST, acr: acr.url });
    expect(credentials).toEqual([null]);
    expect(imds.requests).toEqual([]);
  });

  it('the machine says that it has none', async () => {
    const imds = await started(startAzureMachine({ isKnown: false }));
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: imds.url };
    const { error } = await machine.ask(environment, { host: HOST, chosen: CHOSEN, acr: acr.url });
    expect(error).toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: 'azure-managed-identity', reason: expect.stringContaining('Identity not found') },
    });
    expect(acr.requests).toEqual([]);
  });

  it('what the authority says is said, without the token', async () => {
    const entra = await started(startEntra({ tenant: TENANT, clientId: CLIENT, assertion: 'web-token' }));
    const environment = {
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_FEDERATED_TOKEN_FILE: await machine.file('token', 'secret-web-token'),
      AZURE_AUTHORITY_HOST: entra.url,
    };
    const { error, output } = await machine.ask(environment, { host: HOST, acr: acr.url });
    expect(error?.code).toBe('MISSING_CREDENTIAL');
    expect(error?.details['reason']).toContain('AADSTS700213');
    expect(output).not.toContain('secret-web-token');
  });
});
