import { SharedTasks } from '../credentials/sharedTasks.ts';
import { coversScopes } from './scope.ts';
import type { Token } from './tokenResponse.ts';

/** Tokens of one registry while they are fresh, and the requests for them that are under way. In memory only. */
export class TokenCache {
  #tokens: readonly Token[] = [];
  readonly #pending = new SharedTasks<Token>();

  /** A fresh token that allows at least this much. */
  find(scopes: readonly string[]): Token | undefined {
    const now = Date.now();
    this.#tokens = this.#tokens.filter(({ freshUntil }) => freshUntil > now);
    return this.#tokens.find((token) => coversScopes(token.scopes, scopes));
  }

  /** Forgets a token that the registry refused. */
  drop(value: string): void {
    this.#tokens = this.#tokens.filter((token) => token.value !== value);
  }

  /**
   * Mints a token, or waits for the one that somebody else is minting for the same account and scopes.
   * @param account tells credentials apart
   * @param mint called with the signal that ends it: when nobody waits any more
   * @throws OciError CANCELLED, and what `mint` throws
   */
  mint(
    account: string,
    scopes: readonly string[],
    mint: (signal: AbortSignal) => Promise<Token>,
    signal: AbortSignal | undefined,
  ): Promise<Token> {
    const kept = async (all: AbortSignal): Promise<Token> => {
      const token = await mint(all);
      this.#tokens = [token, ...this.#tokens];
      return token;
    };
    return this.#pending.run([account, ...scopes.toSorted()].join(' '), kept, signal);
  }
}
