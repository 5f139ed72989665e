import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { Environment } from '../environment.ts';
import type { EcrRegistry } from './cloudRegistry.ts';
import { ecrClientOptions, ecrCredential } from './ecrToken.ts';
import type { IssuedCredential } from './renewedCredentials.ts';

/**
 * A password for the private registries of a region. It opens all that the identity may reach there, of any account.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 * @throws what the SDK throws
 */
export async function issueForEcr(
  { region, isFips, isDualStack }: EcrRegistry,
  environment: Environment,
  source: string,
  signal: AbortSignal,
): Promise<IssuedCredential> {
  const client = new ECRClient({
    ...ecrClientOptions(environment),
    region,
    useFipsEndpoint: isFips,
    useDualstackEndpoint: isDualStack,
  });
  try {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal });
    return ecrCredential(authorizationData?.[0], source);
  } finally {
    client.destroy();
  }
}
