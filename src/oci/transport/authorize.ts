import type { Credential } from '../credentials/credentials.ts';
import { answerable, type BearerChallenge, parseChallenges } from './challenge.ts';
import { isRegistryUrl } from './origin.ts';
import { expiryIn, held, unexpired } from './refusal.ts';
import { type Access, accessOf, coversScopes, extendScopes } from './scope.ts';
import { type Authorization, SignIn, type SignInOptions } from './signIn.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';

/** Remembered token refused, then bare to hear the challenge again, then with a fresh token: that is as far as it goes. */
const MAX_SENDS = 3;

/** The address that answers for the whole API. https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#determining-support */
const ROOT = '/v2/';

/** One logical request on its way. */
interface Attempt {
  readonly url: URL;
  readonly access: Access;
  readonly signal: AbortSignal | undefined;
  readonly isUpload: boolean;
  /** A password is sent before anybody asks for it. */
  readonly isApi: boolean;
  /** It was sent without authorization. */
  wasBare: boolean;
  /** A credential that the registry refused, before the request was repeated without. */
  dropped?: Credential;
}

/**
 * Answers the registry's challenges: Basic with the credential, Bearer with a token from the token server, which gets
 * the credential, or nothing when there is none. Nothing is sent unasked; once the registry has asked, later requests
 * carry the answer at once. Tokens are shared by requests that need the same. How a registry wants to be answered is
 * remembered apart for its repositories and for everything else: some want Basic for the catalog and tokens for content.
 *
 * A 401 that cannot be answered, or that follows the answer, is returned as it is: the registry knows best why. A
 * credential that was refused is not sent again for a while, so that no account is locked; content that is public is read
 * without it. Nothing is sent to any other host, and nothing over http once https was used.
 *
 * @throws OciError UNAUTHORIZED, DENIED, REDIRECT_REFUSED and more from the token server; what the credential source throws
 */
export function authorized(inner: Transport, options: SignInOptions): Transport {
  const authorizer = new Authorizer(inner, options);
  return { send: (request, sendOptions) => authorizer.send(request, sendOptions), close: () => inner.close() };
}

class Authorizer {
  readonly #inner: Transport;
  readonly #registry: string;
  readonly #signIn: SignIn;
  /** Scopes by what was asked for when the registry named them. */
  readonly #learned = new Map<string, readonly string[]>();
  /** How the registry last wanted to be answered, by area. */
  readonly #schemes = new Map<string, 'basic' | BearerChallenge>();
  #origin: string | undefined;

  constructor(inner: Transport, options: SignInOptions) {
    this.#inner = inner;
    this.#registry = options.registry;
    this.#signIn = new SignIn(options);
  }

  async send(request: HttpRequest, options: SendOptions = {}): Promise<HttpResponse> {
    if (!this.#isOwn(request.url)) return this.#inner.send(request, options);
    const { url, body } = request;
    const { signal, isApi = false } = options;
    const isUpload = body !== undefined && body.size > 0 && !url.pathname.includes('/manifests/');
    const attempt: Attempt = { url, access: accessOf(request), signal, isUpload, isApi, wasBare: false };
    let sent = await this.#remembered(attempt);
    for (let sends = 1; ; sends++) {
      attempt.wasBare ||= sent === undefined;
      const headers = { ...request.headers, ...(sent && { authorization: sent.header }) };
      const answer = await this.#inner.send({ ...request, headers }, options).catch((error: unknown) => {
        if (sent?.scheme === 'basic') this.#signIn.undecided(sent.credential);
        throw error;
      });
      const isOwn = answer.url.origin === request.url.origin;
      const { response, hasExpired } = isOwn && sent?.scheme === 'basic' ? await expiryIn(answer) : unexpired(answer);
      if (!isOwn || (response.status !== 401 && !hasExpired)) {
        this.#conclude(response, attempt, sent);
        return response;
      }
      this.#refused(response, attempt, sent);
      const refusal = await held(response);
      const isLast = sends === MAX_SENDS;
      const next = await (hasExpired
        ? this.#renew(attempt, sent, isLast)
        : this.#answer(refusal, attempt, sent, isLast));
      if (next === 'none') {
        // What the token server said of the credential explains more than that content is not public.
        if (sent?.scheme === 'bearer' && sent.instead !== undefined) throw sent.instead.error;
        return refusal;
      }
      sent = next;
    }
  }

  #isOwn(url: URL): boolean {
    if (!isRegistryUrl(this.#registry, url)) return false;
    this.#origin ??= url.origin;
    return this.#origin === url.origin;
  }

  /** What worked before for a request like this. A token that has run out is minted anew before it is refused. */
  async #remembered(attempt: Attempt): Promise<Authorization | undefined> {
    const { access, url, isApi } = attempt;
    if (isApi) return this.#signIn.basic(attempt);
    // A root that wants Basic speaks for what nobody has asked for yet.
    const inherited = this.#schemes.get(ROOT) === 'basic' ? 'basic' : undefined;
    const scheme = this.#schemes.get(areaOf(attempt)) ?? inherited;
    if (scheme === undefined) return undefined;
    if (scheme === 'basic') return this.#signIn.basic(attempt);
    const learned = this.#learned.get(access.key);
    const scopes = learned ?? access.scopes;
    if (scopes.length === 0 && learned === undefined) return undefined;
    const known = this.#signIn.known(scopes);
    if (known !== undefined || learned === undefined) return known;
    return this.#signIn.bearer({ ...attempt, challengedAt: url, challenge: scheme, scopes });
  }

  /** What to send next after a refusal: `undefined` is a request without authorization, `none` is giving up. */
  async #answer(
    refusal: HttpResponse,
    attempt: Attempt,
    sent: Authorization | undefined,
    isLast: boolean,
  ): Promise<Authorization | undefined | 'none'> {
    const challenge = challengeOf(refusal);
    if (isLast || sent?.scheme === 'static') return 'none';
    const isStale = sent?.scheme === 'bearer' && !sent.isFresh;
    // Harbor answers Basic to any refused token, though it wants tokens, and Google nothing: a bare request hears what
    // is really wanted.
    if (challenge?.scheme !== 'bearer' && sent?.scheme === 'bearer') return isStale ? undefined : 'none';
    if (challenge === undefined) return 'none';
    if (challenge.scheme === 'basic') return this.#answerBasic(attempt, sent);
    return this.#answerBearer(refusal.url, challenge, attempt, sent);
  }

  /** The source is asked again each time, so that a credential corrected meanwhile gets its chance. */
  async #answerBasic(attempt: Attempt, sent: Authorization | undefined): Promise<Authorization | undefined | 'none'> {
    if (sent?.scheme === 'basic' && attempt.access.isPull && !attempt.wasBare) {
      attempt.dropped = sent.credential;
      return undefined;
    }
    const next = await this.#signIn.basic(attempt);
    if (next === undefined) return 'none';
    this.#schemes.set(areaOf(attempt), 'basic');
    return next;
  }

  /** Another credential than the one that has run out, if the source has one. */
  async #renew(
    attempt: Attempt,
    sent: Authorization | undefined,
    isLast: boolean,
  ): Promise<Authorization | undefined | 'none'> {
    const next = isLast ? undefined : await this.#signIn.basic(attempt);
    if (next?.scheme !== 'basic') return 'none';
    if (next.header === sent?.header) {
      this.#signIn.undecided(next.credential);
      return 'none';
    }
    this.#schemes.set(areaOf(attempt), 'basic');
    return next;
  }

  async #answerBearer(
    challengedAt: URL,
    challenge: BearerChallenge,
    attempt: Attempt,
    sent: Authorization | undefined,
  ): Promise<Authorization | 'none'> {
    const { access } = attempt;
    const had = sent?.scheme === 'bearer' ? sent.token.scopes : [];
    const named = challenge.scopes.length > 0 ? challenge.scopes : access.scopes;
    const scopes = extendScopes(named, [...access.scopes, ...had]);
    if (sent?.scheme === 'bearer' && sent.isFresh && coversScopes(had, scopes)) return 'none';
    // Somebody else may have fetched one while this request was under way without.
    const known = this.#signIn.known(scopes);
    const next = known ?? (await this.#signIn.bearer({ ...attempt, challengedAt, challenge, scopes }));
    this.#schemes.set(areaOf(attempt), challenge);
    this.#learned.set(access.key, scopes);
    return next;
  }

  /** What was sent is not what the registry wants: a token is of no use any more, a password may be wrong. */
  #refused(response: HttpResponse, attempt: Attempt, sent: Authorization | undefined): void {
    if (sent?.scheme === 'bearer') this.#signIn.drop(sent.token);
    if (sent?.scheme !== 'basic') return;
    // Where it wants tokens instead, it has not said what it thinks of the password.
    if (challengeOf(response)?.scheme === 'bearer') this.#signIn.undecided(sent.credential);
    else this.#signIn.refused(sent.credential);
    this.#schemes.delete(areaOf(attempt));
    this.#schemes.delete(ROOT);
  }

  /** The answer is in, and it is no refusal. */
  #conclude({ status }: HttpResponse, { dropped }: Attempt, sent: Authorization | undefined): void {
    if (sent?.scheme === 'basic') {
      // Whoever is too busy may not have looked at it.
      if (status === 429 || status >= 500) this.#signIn.undecided(sent.credential);
      else this.#signIn.accepted(sent.credential);
    }
    const passedOver = sent?.scheme === 'bearer' ? sent.instead?.credential : sent === undefined ? dropped : undefined;
    if (passedOver !== undefined) this.#signIn.passedOver(passedOver);
  }
}

function challengeOf({ headers }: HttpResponse): ReturnType<typeof answerable> {
  return answerable(parseChallenges(headers.get('www-authenticate')));
}

/** Where one answer to challenges holds: all content, or one address of the registry itself. */
function areaOf({ access, url }: Attempt): string {
  return access.repository === undefined ? url.pathname : 'content';
}
