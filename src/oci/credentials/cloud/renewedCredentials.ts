import type { Credential } from '../credentials.ts';
import { SharedTasks } from '../sharedTasks.ts';

/** A credential that a cloud issued for a time. */
export interface IssuedCredential {
  readonly credential: Credential;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Asks for a credential; there may be none. */
type Issue = (signal: AbortSignal) => Promise<IssuedCredential | undefined>;

interface Held extends IssuedCredential {
  readonly issuedAt: number;
}

/**
 * Milliseconds that a new credential is kept whatever is said of it. Metadata servers give the same token again until
 * shortly before its end, and of many requests that were refused at once the first has it renewed.
 */
const ASK_AGAIN_AFTER = 30_000;

/** Credentials that end, in memory only. Who asks for one at the same time waits for the same answer. */
export class RenewedCredentials {
  readonly #held = new Map<string, Held>();
  readonly #tasks = new SharedTasks<Credential | undefined>();
  readonly #margin: number;

  /** @param marginMinutes how long before its end a credential is replaced */
  constructor(marginMinutes: number) {
    this.#margin = marginMinutes * 60_000;
  }

  /**
   * The credential with this key: the one held, as long as it is good, or what `issue` gives, which may be none. One that was refused is
   * replaced, unless it has only just been issued.
   * @throws what `issue` throws; nothing of it is kept
   */
  async get(
    key: string,
    issue: Issue,
    { signal, isRefused = false }: { readonly signal?: AbortSignal; readonly isRefused?: boolean },
  ): Promise<Credential | undefined> {
    const held = this.#held.get(key);
    if (held !== undefined && this.#isGood(held, isRefused)) return held.credential;
    return this.#tasks.run(key, (shared) => this.#issue(key, issue, shared), signal);
  }

  #isGood({ expiresAt, issuedAt }: Held, isRefused: boolean): boolean {
    const now = Date.now();
    if (now >= expiresAt) return false;
    return now < issuedAt + ASK_AGAIN_AFTER || (!isRefused && now < expiresAt - this.#margin);
  }

  async #issue(key: string, issue: Issue, signal: AbortSignal): Promise<Credential | undefined> {
    const issued = await issue(signal);
    if (issued === undefined) this.#held.delete(key);
    else this.#held.set(key, { ...issued, issuedAt: Date.now() });
    return issued?.credential;
  }
}
