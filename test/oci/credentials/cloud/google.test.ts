import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudServer } from '../../../support/cloud/cloudServer.ts';
import {
  federatedIdentity,
  type GoogleOptions,
  IMPERSONATED_TOKEN,
  METADATA_TOKEN,
  startGoogle,
} from '../../../support/cloud/google.ts';
import { type Machine, makeMachine } from '../../../support/cloud/runInCloud.ts';

const HOST = 'europe-west3-docker.pkg.dev';
const CHOSEN = { cloud: 'google', by: 'gcp-workload-identity' } as const;

let machine: Machine;
let google: CloudServer;
beforeEach(async () => {
  machine = await makeMachine();
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await google[Symbol.asyncDispose]();
});

async function federated(options: GoogleOptions, token: string): Promise<Readonly<Record<string, string>>> {
  google = await startGoogle(options);
  const file = await machine.file('token', token);
  return { GOOGLE_APPLICATION_CREDENTIALS: await machine.file('identity.json', federatedIdentity(google, file)) };
}

describe('an identity of Google', () => {
  it('of the machine is its access token', async () => {
    google = await startGoogle();
    const environment = { GCE_METADATA_HOST: new URL(google.url).host, METADATA_SERVER_DETECTION: 'assume-present' };
    expect((await machine.ask(environment, { host: HOST, oracle: 'google' })).vendor).toBe(METADATA_TOKEN);
    const { credentials, events } = await machine.ask(environment, { host: HOST });
    expect(events).toEqual([
      {
        event: 'gcp_wi_credentials_obtained',
        registry: HOST,
        source: 'Google Cloud (GCE_METADATA_HOST)',
        expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(credentials).toEqual([
      {
        kind: 'basic',
        username: 'oauth2accesstoken',
        password: METADATA_TOKEN,
        source: 'Google Cloud (GCE_METADATA_HOST)',
      },
    ]);
    expect(google.violations).toEqual([]);
  });

  it('of a federated workload is the token of the account it stands in for', async () => {
    const environment = await federated({}, 'web-token');
    // The vendor's client wants to know its project, and would ask a service that is not here.
    const withProject = { ...environment, GOOGLE_CLOUD_PROJECT: 'floe' };
    expect((await machine.ask(withProject, { host: HOST, oracle: 'google' })).vendor).toBe(IMPERSONATED_TOKEN);
    const { credentials } = await machine.ask(environment, { host: HOST, chosen: CHOSEN });
    expect(credentials).toMatchObject([
      { password: IMPERSONATED_TOKEN, source: 'Google Cloud (GOOGLE_APPLICATION_CREDENTIALS)' },
    ]);
    expect(google.violations).toEqual([]);
  });
});

describe('without an identity of Google', () => {
  it('nobody is asked', async () => {
    google = await startGoogle();
    const { credentials } = await machine.ask({}, { host: HOST });
    expect(credentials).toEqual([null]);
  });

  it('a file that is not there is named with its variable', async () => {
    google = await startGoogle();
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/identity.json' };
    const { error } = await machine.ask(environment, { host: HOST });
    expect(error).toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: 'GOOGLE_APPLICATION_CREDENTIALS', reason: 'there is no file /nowhere/identity.json' },
    });
  });

  it('a web token that is refused is said, without the token', async () => {
    const environment = await federated({}, 'secret-web-token');
    const { error, output } = await machine.ask(environment, { host: HOST, chosen: CHOSEN });
    expect(error).toMatchObject({ code: 'MISSING_CREDENTIAL', details: { reference: 'gcp-workload-identity' } });
    expect(error?.details['reason']).toMatch(/invalid_grant.*The audience in ID Token/);
    expect(output).not.toContain('secret-web-token');
  });

  it('a right that is missing is said, without the token', async () => {
    const environment = await federated({ isDenied: true }, 'web-token');
    const { error, output } = await machine.ask(environment, { host: HOST });
    expect(error?.details['reason']).toContain('iam.serviceAccounts.getAccessToken');
    expect(output).not.toContain('ya29');
  });
});
