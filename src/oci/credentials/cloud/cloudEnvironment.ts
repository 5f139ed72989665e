import { OciError } from '../../errors.ts';
import { readSmallFile } from '../credentialFile.ts';
import type { Environment } from '../environment.ts';
import type { Cloud } from './cloudRegistry.ts';

/**
 * Variables by which an environment says that it has an identity of a cloud, most telling first. The addresses of
 * metadata servers that every machine of a cloud has are not among them: nobody is asked there by accident.
 */
const SIGNALS: Readonly<Record<Cloud, readonly string[]>> = {
  aws: [
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_ROLE_ARN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ],
  azure: [
    'AZURE_TOKEN_CREDENTIALS',
    'AZURE_FEDERATED_TOKEN_FILE',
    'AZURE_CLIENT_SECRET',
    'IDENTITY_ENDPOINT',
    'MSI_ENDPOINT',
  ],
  google: ['GOOGLE_APPLICATION_CREDENTIALS', 'GCE_METADATA_HOST', 'GCE_METADATA_IP'],
};

/** Where a machine of Google's has to be asked, this says that it is one. */
const METADATA_DETECTION = 'METADATA_SERVER_DETECTION';

/** The variable by which the environment names an identity of this cloud; undefined when it names none. */
export function cloudSignal(cloud: Cloud, environment: Environment): string | undefined {
  const named = SIGNALS[cloud].find((variable) => environment[variable]);
  if (named !== undefined || cloud !== 'google') return named;
  return environment[METADATA_DETECTION] === 'assume-present' ? METADATA_DETECTION : undefined;
}

/**
 * Checks variables that only work together: with one of them set, all have to be.
 * @throws OciError MISSING_CREDENTIAL naming the first that is not set, and one that is
 */
export function checkTogether(environment: Environment, variables: readonly string[]): void {
  const present = variables.find((variable) => environment[variable]);
  const absent = variables.find((variable) => !environment[variable]);
  if (present === undefined || absent === undefined) return;
  throw missing(absent, `it is not set, and ${present}, which needs it, is`);
}

/**
 * Checks that the file named by a variable is there, if the variable is set.
 * @throws OciError MISSING_CREDENTIAL naming the variable and the file; FILE_NOT_READABLE; LIMIT_EXCEEDED
 */
export async function checkFile(environment: Environment, variable: string): Promise<void> {
  const path = environment[variable];
  if (path && (await readSmallFile(path)) === undefined) throw missing(variable, `there is no file ${path}`);
}

/** The error for a secret that is named and is not there; `reason` says what was looked for. */
export function missing(reference: string, reason: string): OciError<'MISSING_CREDENTIAL'> {
  return new OciError('MISSING_CREDENTIAL', `${reference}: ${reason}`, { reference, reason });
}
