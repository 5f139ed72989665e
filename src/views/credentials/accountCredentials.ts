import { type AuthenticationSession, authentication, type Disposable, type Event, EventEmitter, l10n } from 'vscode';
import {
  type Credential,
  type CredentialOptions,
  type CredentialSource,
  createAcrCredentials,
  type EngineName,
  type Logger,
  userAgent,
} from '../../oci/index.ts';

/** A way to sign in with an account that VS Code manages. */
export interface AccountOffer {
  /** `GitHub Account, to Pull` */
  readonly label: string;
  readonly registry: string;
  readonly provider: 'github' | 'microsoft';
  /** Rights of the session, as its provider calls them. */
  readonly scopes: readonly string[];
}

/** The most rights first: whoever has allowed those wants them used. */
const GITHUB = [
  // https://docs.github.com/en/packages/learn-github-packages/about-permissions-for-github-packages
  { label: l10n.t('GitHub Account, to Pull and Push'), scopes: ['read:packages', 'write:packages'] },
  { label: l10n.t('GitHub Account, to Pull'), scopes: ['read:packages'] },
] as const;

/** What VS Code's own client may ask for; registries of Azure take it in exchange for a token of theirs. */
const AZURE = { label: l10n.t('Microsoft Account'), scopes: ['https://management.core.windows.net/.default'] } as const;

/** National clouds have accounts of their own. */
const ACR = /^[a-z0-9-]+\.azurecr\.io$/;

/** What the accounts of VS Code need to become credentials. */
export interface AccountCredentialsOptions {
  /** Carries the exchange of Microsoft's token. */
  readonly engine: EngineName;
  readonly logger: Logger;
}

/**
 * Credentials from the accounts of VS Code: GitHub's for `ghcr.io`, Microsoft's for `*.azurecr.io`. A session is made only
 * by {@link signIn}, never because something is read.
 */
export class AccountCredentials implements CredentialSource, Disposable {
  readonly #options: AccountCredentialsOptions;
  readonly #changed = new EventEmitter<void>();
  readonly #subscription: Disposable;
  #acr: CredentialSource;

  constructor(options: AccountCredentialsOptions) {
    this.#options = options;
    this.#acr = this.#acrCredentials();
    this.#subscription = authentication.onDidChangeSessions(({ provider: { id } }) => {
      if (id !== 'github' && id !== 'microsoft') return;
      // What a session led to ends with it.
      this.#acr = this.#acrCredentials();
      this.#changed.fire();
    });
  }

  /** Somebody signed in or out, or allowed or forbade us an account. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** How one can sign in to a registry. */
  offersFor(registry: string): readonly AccountOffer[] {
    if (registry === 'ghcr.io') return GITHUB.map((offer) => ({ ...offer, registry, provider: 'github' }));
    return ACR.test(registry) ? [{ ...AZURE, registry, provider: 'microsoft' }] : [];
  }

  /** @throws OciError UNAUTHORIZED and others when a registry of Azure does not take the account */
  async credentialFor(registry: string, options?: CredentialOptions): Promise<Credential | undefined> {
    const offers = this.offersFor(registry);
    if (offers.some(({ provider }) => provider === 'microsoft')) {
      return await this.#acr.credentialFor(registry, options);
    }
    for (const offer of offers) {
      const session = await this.#existing(offer);
      if (session !== undefined) return credentialIn(session);
    }
    return undefined;
  }

  /**
   * Asks for a session, in VS Code's own dialogs. Undefined when the user does not agree.
   * @throws as {@link credentialFor}
   */
  async signIn(offer: AccountOffer): Promise<Credential | undefined> {
    const { provider, registry, scopes } = offer;
    let session: AuthenticationSession;
    try {
      session = await authentication.getSession(provider, scopes, { createIfNone: true });
    } catch (error) {
      this.#options.logger.info('account_not_given', { provider, error });
      return undefined;
    }
    return provider === 'github' ? credentialIn(session) : await this.#acr.credentialFor(registry, { isRefused: true });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #acrCredentials(): CredentialSource {
    return createAcrCredentials({
      ...this.#options,
      userAgent,
      tokenFor: async () => {
        const session = await this.#existing({ ...AZURE, provider: 'microsoft' });
        return session && { token: session.accessToken, source: l10n.t('the Microsoft account in VS Code') };
      },
    });
  }

  /** Editors that are not Microsoft's may lack the provider, which is no reason not to go on without. */
  async #existing({
    provider,
    scopes,
  }: Pick<AccountOffer, 'provider' | 'scopes'>): Promise<AuthenticationSession | undefined> {
    try {
      return await authentication.getSession(provider, scopes, { silent: true });
    } catch (error) {
      this.#options.logger.debug('account_not_available', { provider, error });
      return undefined;
    }
  }
}

function credentialIn({ account, accessToken }: AuthenticationSession): Credential {
  return {
    kind: 'basic',
    username: account.label,
    password: accessToken,
    source: l10n.t('the GitHub account in VS Code'),
  };
}
