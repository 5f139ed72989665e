import {
  type BasicCredential,
  basicAuthorization,
  bearerAuthorization,
  type Credential,
  type CredentialSource,
  type RegistryTokenCredential,
} from '../credentials/credentials.ts';
import { isOciError } from '../errors.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';
import { silentTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { Accounts, accountOf, type CredentialUse } from './accounts.ts';
import type { BearerChallenge } from './challenge.ts';
import { memoryPins, type RealmPins } from './realmPins.ts';
import { RenewedTokens } from './renewedTokens.ts';
import type { Access } from './scope.ts';
import { fetchToken, type TokenCredential } from './token.ts';
import { TokenCache } from './tokenCache.ts';
import type { Token } from './tokenResponse.ts';
import type { Transport } from './transport.ts';

/** Where a transport signs in, and with what. */
export interface SignInOptions {
  /** `host[:port]`; only requests to it are authorised. */
  readonly registry: string;
  readonly credentials: CredentialSource;
  /** Carries requests to token servers. It follows no redirects: a credential goes where the challenge said, or nowhere. */
  readonly tokenTransport: Transport;
  /** Default: remembered as long as this transport lives. */
  readonly pins?: RealmPins;
  /** Told which credential is used, at level debug, and, as a warning, when a refused one is done without. */
  readonly logger?: Logger;
  /** Default: nothing is traced. */
  readonly telemetry?: Telemetry;
  /** Told each time what becomes of a credential; must not throw. */
  readonly onCredential?: (use: CredentialUse) => void;
}

/** What a request says about who sends it. */
export type Authorization = { readonly header: string } & (
  | { readonly scheme: 'basic'; readonly credential: BasicCredential }
  | { readonly scheme: 'static'; readonly credential: RegistryTokenCredential }
  | { readonly scheme: 'bearer'; readonly token: Token; readonly isFresh: boolean; readonly instead?: PassedOver }
);

/** A credential that the token server refused, so that an anonymous token was tried in its place. */
interface PassedOver {
  readonly credential: Credential;
  readonly error: unknown;
}

/** On whose behalf: what the request is about, and until when. */
interface Asked {
  readonly access: Access;
  readonly signal: AbortSignal | undefined;
  /** It carries content that may come from somewhere else while it is sent. */
  readonly isUpload: boolean;
}

interface AskedToken extends Asked {
  readonly challengedAt: URL;
  readonly challenge: BearerChallenge;
  readonly scopes: readonly string[];
}

/** Turns the credentials of one registry into what it, and its token server, want to see. */
export class SignIn {
  readonly #registry: string;
  readonly #transport: Transport;
  readonly #telemetry: Telemetry;
  readonly #pins: RealmPins;
  readonly #accounts: Accounts;
  readonly #tokens = new TokenCache();
  readonly #renewed = new RenewedTokens();

  constructor({ registry, credentials, tokenTransport, pins, logger, telemetry, onCredential }: SignInOptions) {
    this.#registry = registry;
    this.#transport = tokenTransport;
    this.#telemetry = telemetry ?? silentTelemetry;
    this.#pins = pins ?? memoryPins();
    this.#accounts = new Accounts(registry, credentials, logger ?? silentLogger, onCredential);
  }

  /** A token that was fetched before and allows at least this much. */
  known(scopes: readonly string[]): Authorization | undefined {
    const token = this.#tokens.find(scopes);
    return token && bearer(token, false);
  }

  /**
   * Only a password is ever sent as Basic: a token for the token server, or for Bearer, is for that alone. Whoever sends it
   * says how that ended.
   */
  async basic(asked: Asked): Promise<Authorization | undefined> {
    const credential = await this.#accounts.find(asked.access.repository, asked.signal);
    if (credential?.kind !== 'basic') return undefined;
    const header = basicAuthorization(credential);
    if (!(await this.#accounts.mayUse(credential, asked))) return undefined;
    return { scheme: 'basic', header, credential };
  }

  /**
   * A token that allows the scopes: one that is ready-made, or a new one from the token server.
   * @throws what the credential source and the token server throw
   */
  async bearer(asked: AskedToken): Promise<Authorization> {
    const { access, signal } = asked;
    const credential = await this.#accounts.find(access.repository, signal);
    if (credential?.kind === 'registryToken') {
      return { scheme: 'static', header: bearerAuthorization(credential), credential };
    }
    if (credential === undefined) return bearer(await this.#mint(asked, undefined), true);
    try {
      return await this.#signedIn(asked, credential);
    } catch (error) {
      if (!access.isPull || !isOciError(error, 'UNAUTHORIZED')) throw error;
      const token = await this.#mint(asked, undefined).catch((reason: unknown) => {
        throw isRefusal(reason) ? error : reason;
      });
      return { ...bearer(token, true), instead: { credential, error } };
    }
  }

  /** @throws OciError UNAUTHORIZED as the token server said it, now or a moment ago */
  async #signedIn(asked: AskedToken, credential: TokenCredential): Promise<Authorization> {
    // The token is fetched before anything is uploaded.
    const isUsable = await this.#accounts.mayUse(credential, { ...asked, isUpload: false });
    if (!isUsable) throw this.#accounts.refusalOf(credential);
    // While this waited, somebody else may have got what it needs.
    const known = this.known(asked.scopes);
    if (known !== undefined) return known;
    try {
      const token = await this.#mint(asked, credential);
      this.#accounts.accepted(credential);
      return bearer(token, true);
    } catch (error) {
      if (isOciError(error, 'UNAUTHORIZED')) this.#accounts.refused(credential, error);
      else this.#accounts.undecided(credential);
      throw error;
    }
  }

  async #mint(asked: AskedToken, credential: TokenCredential | undefined): Promise<Token> {
    const { challengedAt, challenge, scopes, signal } = asked;
    const account = credential === undefined ? '' : accountOf(credential);
    const own = { registry: this.#registry, pins: this.#pins, renewed: this.#renewed };
    const facts = { 'oci.registry': this.#registry, 'oci.operation': 'auth', 'oci.auth.anonymous': account === '' };
    const mint = (all: AbortSignal): Promise<Token> =>
      this.#telemetry.span('floe.oci.auth', facts, () =>
        fetchToken(this.#transport, { ...own, challengedAt, challenge, scopes, credential, signal: all }),
      );
    try {
      return await this.#tokens.mint(account, scopes, mint, signal);
    } catch (error) {
      const [first] = scopes;
      if (!isRefusal(error) || first === undefined || scopes.length === 1) throw error;
      // A mount names a second repository. Without access to that one, the registry asks for the content instead.
      return this.#mint({ ...asked, scopes: [first] }, credential);
    }
  }

  /** Forgets a token that the registry refused. */
  drop(token: Token): void {
    this.#tokens.drop(token.value);
  }

  accepted(credential: Credential): void {
    this.#accounts.accepted(credential);
  }

  /** The registry itself refused it. */
  refused(credential: Credential): void {
    this.#accounts.refused(credential);
  }

  /** The registry did not say what it thinks of it. */
  undecided(credential: Credential): void {
    this.#accounts.undecided(credential);
  }

  /** Content was read without it. */
  passedOver(credential: Credential): void {
    this.#accounts.passedOver(credential);
  }
}

function isRefusal(error: unknown): boolean {
  return isOciError(error, 'UNAUTHORIZED') || isOciError(error, 'DENIED');
}

function bearer(token: Token, isFresh: boolean): Authorization & { readonly scheme: 'bearer' } {
  return { scheme: 'bearer', header: `Bearer ${token.value}`, token, isFresh };
}
