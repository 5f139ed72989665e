import {
  type CloudAnswer,
  type CloudRequest,
  type CloudServer,
  type CloudServerOptions,
  insist,
  message,
  startCloudServer,
} from './cloudServer.ts';

/** What tokens for registries are asked for, as a resource; as a scope, `/.default` follows. */
const RESOURCE = 'https://containerregistry.azure.net';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Seconds. */
const DAY = 86_399;

/** The token that stands for the identity. */
export const ENTRA_TOKEN = 'eyJhbGciOiJub25lIn0.eyJvaWQiOiJpZGVudGl0eSJ9.entra-signature';
export const IDENTITY_HEADER = '853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a';

/** The metadata of a machine, and the identity endpoint of an application. */
export function startAzureMachine(options: { readonly isKnown?: boolean } = {}): Promise<CloudServer> {
  const { isKnown = true } = options;
  return startCloudServer(({ method, url, headers }) => {
    const query = url.searchParams;
    insist(method === 'GET' && query.get('resource') === RESOURCE, 'another resource');
    const now = Math.floor(Date.now() / 1000);
    const clientId = query.get('client_id') ?? '5e29463d-71da-4fe0-8e69-999b57db23b0';
    const values = {
      token: ENTRA_TOKEN,
      clientId,
      resource: RESOURCE,
      expiresOn: now + DAY,
      expiresIn: DAY,
      notBefore: now,
    };
    if (url.pathname === '/msi/token') {
      insist(query.get('api-version') === '2019-08-01', 'another version');
      insist(headers['x-identity-header'] === IDENTITY_HEADER, 'asked without the header');
      return { status: 200, body: message('azure/applicationToken.json', values) };
    }
    insist(/^\/metadata\/identity\/oauth2\/token\/?$/.test(url.pathname), 'another address');
    insist(query.get('api-version') === '2018-02-01', 'another version');
    insist(headers['metadata'] === 'true' && headers['x-forwarded-for'] === undefined, 'Metadata is not true');
    if (!isKnown) return { status: 400, body: message('azure/identityNotFound.json') };
    return { status: 200, body: message('azure/machineToken.json', values) };
  });
}

export interface EntraOptions extends CloudServerOptions {
  readonly tenant: string;
  readonly clientId: string;
  /** The web token of a pod that is taken. */
  readonly assertion?: string;
  readonly clientSecret?: string;
}

/** The authority that gives tokens to applications and pods. It speaks TLS, because the SDK takes no other. */
export function startEntra({
  tenant,
  clientId,
  assertion,
  clientSecret,
  certificate = 'server',
}: EntraOptions): Promise<CloudServer> {
  return startCloudServer(
    ({ method, url, headers, body }) => {
      const authority = `https://${headers.host}`;
      if (url.pathname === `/${tenant}/v2.0/.well-known/openid-configuration`) {
        return { status: 200, body: message('azure/openidConfiguration.json', { authority, tenant }) };
      }
      insist(method === 'POST' && url.pathname === `/${tenant}/oauth2/v2.0/token`, 'another address');
      insist(/^application\/x-www-form-urlencoded/.test(headers['content-type'] ?? ''), 'another content type');
      const form = new URLSearchParams(body);
      insist(form.get('grant_type') === 'client_credentials', 'another grant');
      insist(form.get('client_id') === clientId, 'another client');
      insist(form.get('scope')?.split(' ')[0] === `${RESOURCE}/.default`, 'another scope');
      if (clientSecret === undefined)
        insist(form.get('client_assertion_type') === ASSERTION, 'another kind of assertion');
      const isRight =
        clientSecret === undefined
          ? form.get('client_assertion') === assertion
          : form.get('client_secret') === clientSecret;
      if (!isRight) return { status: 401, body: message('azure/entraError.json') };
      return { status: 200, body: message('azure/entraToken.json', { token: ENTRA_TOKEN }) };
    },
    { certificate },
  );
}

export interface AcrOptions {
  /** The registry's name: `contoso.azurecr.io`. */
  readonly service: string;
  /** Its name for exchanges, where its challenges name another service; default `service`. */
  readonly exchangeService?: string;
  /** Seconds that refresh tokens live; default three hours. */
  readonly lifetime?: number;
  /** Gives an access token for scopes; without it no access tokens are given. */
  readonly accessToken?: (scopes: readonly string[]) => Promise<string>;
}

/** The token endpoints of an Azure registry. */
export function startAcr({
  service,
  exchangeService = service,
  lifetime = 3 * 3600,
  accessToken,
}: AcrOptions): Promise<CloudServer> {
  const issued = new Set<string>();
  const refuse = (): CloudAnswer => ({ status: 401, body: message('azure/acrUnauthorized.json') });

  const exchange = (form: URLSearchParams): CloudAnswer => {
    insist(form.get('grant_type') === 'access_token', 'another grant');
    if (form.get('access_token') !== ENTRA_TOKEN) return refuse();
    const notBefore = Math.floor(Date.now() / 1000);
    const claims = message('azure/acrRefreshTokenClaims.json', { notBefore, expires: notBefore + lifetime, service });
    const token = ['{"alg":"RS256","typ":"JWT"}', claims, `signature ${issued.size}`]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    issued.add(token);
    return { status: 200, body: message('azure/acrRefreshToken.json', { token }) };
  };

  const token = async (form: URLSearchParams): Promise<CloudAnswer> => {
    insist(form.get('grant_type') === 'refresh_token', 'another grant');
    insist(accessToken !== undefined, 'nobody should ask for an access token');
    if (!issued.has(form.get('refresh_token') ?? '')) return refuse();
    const scopes = form.getAll('scope').flatMap((scope) => scope.split(' '));
    return { status: 200, body: message('azure/acrAccessToken.json', { token: await accessToken(scopes) }) };
  };

  return startCloudServer(({ method, url, headers, body }: CloudRequest) => {
    insist(method === 'POST', 'only POST');
    insist(/^application\/x-www-form-urlencoded/.test(headers['content-type'] ?? ''), 'another content type');
    insist(headers.authorization === undefined, 'the form is all there is');
    const form = new URLSearchParams(body);
    const isExchange = url.pathname === '/oauth2/exchange';
    insist(form.get('service') === (isExchange ? exchangeService : service), 'another service');
    if (isExchange) return exchange(form);
    insist(url.pathname === '/oauth2/token', 'another address');
    return token(form);
  });
}
