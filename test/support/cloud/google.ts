import {
  type CloudAnswer,
  type CloudRequest,
  type CloudServer,
  type CloudServerOptions,
  insist,
  message,
  startCloudServer,
} from './cloudServer.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const AUDIENCE = '//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/pool/providers/cluster';
const ACCOUNT = 'runner@floe.iam.gserviceaccount.com';
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type';
const STS_TOKEN = 'ya29.sts-token';
/** The token that the metadata server gives. */
export const METADATA_TOKEN = 'ya29.metadata-token';
/** The token of the service account that a federated identity stands in for. */
export const IMPERSONATED_TOKEN = 'ya29.impersonated-token';

export interface GoogleOptions extends CloudServerOptions {
  /** The web token that STS takes; default `web-token`. */
  readonly webToken?: string;
  /** The identity may not stand in for the service account. */
  readonly isDenied?: boolean;
}

/** The metadata server, STS, and the service that stands in for service accounts. */
export function startGoogle(options: GoogleOptions = {}): Promise<CloudServer> {
  const { webToken = 'web-token', isDenied = false } = options;

  const metadata = ({ method, url, headers }: CloudRequest): CloudAnswer => {
    const flavor = { 'metadata-flavor': 'Google' };
    if (headers['metadata-flavor'] !== 'Google') return { status: 403, body: 'Missing Metadata-Flavor:Google header' };
    insist(method === 'GET', 'only GET');
    const text = { ...flavor, 'content-type': 'application/text' };
    if (url.pathname === '/computeMetadata/v1/instance') return { status: 200, body: 'ok', headers: text };
    if (url.pathname === '/computeMetadata/v1/project/project-id') return { status: 200, body: 'floe', headers: text };
    if (url.pathname === '/computeMetadata/v1/universe/universe-domain') {
      return { status: 200, body: 'googleapis.com', headers: text };
    }
    insist(url.pathname === '/computeMetadata/v1/instance/service-accounts/default/token', 'another address');
    insist(url.searchParams.get('scopes') === SCOPE, 'another scope');
    return { status: 200, body: message('google/metadataToken.json', { token: METADATA_TOKEN }), headers: flavor };
  };

  const sts = ({ headers, body }: CloudRequest): CloudAnswer => {
    insist(/^application\/x-www-form-urlencoded/.test(headers['content-type'] ?? ''), 'another content type');
    const form = new URLSearchParams(body);
    insist(form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:token-exchange', 'another grant');
    insist(form.get('audience') === AUDIENCE && form.get('scope') === SCOPE, 'another audience or scope');
    insist(form.get('requested_token_type') === `${TOKEN_TYPE}:access_token`, 'another type of token is wanted');
    insist(form.get('subject_token_type') === `${TOKEN_TYPE}:jwt`, 'another type of token is given');
    const isRight = form.get('subject_token') === webToken;
    if (!isRight) return { status: 400, body: message('google/stsError.json') };
    return { status: 200, body: message('google/stsToken.json', { token: STS_TOKEN }) };
  };

  const impersonate = ({ headers, body }: CloudRequest): CloudAnswer => {
    insist(headers.authorization === `Bearer ${STS_TOKEN}`, 'another token');
    const { scope, lifetime } = JSON.parse(body);
    insist(JSON.stringify(scope) === JSON.stringify([SCOPE]) && /^\d+s$/.test(lifetime), 'another scope or lifetime');
    if (isDenied) return { status: 403, body: message('google/permissionDenied.json') };
    const expireTime = new Date(Date.now() + 3_600_000).toISOString();
    return { status: 200, body: message('google/generateAccessToken.json', { token: IMPERSONATED_TOKEN, expireTime }) };
  };

  return startCloudServer((request) => {
    const { pathname } = request.url;
    if (pathname.startsWith('/computeMetadata/')) return metadata(request);
    insist(request.method === 'POST', 'only POST');
    if (pathname === '/v1/token') return sts(request);
    insist(pathname === `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`, 'another address');
    return impersonate(request);
  }, options);
}

/** The configuration of a federated identity, as `gcloud iam workload-identity-pools create-cred-config` writes it. */
export function federatedIdentity(server: CloudServer, tokenFile: string): string {
  return JSON.stringify({
    type: 'external_account',
    audience: AUDIENCE,
    subject_token_type: `${TOKEN_TYPE}:jwt`,
    token_url: `${server.url}/v1/token`,
    service_account_impersonation_url: `${server.url}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
    credential_source: { file: tokenFile, format: { type: 'text' } },
  });
}
