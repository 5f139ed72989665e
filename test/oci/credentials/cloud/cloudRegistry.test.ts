import { describe, expect, it } from 'vitest';
import { cloudRegistryOf } from '../../../../src/oci/credentials/cloud/cloudRegistry.ts';

const ACCOUNT = '123456789012';

describe('the cloud of a registry', () => {
  it.each([
    ['.dkr.ecr.eu-central-1.amazonaws.com', { region: 'eu-central-1', isFips: false, isDualStack: false }],
    ['.dkr.ecr-fips.us-gov-west-1.amazonaws.com', { region: 'us-gov-west-1', isFips: true, isDualStack: false }],
    ['.dkr.ecr.cn-north-1.amazonaws.com.cn', { region: 'cn-north-1', isFips: false, isDualStack: false }],
    ['.dkr-ecr.us-west-2.on.aws', { region: 'us-west-2', isFips: false, isDualStack: true }],
    ['.dkr-ecr-fips.us-west-2.on.aws', { region: 'us-west-2', isFips: true, isDualStack: true }],
    ['.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', { region: 'cn-north-1', isFips: false, isDualStack: true }],
    ['.dkr.ecr.eusc-de-east-1.amazonaws.eu', { region: 'eusc-de-east-1', isFips: false, isDualStack: false }],
    ['.dkr.ecr.us-isob-east-1.sc2s.sgov.gov', { region: 'us-isob-east-1', isFips: false, isDualStack: false }],
  ])('%s is AWS, and says account and region', (suffix, facts) => {
    const registry = { cloud: 'aws', kind: 'private', account: ACCOUNT, ...facts };
    expect(cloudRegistryOf(`${ACCOUNT}${suffix}`)).toEqual(registry);
  });

  it.each(['public.ecr.aws', 'ecr-public.aws.com'])('%s is the public one of AWS', (host) => {
    expect(cloudRegistryOf(host)).toEqual({ cloud: 'aws', kind: 'public' });
  });

  it.each(['contoso.azurecr.io', 'contoso.azurecr.cn', 'contoso.azurecr.us', 'contoso-a1b2.azurecr.de'])(
    '%s is Azure',
    (host) => {
      expect(cloudRegistryOf(host)).toEqual({ cloud: 'azure', host });
    },
  );

  it.each(['europe-west3-docker.pkg.dev', 'docker.europe-west3.rep.pkg.dev', 'gcr.io', 'eu.gcr.io'])(
    '%s is Google',
    (host) => {
      expect(cloudRegistryOf(host)).toEqual({ cloud: 'google' });
    },
  );

  it.each([
    `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com.evil.example`,
    `${ACCOUNT}.dkr.ecr.eu-central-1.evilamazonaws.com`,
    `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com:8443`,
    `${ACCOUNT}.dkr.ecr.evil.example.amazonaws.com`,
    `${ACCOUNT}.dkr.ecr.evil.amazonaws.com`,
    `${ACCOUNT}xdkr.ecr.eu-central-1.amazonaws.com`,
    '12345.dkr.ecr.eu-central-1.amazonaws.com',
    'evil-public.ecr.aws',
    'evilazurecr.io',
    'azurecr.io',
    'contoso.azurecr.io.evil.example',
    'a.b.azurecr.io',
    'contoso.azurecr.io:5000',
    'docker.pkg.dev',
    'evil-docker.pkg.dev.example',
    'evildocker.pkg.dev',
    'evilgcr.io',
    'gcr.io.evil.example',
    'a.b.gcr.io',
    'localhost:5000',
    'docker.io',
  ])('%s is of no cloud', (host) => {
    expect(cloudRegistryOf(host)).toBeUndefined();
  });
});
