import {
  AzureAuthorityHosts,
  AzureCliCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { Environment } from '../environment.ts';
import type { AccessToken } from './acrExchange.ts';
import { azureIdentityIn } from './azureIdentity.ts';

/** Taken by every registry; the audience of Azure's management is taken only where a policy allows it. */
const SCOPE = 'https://containerregistry.azure.net/.default';

/**
 * A token of Azure for the identity that the environment describes, to be exchanged for one of a registry.
 * @param host of the registry, whose ending tells the cloud where AZURE_AUTHORITY_HOST does not
 * @throws OciError MISSING_CREDENTIAL naming the variable or file that is missing; what the SDK throws
 */
export async function entraToken(
  host: string,
  environment: Environment,
  source: string,
  signal: AbortSignal,
): Promise<AccessToken> {
  const credential = await credentialIn(environment, authorityOf(host, environment));
  const granted = await credential.getToken(SCOPE, { abortSignal: signal });
  if (granted === null) throw new Error('the answer has no access token');
  return { token: granted.token, source };
}

async function credentialIn(environment: Environment, authority: Authority): Promise<TokenCredential> {
  const { AZURE_TENANT_ID: tenantId = '', AZURE_CLIENT_ID: clientId = '' } = environment;
  switch (await azureIdentityIn(environment)) {
    case 'workload':
      return new WorkloadIdentityCredential({ ...authority, tenantId, clientId });
    case 'secret':
      return new ClientSecretCredential(tenantId, clientId, environment['AZURE_CLIENT_SECRET'] ?? '', authority);
    case 'cli':
      return new AzureCliCredential(tenantId === '' ? {} : { tenantId });
    case 'managed':
      return clientId === '' ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  }
}

interface Authority {
  readonly authorityHost?: string;
  readonly disableInstanceDiscovery?: boolean;
}

/**
 * An authority that the environment names is used as it is. The SDK would ask Azure's public one about it first, which
 * a private cloud cannot reach.
 */
function authorityOf(host: string, environment: Environment): Authority {
  const named = environment['AZURE_AUTHORITY_HOST'];
  if (named) return { authorityHost: named, disableInstanceDiscovery: true };
  if (host.endsWith('.azurecr.cn')) return { authorityHost: AzureAuthorityHosts.AzureChina };
  if (host.endsWith('.azurecr.us')) return { authorityHost: AzureAuthorityHosts.AzureGovernment };
  return {};
}
