import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Aws, type AwsOptions, CONTAINER_TOKEN, startAws } from '../../../support/cloud/aws.ts';
import { message } from '../../../support/cloud/cloudServer.ts';
import { type CloudOutcome, type Machine, makeMachine } from '../../../support/cloud/runInCloud.ts';

const HOST = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const KEY_VARIABLES = { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
const ROLE = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/FederatedWebIdentityRole', AWS_ROLE_SESSION_NAME: 'floe' };
const IRSA = { cloud: 'aws', by: 'aws-irsa' } as const;

let machine: Machine;
let aws: Aws;
beforeEach(async () => {
  machine = await makeMachine();
});
afterEach(async () => {
  await aws[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
});

async function start(options?: AwsOptions): Promise<void> {
  aws = await startAws(options);
}

/** The service takes what the vendor's client sends, and ours gets what that client gets. */
async function agree(environment: Readonly<Record<string, string>>, source: string): Promise<void> {
  const all = { ...aws.endpoints, ...environment };
  const { vendor } = await machine.ask(all, { host: HOST, oracle: 'ecr' });
  expect(vendor).toBe(Buffer.from('AWS:password-1').toString('base64'));
  expect(aws.violations).toEqual([]);
  const { credentials, events } = await machine.ask(all, { host: HOST });
  expect(credentials).toEqual([{ kind: 'basic', username: 'AWS', password: 'password-2', source }]);
  const expires_at = expect.stringMatching(/^\d{4}-.*Z$/);
  expect(events).toEqual([{ event: 'irsa_credentials_obtained', registry: HOST, source, expires_at }]);
  expect(aws.violations).toEqual([]);
}

describe('an identity of AWS', () => {
  it('of a pod, by the role of its service account, gets a password for ECR', async () => {
    await start();
    const file = await machine.file('token', 'web-token');
    await agree({ ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file }, 'AWS (AWS_ROLE_ARN)');
    expect(aws.count('sts')).toBe(2);
    expect(aws.regions).toEqual(['eu-central-1', 'eu-central-1']);
  });

  it('of a container gets one, with the token in its file', async () => {
    await start();
    const file = await machine.file('token', CONTAINER_TOKEN);
    const uri = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.url}/container/credentials` };
    await agree({ ...uri, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file }, 'AWS (AWS_CONTAINER_CREDENTIALS_FULL_URI)');
    expect(aws.count('container')).toBe(2);
  });

  it('in variables gets one', async () => {
    await start({ keys: KEYS });
    await agree(KEY_VARIABLES, 'AWS (AWS_ACCESS_KEY_ID)');
  });

  it('in a profile gets one', async () => {
    await start({ keys: KEYS });
    const file = await machine.file(
      'credentials',
      `[deploy]\naws_access_key_id = ${KEYS.accessKeyId}\naws_secret_access_key = ${KEYS.secretAccessKey}\n`,
    );
    await agree({ AWS_PROFILE: 'deploy', AWS_SHARED_CREDENTIALS_FILE: file }, 'AWS (AWS_PROFILE)');
  });

  it('of the machine gets one when it was chosen', async () => {
    await start();
    const { vendor } = await machine.ask(aws.endpoints, { host: HOST, oracle: 'ecr' });
    expect(vendor).toBe(Buffer.from('AWS:password-1').toString('base64'));
    const { credentials } = await machine.ask(aws.endpoints, { host: HOST, chosen: IRSA });
    expect(credentials).toMatchObject([{ password: 'password-2', source: 'AWS (default)' }]);
    expect(aws.count('instance')).toBe(6);
    expect(aws.violations).toEqual([]);
  });

  it('gets a password for the public registry, in the one region that has it', async () => {
    await start({ keys: KEYS });
    const all = { ...aws.endpoints, ...KEY_VARIABLES };
    const { vendor } = await machine.ask(all, { host: 'public.ecr.aws', oracle: 'ecr-public' });
    expect(vendor).toBe(Buffer.from('AWS:password-1').toString('base64'));
    const { credentials } = await machine.ask(all, { host: 'public.ecr.aws' });
    expect(credentials).toMatchObject([{ username: 'AWS', password: 'password-2' }]);
    expect(aws.regions).toEqual(['us-east-1', 'us-east-1']);
    expect(aws.violations).toEqual([]);
  });

  it('is found through the proxy of the environment', async () => {
    await start();
    const file = await machine.file('token', 'web-token');
    const proxied = {
      HTTP_PROXY: aws.url,
      AWS_ENDPOINT_URL_ECR: 'http://ecr.invalid',
      AWS_ENDPOINT_URL_STS: 'http://sts.invalid',
    };
    const { credentials } = await machine.ask(
      { ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file, ...proxied },
      { host: HOST },
    );
    expect(credentials).toMatchObject([{ password: 'password-1' }]);
    expect(aws.requests.map(({ url }) => url.host)).toEqual(['sts.invalid', 'ecr.invalid']);
    expect(aws.violations).toEqual([]);
  });

  it('is asked once by many, and remembered', async () => {
    await start({ keys: KEYS });
    const { credentials } = await machine.ask({ ...aws.endpoints, ...KEY_VARIABLES }, { host: HOST, times: 5 });
    expect(credentials).toHaveLength(6);
    expect(new Set(credentials?.map((credential) => JSON.stringify(credential))).size).toBe(1);
    expect(aws.count('ecr')).toBe(1);
  });
});

describe('without an identity', () => {
  it('nobody is asked, not even the machine', async () => {
    await start();
    const { credentials } = await machine.ask(aws.endpoints, { host: HOST });
    expect(credentials).toEqual([null]);
    expect(aws.requests).toEqual([]);
  });

  it('a profile that leads nowhere does not end at the machine', async () => {
    await start();
    const { error } = await machine.ask({ ...aws.endpoints, AWS_PROFILE: 'deploy' }, { host: HOST });
    expect(error).toMatchObject({ code: 'MISSING_CREDENTIAL', details: { reference: 'AWS (AWS_PROFILE)' } });
    expect(error?.details['reason']).toContain('deploy');
    expect(aws.requests).toEqual([]);
  });

  it('a registry of somebody else is refused to who chose AWS', async () => {
    await start();
    const { error } = await machine.ask(aws.endpoints, { host: 'registry.example.com', chosen: IRSA });
    expect(error).toMatchObject({ code: 'MISSING_CREDENTIAL', details: { reference: 'aws-irsa' } });
    expect(aws.requests).toEqual([]);
  });

  it.each([
    ['AWS_WEB_IDENTITY_TOKEN_FILE', ROLE],
    ['AWS_ROLE_ARN', { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' }],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', { ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' }],
    ['AWS_SECRET_ACCESS_KEY', { AWS_ACCESS_KEY_ID: KEYS.accessKeyId }],
  ])('%s is named when it is what is missing', async (reference, environment) => {
    await start();
    const { error } = await machine.ask({ ...aws.endpoints, ...environment }, { host: HOST, chosen: IRSA });
    expect(error).toMatchObject({ code: 'MISSING_CREDENTIAL', details: { reference } });
    expect(aws.requests).toEqual([]);
  });
});

describe('a refusal of AWS', () => {
  const secrets = /secret-web-token|ASIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/;
  const nothingSecret = ({ output }: CloudOutcome): void => expect(output).not.toMatch(secrets);

  it('of the web token is said with its code, and without the token', async () => {
    await start();
    const file = await machine.file('token', 'secret-web-token');
    const environment = { ...aws.endpoints, ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file };
    const outcome = await machine.ask(environment, { host: HOST, chosen: IRSA });
    expect(outcome.error).toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: 'aws-irsa', reason: expect.stringMatching(/ExpiredTokenException: Token expired/) },
      cause: null,
    });
    expect(aws.count('sts')).toBe(1);
    nothingSecret(outcome);
  });

  it('matters to nobody who reads the public registry, unless it was chosen', async () => {
    await start({ keys: KEYS, refusal: { status: 400, body: message('aws/accessDenied.json') } });
    const environment = { ...aws.endpoints, ...KEY_VARIABLES };
    const { credentials, events } = await machine.ask(environment, { host: 'public.ecr.aws' });
    expect(credentials).toEqual([null]);
    expect(events).toEqual([
      {
        event: 'cloud_credential_failed',
        registry: 'public.ecr.aws',
        reference: 'AWS (AWS_ACCESS_KEY_ID)',
        reason: expect.stringContaining('AccessDenied'),
      },
    ]);
    const { error } = await machine.ask(environment, { host: 'public.ecr.aws', chosen: IRSA });
    expect(error?.code).toBe('MISSING_CREDENTIAL');
  });

  it('of the right to sign in says which right that is', async () => {
    await start({ refusal: { status: 400, body: message('aws/accessDenied.json') } });
    const file = await machine.file('token', 'web-token');
    const environment = { ...aws.endpoints, ...ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file };
    const outcome = await machine.ask(environment, { host: HOST });
    expect(outcome.error?.details['reason']).toMatch(
      /^AccessDeniedException: .*FederatedWebIdentityRole.*ecr:GetAuthorizationToken/,
    );
    nothingSecret(outcome);
  });
});
