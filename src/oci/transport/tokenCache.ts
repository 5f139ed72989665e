import { Deadline } from '../credentials/deadline.ts';
import { SharedTasks } from '../credentials/sharedTasks.ts';
import { coversScopes } from './scope.ts';
import type { Token } from './tokenResponse.ts';

interface KeptToken {
  readonly token: Token;
  readonly deadline: Deadline;
}

/** Tokens of one registry while they are fresh, and the requests for them that are under way. In memory only. */
export class TokenCache {
  #kept: readonly KeptToken[] = [];
  readonly #pending = new SharedTasks<Token>();

  /** A fresh token that allows at least this much. */
  find(scopes: readonly string[]): Token | undefined {
    this.#kept = this.#kept.filter(({ deadline }) => !deadline.isOver);
    return this.#kept.find(({ token }) => coversScopes(token.scopes, scopes))?.token;
  }

  /** Forgets a token that the registry refused. */
  drop(value: string): void {
    this.#kept = this.#kept.filter(({ token }) => token.value !== value);
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
      this.#kept = [{ token, deadline: new Deadline(token.freshFor) }, ...this.#kept];
      return token;
    };
    return this.#pending.run([account, ...scopes.toSorted()].join(' '), kept, signal);
  }
}
