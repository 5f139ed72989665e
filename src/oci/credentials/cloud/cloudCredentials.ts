import { isOciError } from '../../errors.ts';
import { type Logger, silentLogger } from '../../telemetry/logger.ts';
import type { CredentialSource } from '../credentials.ts';
import type { Environment } from '../environment.ts';
import { exchangeForAcr, type PostForm } from './acrExchange.ts';
import { askCloud } from './askCloud.ts';
import { checkFile, checkTogether, cloudSignal, missing } from './cloudEnvironment.ts';
import { type Cloud, type CloudRegistry, cloudRegistryOf } from './cloudRegistry.ts';
import { type IssuedCredential, RenewedCredentials } from './renewedCredentials.ts';

/** Which identity of a cloud is used, and how its servers are asked. */
export interface CloudCredentialsOptions {
  /** What says which identity there is. The clouds' own libraries read those of the process. */
  readonly environment: Environment;
  /**
   * Somebody chose this cloud: its metadata server is asked where nothing else is said, and whoever has no credential is
   * told why. Default: only what the environment names is used, for any cloud.
   */
  readonly chosen?: ChosenCloud;
  /** Carries the exchange of an Azure token to the registry. */
  readonly post: PostForm;
  readonly logger?: Logger;
}

/** A cloud that somebody named, rather than the registry's host. */
export interface ChosenCloud {
  readonly cloud: Cloud;
  /** How it was chosen, for messages: `aws-irsa`. */
  readonly by: string;
}

/** Minutes before its end that a credential is replaced: a twelve hour password early, short tokens later. */
const MARGINS: Readonly<Record<Cloud, number>> = { aws: 30, azure: 10, google: 10 };

const NAMES: Readonly<Record<Cloud, string>> = { aws: 'AWS', azure: 'Azure', google: 'Google Cloud' };

/** As floe's Python client names them in its log, which has one way for each cloud. */
const OBTAINED: Readonly<Record<Cloud, string>> = {
  aws: 'irsa_credentials_obtained',
  azure: 'azure_mi_credentials_obtained',
  google: 'gcp_wi_credentials_obtained',
};

/**
 * The credentials that the identity of a pod, a machine or a developer in a cloud leads to, for the registries of that
 * cloud: AWS for ECR, Azure for ACR, Google for Artifact Registry and gcr.io. The cloud is told by the host's whole name.
 *
 * The cloud's own SDK gets them, and is loaded when the first is asked for. They are kept in memory, and replaced before
 * they end: 30 minutes for AWS, 10 for the others; one that was refused at once. Amazon's public registry is read without
 * any, so that a failure there matters to nobody who did not choose it: it is written to the log.
 *
 * @throws (when asked) OciError MISSING_CREDENTIAL naming the variable or file that is missing, or with what the cloud
 *   said; what {@link exchangeForAcr} throws
 */
export function cloudCredentials(options: CloudCredentialsOptions): CredentialSource {
  const { environment, chosen, post, logger = silentLogger } = options;
  const renewed = {
    aws: new RenewedCredentials(MARGINS.aws),
    azure: new RenewedCredentials(MARGINS.azure),
    google: new RenewedCredentials(MARGINS.google),
  };
  return {
    async credentialFor(host, asked = {}) {
      const registry = cloudRegistryOf(host);
      if (chosen !== undefined && registry?.cloud !== chosen.cloud) {
        throw missing(chosen.by, `${host} is no registry of ${NAMES[chosen.cloud]}`);
      }
      if (registry === undefined) return undefined;
      const { cloud } = registry;
      const signal = cloudSignal(cloud, environment);
      if (signal === undefined && chosen === undefined) return undefined;
      const source = `${NAMES[cloud]} (${signal ?? 'default'})`;
      const issue = (shared: AbortSignal): Promise<IssuedCredential> =>
        askCloud(chosen?.by ?? source, shared, (ending) =>
          issueFor(registry, { environment, source, post, signal: ending }),
        ).then((issued) => {
          const expires_at = new Date(issued.expiresAt).toISOString();
          logger.info(OBTAINED[cloud], { registry: host, source, expires_at });
          return issued;
        });
      try {
        return await renewed[cloud].get(keyOf(registry), issue, asked);
      } catch (error) {
        const isOptional = chosen === undefined && registry.cloud === 'aws' && registry.kind === 'public';
        if (!isOptional || !isOciError(error, 'MISSING_CREDENTIAL')) throw error;
        logger.warn('cloud_credential_failed', { ...error.details, registry: host });
        return undefined;
      }
    },
  };
}

/** What one credential is good for. */
function keyOf(registry: CloudRegistry): string {
  if (registry.cloud === 'azure') return registry.host;
  if (registry.cloud === 'google') return '';
  if (registry.kind === 'public') return registry.kind;
  const { region, isFips, isDualStack } = registry;
  return `${region} ${isFips} ${isDualStack}`;
}

interface IssueOptions {
  readonly environment: Environment;
  readonly source: string;
  readonly post: PostForm;
  readonly signal: AbortSignal;
}

async function issueFor(registry: CloudRegistry, options: IssueOptions): Promise<IssuedCredential> {
  const { environment, source, post, signal } = options;
  if (registry.cloud === 'azure') {
    const { entraToken } = await import('./entraToken.ts');
    return exchangeForAcr(registry.host, await entraToken(registry.host, environment, source, signal), post, signal);
  }
  if (registry.cloud === 'google') {
    await checkFile(environment, 'GOOGLE_APPLICATION_CREDENTIALS');
    return (await import('./googleToken.ts')).issueForGoogle(source);
  }
  await checkAws(environment);
  if (registry.kind === 'public') {
    return (await import('./ecrPublic.ts')).issueForEcrPublic(environment, source, signal);
  }
  return (await import('./ecr.ts')).issueForEcr(registry, environment, source, signal);
}

/** An identity described by half must not become another one that happens to be there. */
async function checkAws(environment: Environment): Promise<void> {
  if (environment['AWS_PROFILE']) return;
  checkTogether(environment, ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  if (environment['AWS_ACCESS_KEY_ID']) return;
  checkTogether(environment, ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']);
  await checkFile(environment, 'AWS_WEB_IDENTITY_TOKEN_FILE');
}
