/** Run by {@link file://./runInCloud.ts} in a process of its own: asks for a credential and prints what came. */

import { type ChosenCloud, cloudCredentials } from '../../../src/oci/credentials/cloud/cloudCredentials.ts';
import { isOciError } from '../../../src/oci/errors.ts';
import type { LogFields } from '../../../src/oci/telemetry/logger.ts';

export interface AskedOfCloud {
  readonly host: string;
  readonly chosen?: ChosenCloud;
  /** How many ask at once; default 1. */
  readonly times?: number;
  /** Where the exchange of Azure tokens is answered. */
  readonly acr?: string;
  /** The vendor's own client is asked instead, as its documentation says. */
  readonly oracle?: 'ecr' | 'ecr-public' | 'azure' | 'azure-machine' | 'google';
}

/** Prints nothing but an answer. */
async function main({ host, chosen, times = 1, acr = '', oracle }: AskedOfCloud): Promise<unknown> {
  if (oracle !== undefined) return { vendor: await oracles[oracle]() };
  const events: object[] = [];
  const at = (event: string, fields: LogFields = {}): void => void events.push({ event, ...fields });
  const source = cloudCredentials({
    environment: process.env,
    logger: { trace: at, debug: at, info: at, warn: at, error: at },
    ...(chosen && { chosen }),
    post: async (url, body, signal) => {
      const response = await fetch(new URL(url.pathname, acr), { method: 'POST', body, signal, redirect: 'manual' });
      return { status: response.status, text: await response.text() };
    },
  });
  try {
    const credentials = await Promise.all(Array.from({ length: times }, () => source.credentialFor(host)));
    return { credentials: [...credentials, ...(times > 1 ? [await source.credentialFor(host)] : [])], events };
  } catch (error) {
    if (!isOciError(error)) return { thrown: String(error) };
    return {
      error: { code: error.code, details: error.details, message: error.message, cause: error.cause ?? null },
      events,
    };
  }
}

const REGION = 'eu-central-1';
const ACR_SCOPE = 'https://containerregistry.azure.net/.default';

const oracles = {
  ecr: async () => {
    const { ECRClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
    const answer = await new ECRClient({ region: REGION }).send(new GetAuthorizationTokenCommand({}));
    return answer.authorizationData?.[0]?.authorizationToken;
  },
  'ecr-public': async () => {
    const { ECRPUBLICClient, GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr-public');
    const answer = await new ECRPUBLICClient({ region: 'us-east-1' }).send(new GetAuthorizationTokenCommand({}));
    return answer.authorizationData?.authorizationToken;
  },
  azure: async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return (await new DefaultAzureCredential({ disableInstanceDiscovery: true }).getToken(ACR_SCOPE)).token;
  },
  'azure-machine': async () => {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return (await new ManagedIdentityCredential().getToken(ACR_SCOPE)).token;
  },
  google: async () => {
    const { GoogleAuth } = await import('google-auth-library');
    return new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] }).getAccessToken();
  },
};

console.log(JSON.stringify(await main(JSON.parse(process.argv[2] ?? ''))));
