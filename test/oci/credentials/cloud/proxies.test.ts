import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAws } from '../../../support/cloud/aws.ts';
import { startAcr, startEntra } from '../../../support/cloud/azure.ts';
import type { CloudServer } from '../../../support/cloud/cloudServer.ts';
import { federatedIdentity, startGoogle } from '../../../support/cloud/google.ts';
import { type Machine, makeMachine } from '../../../support/cloud/runInCloud.ts';
import { startProxy } from '../../../support/proxyServer.ts';

const certificate = 'server';
const TENANT = '409520d4-8100-4d1d-ad47-72432ddcc120';
const CLIENT = '00001111-aaaa-2222-bbbb-3333cccc4444';

let machine: Machine;
const open: AsyncDisposable[] = [];
beforeEach(async () => {
  machine = await makeMachine();
});
afterEach(async () => {
  for (const one of [...open.splice(0), machine]) await one[Symbol.asyncDispose]();
});
async function started<T extends AsyncDisposable>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  open.push(server);
  return server;
}

interface Case {
  /** Of the registry. */
  readonly host: string;
  readonly server: CloudServer;
  readonly environment: Readonly<Record<string, string>>;
  readonly acr?: string;
}

const cases: Readonly<Record<string, () => Promise<Case>>> = {
  AWS: async () => {
    const server = await started(startAws({ certificate }));
    const environment = {
      ...server.endpoints,
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/FederatedWebIdentityRole',
      AWS_WEB_IDENTITY_TOKEN_FILE: await machine.file('token', 'web-token'),
    };
    return { host: '123456789012.dkr.ecr.eu-central-1.amazonaws.com', server, environment };
  },
  Azure: async () => {
    const host = 'contoso.azurecr.io';
    const server = await started(startEntra({ tenant: TENANT, clientId: CLIENT, assertion: 'web-token', certificate }));
    const environment = {
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_FEDERATED_TOKEN_FILE: await machine.file('token', 'web-token'),
      AZURE_AUTHORITY_HOST: server.url,
    };
    return { host, server, environment, acr: (await started(startAcr({ service: host }))).url };
  },
  Google: async () => {
    const server = await started(startGoogle({ certificate }));
    const identity = federatedIdentity(server, await machine.file('token', 'web-token'));
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: await machine.file('identity.json', identity) };
    return { host: 'europe-west3-docker.pkg.dev', server, environment };
  },
};

describe.each(Object.entries(cases))('the client of %s', (_, start) => {
  it('goes through HTTPS_PROXY with its user and password, and not for NO_PROXY', async () => {
    const { host, server, environment, acr } = await start();
    const proxy = await started(startProxy({ target: new URL(server.url), user: 'me:p@ss-word' }));
    const asked = { host, ...(acr !== undefined && { acr }) };
    const proxied = { ...environment, HTTPS_PROXY: proxy.origin.replace('//', '//me:p%40ss-word@') };
    const through = await machine.ask(proxied, asked);
    expect(through.credentials).toEqual([expect.objectContaining({ kind: expect.any(String) })]);
    expect(through.output).not.toContain('p@ss-word');
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(server.url).host}`]));

    const before = proxy.asked.length;
    const past = await machine.ask({ ...proxied, NO_PROXY: '127.0.0.1' }, asked);
    expect(past.credentials).toHaveLength(1);
    expect(proxy.asked).toHaveLength(before);
    expect(server.violations).toEqual([]);
  });
});
