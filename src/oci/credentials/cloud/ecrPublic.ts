import { ECRPUBLICClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr-public';
import type { Environment } from '../environment.ts';
import { ecrClientOptions, ecrCredential } from './ecrToken.ts';
import type { IssuedCredential } from './renewedCredentials.ts';

/** The one region that issues tokens for the public registry. https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html */
const REGION = 'us-east-1';

/**
 * A password for Amazon's public registry.
 * https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html
 * @throws what the SDK throws
 */
export async function issueForEcrPublic(
  environment: Environment,
  source: string,
  signal: AbortSignal,
): Promise<IssuedCredential> {
  const client = new ECRPUBLICClient({ ...ecrClientOptions(environment), region: REGION });
  try {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal });
    return ecrCredential(authorizationData, source);
  } finally {
    client.destroy();
  }
}
