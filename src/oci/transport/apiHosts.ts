import * as z from 'zod/mini';
import type { Credential, CredentialSource } from '../credentials/credentials.ts';
import type { Logger } from '../telemetry/logger.ts';
import { accountOf } from './accounts.ts';
import { bodyStart } from './boundedBody.ts';
import { noteSent } from './sentSecrets.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';

/**
 * Where else the credential of a registry is at home: the API of whoever runs it, on a host of its own. The list is this
 * program's, by the registry's whole name and for https alone, or the user names the place; nothing that a registry answers
 * adds to it, and no redirect takes the credential along.
 */
interface ApiHost {
  readonly origin: string;
  /** What the credential is there; undefined where it is of no use. */
  readonly present: (credential: Credential) => Presented | undefined;
}

/** A header's value, or what has to be exchanged for one. */
type Presented =
  | { readonly header: string }
  | { readonly exchange: { readonly identifier: string; readonly secret: string } };

/** User names under which Google's registries take an access token for a password; a key file is none. */
const GOOGLE_TOKEN_USERS = /^(?:oauth2accesstoken|_token|_dcgcloud_token|_dcgcr_[\d_]+_token)$/;

const API_HOSTS: readonly (ApiHost & { readonly registry: RegExp })[] = [
  {
    registry: /^(?:[a-z0-9-]+-docker\.pkg\.dev|docker\.[a-z0-9-]+\.rep\.pkg\.dev|(?:[a-z0-9-]+\.)?gcr\.io)$/,
    origin: 'https://artifactregistry.googleapis.com',
    present: (credential) =>
      credential.kind === 'basic' && GOOGLE_TOKEN_USERS.test(credential.username)
        ? { header: `Bearer ${credential.password}` }
        : undefined,
  },
  { registry: /^ghcr\.io$/, origin: 'https://api.github.com', present: passwordAsToken },
  { registry: /^registry\.gitlab\.com$/, origin: 'https://gitlab.com', present: passwordAsToken },
  {
    registry: /^docker\.io$/,
    origin: 'https://hub.docker.com',
    present: (credential) =>
      credential.kind === 'basic'
        ? { exchange: { identifier: credential.username, secret: credential.password } }
        : undefined,
  },
];

/** https://docs.docker.com/reference/api/hub/latest/#tag/authentication-api */
const HUB_TOKENS = '/v2/auth/token';
const hubToken = z.object({ access_token: z.string().check(z.regex(/^[\w.~+/=-]+$/)) });
/** Bytes. */
const MAX_TOKEN = 64 * 1024;

/** Where the user says that the API is. */
export interface ApiPlace {
  readonly origin: string;
  /** How the password is presented there: as `Bearer`, or with its user name as `Basic`. Asked each time. */
  readonly signIn: () => 'token' | 'password';
}

/** The registry whose API has a host of its own, and its credentials there. */
export interface ApiHostOptions {
  readonly registry: string;
  /** In the place of what the list says. */
  readonly api?: ApiPlace;
  readonly credentials: CredentialSource;
  readonly logger: Logger;
}

/**
 * Signs in to the API of whoever runs the registry, when it is on one of the hosts that are known for that. What was refused
 * there is not sent there again; the request is answered as the API answered it. Anything else passes as it is.
 */
export function authorizedAtApiHost(inner: Transport, options: ApiHostOptions): Transport {
  const host = options.api ? placeOf(options.api) : API_HOSTS.find(({ registry }) => registry.test(options.registry));
  if (host === undefined) return inner;
  const keeper = new ApiHostKeeper(inner, host, options);
  return {
    send: (request, sendOptions) =>
      request.url.origin === host.origin ? keeper.send(request, sendOptions) : inner.send(request, sendOptions),
    close: () => inner.close(),
  };
}

class ApiHostKeeper {
  readonly #inner: Transport;
  readonly #host: ApiHost;
  readonly #options: ApiHostOptions;
  readonly #refused = new Set<string>();
  /** By account. */
  readonly #exchanged = new Map<string, Promise<string | undefined>>();
  #isTold = false;

  constructor(inner: Transport, host: ApiHost, options: ApiHostOptions) {
    this.#inner = inner;
    this.#host = host;
    this.#options = options;
  }

  async send(request: HttpRequest, options: SendOptions = {}): Promise<HttpResponse> {
    const { registry, credentials } = this.#options;
    const credential = await credentials.credentialFor(registry, options.signal ? { signal: options.signal } : {});
    if (credential === undefined) return this.#inner.send(request, options);
    const account = accountOf(credential);
    const presented = this.#refused.has(account) ? undefined : this.#host.present(credential);
    if (presented === undefined) {
      this.#tell(credential);
      return this.#inner.send(request, options);
    }
    const header = 'header' in presented ? presented.header : await this.#tokenOf(account, presented, options);
    const headers = { ...request.headers, ...(header !== undefined && { authorization: header }) };
    const response = await this.#inner.send({ ...request, headers }, options);
    if (response.status === 401 && header !== undefined) {
      this.#refused.add(account);
      this.#exchanged.delete(account);
    }
    return response;
  }

  #tokenOf(
    account: string,
    { exchange }: Extract<Presented, { exchange: object }>,
    options: SendOptions,
  ): Promise<string | undefined> {
    const known = this.#exchanged.get(account) ?? this.#exchange(exchange, options);
    this.#exchanged.set(account, known);
    known.then(
      (token) => token ?? this.#exchanged.delete(account),
      () => this.#exchanged.delete(account),
    );
    return known;
  }

  async #exchange(
    body: Extract<Presented, { exchange: object }>['exchange'],
    options: SendOptions,
  ): Promise<string | undefined> {
    noteSent(body.secret);
    const bytes = Buffer.from(JSON.stringify(body));
    const open = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    const response = await this.#inner.send(
      {
        method: 'POST',
        url: new URL(HUB_TOKENS, this.#host.origin),
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: { size: bytes.length, open },
      },
      options,
    );
    const { success, data } = hubToken.safeParse(await jsonOf(response));
    return success && response.status === 200 ? `Bearer ${data.access_token}` : undefined;
  }

  #tell({ source }: Credential): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { logger, registry } = this.#options;
    logger.info('api_asked_anonymously', {
      registry,
      api: this.#host.origin,
      source,
      reason: 'it does not take this credential',
    });
  }
}

function placeOf({ origin, signIn }: ApiPlace): ApiHost {
  return {
    origin,
    present: (credential) => (signIn() === 'token' ? passwordAsToken(credential) : passwordItself(credential)),
  };
}

function passwordItself(credential: Credential): Presented | undefined {
  if (credential.kind !== 'basic') return undefined;
  const pair = Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  return { header: `Basic ${pair}` };
}

function passwordAsToken(credential: Credential): Presented | undefined {
  return credential.kind === 'basic' ? { header: `Bearer ${credential.password}` } : undefined;
}

/** What is longer than a token's answer may be is cut, and no JSON. */
async function jsonOf(response: HttpResponse): Promise<unknown> {
  try {
    return JSON.parse((await bodyStart(response.body, MAX_TOKEN)).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    await response.discard();
  }
}
