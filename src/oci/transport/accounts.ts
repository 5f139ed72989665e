import { createHash } from 'node:crypto';
import { type Credential, type CredentialSource, describeCredential } from '../credentials/credentials.ts';
import { Deadline } from '../credentials/deadline.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Milliseconds that a refused credential is not sent again: a tree of two hundred repositories must not lock an account. */
const REFUSED_FOR = 30_000;

/** A credential that was accepted before is not given up for one refusal, which may be about one repository. */
const FAILURES_AFTER_SUCCESS = 3;

/** What became of a credential at a registry: for whoever shows people what is used. */
export interface CredentialUse {
  /** `host[:port]` */
  readonly registry: string;
  /**
   * * `found`: by the sources; not sent yet
   * * `accepted`: by the registry or its token server
   * * `passedOver`: it was refused, and public content was read without
   */
  readonly outcome: 'found' | 'accepted' | 'passedOver';
  /** Where it comes from and whose it is, never the secret; undefined when requests are anonymous. */
  readonly credential: ReturnType<typeof describeCredential> | undefined;
}

interface History {
  readonly wasAccepted: boolean;
  /** Since it was last accepted. */
  readonly failures: number;
  /** Until when it rests. */
  readonly rest: Deadline;
  readonly error: OciError | undefined;
}

/** The credentials of one registry: where they come from, which were refused lately, and what the log is told of them. */
export class Accounts {
  readonly #registry: string;
  readonly #source: CredentialSource;
  readonly #logger: Logger;
  readonly #used: ((use: CredentialUse) => void) | undefined;
  readonly #histories = new Map<string, History>();
  /** First uses that are under way. */
  readonly #trials = new Map<string, PromiseWithResolvers<void>>();
  readonly #told = new Set<string>();
  #wasRefused = false;

  constructor(
    registry: string,
    source: CredentialSource,
    logger: Logger,
    used: ((use: CredentialUse) => void) | undefined,
  ) {
    this.#registry = registry;
    this.#source = source;
    this.#logger = logger;
    this.#used = used;
  }

  /** @throws what the source throws */
  async find(repository: string | undefined, signal: AbortSignal | undefined): Promise<Credential | undefined> {
    const credential = await this.#source.credentialFor(this.#registry, {
      isRefused: this.#wasRefused,
      ...(repository !== undefined && { repository }),
      ...(signal && { signal }),
    });
    this.#wasRefused = false;
    this.#tellOnce('debug', 'credential', credential);
    // What floe's Python client says, for those who look for that.
    if (credential?.kind === 'basic') this.#tellOnce('debug', 'basic_auth_credentials_loaded', credential);
    this.#tellUse('found', credential);
    return credential;
  }

  /**
   * Whether it may be sent: not when it was refused a moment ago. Until it has been accepted it is sent by one request at
   * a time, so that many requests at once are one refusal; the others wait. Whoever is told so says how it ended, by
   * {@link accepted}, {@link refused} or {@link undecided}. Nobody waits for who uploads: the content may come from a
   * download that would be among those waiting.
   * @throws OciError CANCELLED while waiting
   */
  async mayUse(
    credential: Credential,
    { signal, isUpload }: { readonly signal: AbortSignal | undefined; readonly isUpload: boolean },
  ): Promise<boolean> {
    const account = accountOf(credential);
    for (let trial = this.#trials.get(account); trial !== undefined; trial = this.#trials.get(account)) {
      await ended(trial.promise, signal);
    }
    if (this.isRefused(credential)) return false;
    const { wasAccepted = false, failures = 0 } = this.#histories.get(account) ?? {};
    if (!isUpload && (!wasAccepted || failures > 0)) this.#trials.set(account, Promise.withResolvers());
    return true;
  }

  accepted(credential: Credential): void {
    this.#histories.set(accountOf(credential), {
      wasAccepted: true,
      failures: 0,
      rest: new Deadline(0),
      error: undefined,
    });
    this.#tellUse('accepted', credential);
    this.undecided(credential);
  }

  /** @param error what a token server said, for whoever would try again */
  refused(credential: Credential, error?: OciError): void {
    const { wasAccepted = false, failures = 0 } = this.#histories.get(accountOf(credential)) ?? {};
    const rest = new Deadline(REFUSED_FOR);
    this.#histories.set(accountOf(credential), { wasAccepted, failures: failures + 1, rest, error });
    this.#wasRefused = true;
    this.undecided(credential);
  }

  /** It was sent, and nobody said what is thought of it. */
  undecided(credential: Credential): void {
    const account = accountOf(credential);
    this.#trials.get(account)?.resolve();
    this.#trials.delete(account);
  }

  /** Whether it was refused a moment ago, so that it must not be sent. */
  isRefused(credential: Credential): boolean {
    const history = this.#histories.get(accountOf(credential));
    if (history === undefined || history.rest.isOver) return false;
    return history.failures >= (history.wasAccepted ? FAILURES_AFTER_SUCCESS : 1);
  }

  /** What is said of one that was refused a moment ago. */
  refusalOf(credential: Credential): OciError {
    const registry = this.#registry;
    const reason = `the credential from ${credential.source} was refused`;
    return (
      this.#histories.get(accountOf(credential))?.error ??
      new OciError('UNAUTHORIZED', `${registry}: ${reason}`, { registry, reason })
    );
  }

  /** Says that public content is read without the credential, which was refused. */
  passedOver(credential: Credential): void {
    this.#tellOnce('warn', 'credential_refused', credential, { instead: 'anonymous' });
    this.#tellUse('passedOver', credential);
  }

  #tellUse(outcome: CredentialUse['outcome'], credential: Credential | undefined): void {
    this.#used?.({ registry: this.#registry, outcome, credential: credential && describeCredential(credential) });
  }

  #tellOnce(level: 'debug' | 'warn', event: string, credential: Credential | undefined, more: object = {}): void {
    const key = `${event} ${credential && accountOf(credential)}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const facts = credential === undefined ? { source: 'anonymous' } : describeCredential(credential);
    this.#logger[level](event, { registry: this.#registry, ...facts, ...more });
  }
}

async function ended(trial: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const listener = (): void => leave();
  throwIfAborted(signal);
  signal?.addEventListener('abort', listener, { once: true });
  await Promise.race([trial, left]);
  signal?.removeEventListener('abort', listener);
  throwIfAborted(signal);
}

/** Equal for equal credentials, and no secret. */
export function accountOf(credential: Credential): string {
  const { source, ...identity } = credential;
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
