import { describe, expect, it } from 'vitest';
import { azureIdentityIn } from '../../../../src/oci/credentials/cloud/azureIdentity.ts';

const ids = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'client' };
const file = { AZURE_FEDERATED_TOKEN_FILE: import.meta.filename };

describe('the identity of Azure in an environment', () => {
  it.each([
    ['managed', {}],
    ['managed', { IDENTITY_ENDPOINT: 'http://127.0.0.1', IDENTITY_HEADER: 'x' }],
    ['workload', { ...ids, ...file }],
    ['secret', { ...ids, AZURE_CLIENT_SECRET: 'secret' }],
    ['cli', { AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential' }],
    ['cli', { ...ids, ...file, AZURE_TOKEN_CREDENTIALS: 'dev' }],
    ['managed', { ...ids, ...file, AZURE_TOKEN_CREDENTIALS: 'managedidentitycredential' }],
    ['workload', { ...ids, ...file, AZURE_TOKEN_CREDENTIALS: 'prod' }],
  ])('is %s for %o', async (identity, environment) => {
    expect(await azureIdentityIn(environment)).toBe(identity);
  });

  it.each([
    ['AZURE_CLIENT_ID', file],
    ['AZURE_TENANT_ID', { ...file, AZURE_CLIENT_ID: 'client' }],
    ['AZURE_TENANT_ID', { AZURE_CLIENT_ID: 'client', AZURE_CLIENT_SECRET: 'secret' }],
    ['AZURE_FEDERATED_TOKEN_FILE', { ...ids, AZURE_FEDERATED_TOKEN_FILE: '/nowhere/token' }],
    ['AZURE_FEDERATED_TOKEN_FILE', { ...ids, AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential' }],
    ['AZURE_TOKEN_CREDENTIALS', { AZURE_TOKEN_CREDENTIALS: 'VisualStudioCodeCredential' }],
    ['IDENTITY_ENDPOINT', { IDENTITY_HEADER: 'x' }],
  ])('is not complete without %s in %o', async (reference, environment) => {
    const details = { reference };
    await expect(azureIdentityIn(environment)).rejects.toMatchObject({ code: 'MISSING_CREDENTIAL', details });
  });
});
