import type { Environment } from '../environment.ts';
import { checkFile, checkTogether, missing } from './cloudEnvironment.ts';

/** The identities that can be had without a person: of a pod, of an application, of a machine, of who signed in with `az`. */
export type AzureIdentity = 'workload' | 'secret' | 'managed' | 'cli';

/** The SDK's own variable for choosing, and its values. https://aka.ms/azsdk/js/identity/credential-chains */
const CHOICE = 'AZURE_TOKEN_CREDENTIALS';
const CHOICES: Readonly<Record<string, AzureIdentity>> = {
  workloadidentitycredential: 'workload',
  environmentcredential: 'secret',
  managedidentitycredential: 'managed',
  azureclicredential: 'cli',
  dev: 'cli',
};

const NEEDED: Readonly<Record<AzureIdentity, readonly string[]>> = {
  workload: ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_FEDERATED_TOKEN_FILE'],
  secret: ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_CLIENT_SECRET'],
  managed: [],
  cli: [],
};

/**
 * The identity that the environment describes: the one it chooses, else that of the pod, of the application, of the
 * machine. It is one, and not a row of attempts: what fails is said, and not covered by whoever answers next.
 * @throws OciError MISSING_CREDENTIAL naming what is missing: a variable, a file
 */
export async function azureIdentityIn(environment: Environment): Promise<AzureIdentity> {
  const identity = chosenIn(environment) ?? describedIn(environment);
  const absent = NEEDED[identity].find((variable) => !environment[variable]);
  if (absent !== undefined) throw missing(absent, `it is not set; needed are ${NEEDED[identity].join(', ')}`);
  if (identity === 'workload') await checkFile(environment, 'AZURE_FEDERATED_TOKEN_FILE');
  if (identity === 'managed' && environment['IDENTITY_HEADER']) {
    checkTogether(environment, ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']);
  }
  return identity;
}

function chosenIn(environment: Environment): AzureIdentity | undefined {
  const choice = environment[CHOICE]?.trim().toLowerCase();
  // All that runs in the cloud: what the other variables describe.
  if (!choice || choice === 'prod') return undefined;
  const identity = CHOICES[choice];
  if (identity !== undefined) return identity;
  throw missing(CHOICE, `it is none of ${[...Object.keys(CHOICES), 'prod'].join(', ')}`);
}

function describedIn(environment: Environment): AzureIdentity {
  if (environment['AZURE_FEDERATED_TOKEN_FILE']) return 'workload';
  return environment['AZURE_CLIENT_SECRET'] ? 'secret' : 'managed';
}
