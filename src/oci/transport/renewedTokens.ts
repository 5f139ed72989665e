import type { IdentityTokenCredential } from '../credentials/credentials.ts';

/**
 * Identity tokens that a token server has replaced by new ones, which it may do with every token it gives. Kept as long as
 * this lives, in memory, as Docker does outside of `login`: what is saved stays what the user saved. Each goes to the token
 * server that it came from, and to no other.
 */
export class RenewedTokens {
  /** By realm, then by the token that was saved. */
  readonly #tokens = new Map<string, Map<string, string>>();

  /** The credential with its newest token. */
  of(credential: IdentityTokenCredential, realm: URL): IdentityTokenCredential {
    const token = this.#tokens.get(realm.href)?.get(credential.token);
    return token === undefined ? credential : { ...credential, token };
  }

  /** @param token undefined: the one that was sent stays */
  keep(credential: IdentityTokenCredential, realm: URL, token: string | undefined): void {
    if (token === undefined) return;
    const ofRealm = this.#tokens.get(realm.href) ?? new Map<string, string>();
    this.#tokens.set(realm.href, ofRealm.set(credential.token, token));
  }
}
