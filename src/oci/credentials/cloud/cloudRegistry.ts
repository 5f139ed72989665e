/** The clouds whose registries take a credential that their own SDK can get. */
export type Cloud = 'aws' | 'azure' | 'google';

/** A registry of a cloud, with what its name says about it. */
export type CloudRegistry = EcrRegistry | EcrPublicRegistry | AcrRegistry | GoogleRegistry;

/** A private registry of Amazon ECR: one account in one region. */
export interface EcrRegistry {
  readonly cloud: 'aws';
  readonly kind: 'private';
  readonly account: string;
  readonly region: string;
  readonly isFips: boolean;
  readonly isDualStack: boolean;
}

/** Amazon's public registry; signing in is for pushing, and for more requests a second. */
interface EcrPublicRegistry {
  readonly cloud: 'aws';
  readonly kind: 'public';
}

interface AcrRegistry {
  readonly cloud: 'azure';
  /** The registry's own host, where a token of Azure is exchanged for one of the registry. */
  readonly host: string;
}

interface GoogleRegistry {
  readonly cloud: 'google';
}

/**
 * The name is written in full, each suffix with the dot before it, as Amazon's own helper does.
 * https://github.com/awslabs/amazon-ecr-credential-helper/blob/main/ecr-login/api/client.go
 */
const ECR = new RegExp(
  '^(?<account>[0-9]{12})\\.dkr[.-]ecr(?<fips>-fips)?\\.(?<region>[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2})\\.' +
    '(?:(?<dualStack>on\\.aws|on\\.amazonwebservices\\.com\\.cn)|amazonaws\\.com|amazonaws\\.com\\.cn|amazonaws\\.eu' +
    '|sc2s\\.sgov\\.gov|c2s\\.ic\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov)$',
);
const ECR_PUBLIC: ReadonlySet<string> = new Set(['public.ecr.aws', 'ecr-public.aws.com']);
const ACR = /^[a-z0-9-]+\.azurecr\.(?:io|cn|us|de)$/;
const GOOGLE =
  /^(?:[a-z0-9-]+-docker\.pkg\.dev|docker\.[a-z0-9-]+\.rep\.pkg\.dev|(?:[a-z0-9-]+\.)?gcr\.io|docker\.s3nsregistry\.fr)$/;

/**
 * The cloud that serves a registry, by its whole host name; undefined for every other host, and for any port but the
 * usual one: the credential of a cloud goes to that cloud alone.
 * @param registry `host[:port]`
 */
export function cloudRegistryOf(registry: string): CloudRegistry | undefined {
  const { account, region, fips, dualStack } = ECR.exec(registry)?.groups ?? {};
  if (account !== undefined && region !== undefined) {
    const [isFips, isDualStack] = [fips !== undefined, dualStack !== undefined];
    return { cloud: 'aws', kind: 'private', account, region, isFips, isDualStack };
  }
  if (ECR_PUBLIC.has(registry)) return { cloud: 'aws', kind: 'public' };
  if (ACR.test(registry)) return { cloud: 'azure', host: registry };
  return GOOGLE.test(registry) ? { cloud: 'google' } : undefined;
}
