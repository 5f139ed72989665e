import { SOURCE_NAMES } from './sourceNames.ts';

const CLOUD_CHOICES = ['aws-irsa', 'azure-managed-identity', 'gcp-workload-identity'] as const;

/**
 * How one registry may be signed in to, as `auth` of the setting `floeOci.registryOptions` names it, in the words of
 * manifest.yaml and of `floeOci.credentials.sources`:
 *
 * * `anonymous`: nobody is signed in
 * * `basic`: a user name and a password, `token`: a token, each from the first source that has one
 * * the name of a source: that one alone
 * * `aws-irsa`, `azure-managed-identity`, `gcp-workload-identity`: the identity that this machine has in that cloud, whose
 *   metadata server is asked where nothing else names one
 */
export const SIGN_IN_CHOICES = [
  'anonymous',
  'basic',
  'token',
  // What a manifest.yaml says of its own registry is the file's to say.
  ...SOURCE_NAMES.filter((name) => name !== 'manifest'),
  ...CLOUD_CHOICES,
] as const;

/** How to sign in to a registry, as settings name it. */
export type SignInChoice = (typeof SIGN_IN_CHOICES)[number];
/** Those choices that are an identity in a cloud. */
export type CloudChoice = (typeof CLOUD_CHOICES)[number];

/** Whether it is one of those that there are. */
export function isSignInChoice(value: unknown): value is SignInChoice {
  return SIGN_IN_CHOICES.some((choice) => choice === value);
}

/** Whether it is the identity in a cloud. */
export function isCloudChoice(choice: SignInChoice): choice is CloudChoice {
  return CLOUD_CHOICES.some((cloud) => cloud === choice);
}
