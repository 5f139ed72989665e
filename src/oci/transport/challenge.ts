/** A challenge of a `WWW-Authenticate` header that we can answer, or the name of one that we cannot. */
export type Challenge = BearerChallenge | BasicChallenge | OtherChallenge;

/** https://distribution.github.io/distribution/spec/auth/token/ */
export interface BearerChallenge {
  readonly scheme: 'bearer';
  /** Address of the token server as sent: absolute, or relative to the request. */
  readonly realm: string;
  readonly service?: string;
  /** Resource scopes, one each, as sent; none for `scope=""`. */
  readonly scopes: readonly string[];
  /** `invalid_token`, `insufficient_scope`. */
  readonly error?: string;
}

/** Asks for user name and password. https://www.rfc-editor.org/rfc/rfc7617 */
export interface BasicChallenge {
  readonly scheme: 'basic';
  readonly realm?: string;
}

interface OtherChallenge {
  readonly scheme: 'other';
  /** Lower case: `negotiate`, `digest`. */
  readonly name: string;
}

/** Far beyond any real header; what is longer is not worth reading. */
const MAX_LENGTH = 16 * 1024;

/**
 * Reads `WWW-Authenticate` leniently, for registries do not keep to RFC 9110 section 11: schemes in any case, values
 * with or without quotes, several challenges in one line or in lines joined by commas. What cannot be read is left out;
 * the rest stands. In the order sent.
 */
export function parseChallenges(header: string | undefined): readonly Challenge[] {
  const scanner = new Scanner((header ?? '').slice(0, MAX_LENGTH));
  const found: { name: string; parameters: Map<string, string[]> }[] = [];
  while (scanner.skip()) {
    const token = scanner.token();
    const current = found.at(-1);
    if (token === '') scanner.drop();
    else if (!scanner.equals()) found.push({ name: token, parameters: new Map() });
    else {
      const value = scanner.value();
      const values = current?.parameters.get(token);
      if (values) values.push(value);
      else current?.parameters.set(token, [value]);
    }
  }
  return found.flatMap(({ name, parameters }) => challengeOf(name, parameters) ?? []);
}

/** The one to answer: Bearer before Basic, because a registry that offers both wants tokens. */
export function answerable(challenges: readonly Challenge[]): BearerChallenge | BasicChallenge | undefined {
  return (
    challenges.find((challenge) => challenge.scheme === 'bearer') ??
    challenges.find((challenge) => challenge.scheme === 'basic')
  );
}

/** A Bearer challenge without realm says where no token is to be had, so it is none. */
function challengeOf(name: string, parameters: ReadonlyMap<string, readonly string[]>): Challenge | undefined {
  const first = (key: string): string | undefined => parameters.get(key)?.[0];
  const [realm, service, error] = [first('realm'), first('service'), first('error')];
  if (name === 'basic') return { scheme: 'basic', ...(realm !== undefined && { realm }) };
  if (name !== 'bearer') return { scheme: 'other', name };
  if (!realm) return undefined;
  const scopes = [...new Set((parameters.get('scope') ?? []).flatMap((scope) => scope.split(/\s+/)))];
  return {
    scheme: 'bearer',
    realm,
    scopes: scopes.filter((scope) => scope !== ''),
    ...(service && { service }),
    ...(error && { error }),
  };
}

/** RFC 9110, section 5.6.2 */
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]*/y;
const SPACE = /[ \t]*/y;
const NEXT_PARAMETER = /[ \t]+[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=/y;

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Moves over what separates; whether anything is left. */
  skip(): boolean {
    while (this.#at < this.#text.length && ' \t,'.includes(this.#char())) this.#at++;
    return this.#at < this.#text.length;
  }

  /** Lower case, because scheme and parameter names ignore case; empty when there is none. */
  token(): string {
    return this.#take(TOKEN).toLowerCase();
  }

  /** Moves over `=` and spaces around it, if it is there. */
  equals(): boolean {
    const start = this.#at;
    this.#take(SPACE);
    if (this.#char() === '=') {
      this.#at++;
      this.#take(SPACE);
      return true;
    }
    this.#at = start;
    return false;
  }

  value(): string {
    return this.#char() === '"' ? this.#quoted() : this.#unquoted();
  }

  /** Moves to the next comma. */
  drop(): void {
    const comma = this.#text.indexOf(',', this.#at);
    this.#at = comma < 0 ? this.#text.length : comma;
  }

  /** Without its closing quote it ends where the header ends. */
  #quoted(): string {
    let value = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      if (this.#char() === '"') break;
      if (this.#char() === '\\') this.#at++;
      value += this.#char();
    }
    this.#at++;
    return value;
  }

  /** Up to a comma or the next `name=`: unquoted realms hold spaces and whole addresses. */
  #unquoted(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && this.#char() !== ',') {
      NEXT_PARAMETER.lastIndex = this.#at;
      if (NEXT_PARAMETER.test(this.#text)) break;
      if (this.#take(SPACE) === '') this.#at++;
    }
    return this.#text.slice(start, this.#at).trim();
  }

  #char(): string {
    return this.#text[this.#at] ?? '';
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [taken = ''] = pattern.exec(this.#text) ?? [];
    this.#at += taken.length;
    return taken;
  }
}
