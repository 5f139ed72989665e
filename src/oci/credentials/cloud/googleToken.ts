import { GoogleAuth } from 'google-auth-library';
import type { IssuedCredential } from './renewedCredentials.ts';

/** The one scope that every identity may ask for; what it may do is up to its roles. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * A token needs no project. Without one the library looks for it: it runs gcloud, and asks the metadata server and the
 * resource manager, which may be out of reach.
 */
const NO_PROJECT = 'none';

/** https://cloud.google.com/artifact-registry/docs/docker/authentication#token */
const USERNAME = 'oauth2accesstoken';

/** Milliseconds: an hour, for a token that does not say when it ends. */
const DEFAULT_LIFETIME = 3_600_000;

/**
 * An access token of the identity that Google's libraries find by themselves (application default credentials), as a
 * password for its registries.
 * @throws what the SDK throws
 */
export async function issueForGoogle(source: string): Promise<IssuedCredential> {
  const client = await new GoogleAuth({ scopes: [SCOPE], projectId: NO_PROJECT }).getClient();
  const { token } = await client.getAccessToken();
  if (!token) throw new Error('the answer has no access token');
  return {
    credential: { kind: 'basic', username: USERNAME, password: token, source },
    expiresAt: client.credentials.expiry_date ?? Date.now() + DEFAULT_LIFETIME,
  };
}
