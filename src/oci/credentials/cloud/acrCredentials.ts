import type { CredentialSource } from '../credentials.ts';
import { type AccessToken, exchangeForAcr, type PostForm } from './acrExchange.ts';
import { cloudRegistryOf } from './cloudRegistry.ts';
import { RenewedCredentials } from './renewedCredentials.ts';

/** Who is signed in to Azure, and how a registry is asked for its token. */
export interface AcrCredentialsOptions {
  /** A token of Azure for whoever is signed in; none where nobody is. It goes to the registry `host` alone. */
  readonly tokenFor: (host: string, signal: AbortSignal) => Promise<AccessToken | undefined>;
  /** Carries the exchange to the registry. */
  readonly post: PostForm;
}

/** Minutes before its end that the token of a registry is replaced. */
const MARGIN = 10;

/**
 * The credentials for Azure's registries that somebody's token of Azure leads to; for every other registry there are none.
 * They are kept in memory, and replaced before they end.
 * @throws (when asked) what {@link exchangeForAcr} and `tokenFor` throw
 */
export function acrCredentials({ tokenFor, post }: AcrCredentialsOptions): CredentialSource {
  const renewed = new RenewedCredentials(MARGIN);
  return {
    async credentialFor(host, options = {}) {
      if (cloudRegistryOf(host)?.cloud !== 'azure') return undefined;
      return renewed.get(
        host,
        async (signal) => {
          const token = await tokenFor(host, signal);
          return token && exchangeForAcr(host, token, post, signal);
        },
        options,
      );
    },
  };
}
