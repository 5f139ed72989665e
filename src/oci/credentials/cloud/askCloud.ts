import { isOciError, throwIfAborted } from '../../errors.ts';
import { missing } from './cloudEnvironment.ts';

/** Long enough for what a cloud says about rights, with the names of the role and the action. */
const MAX_REASON = 400;

/**
 * What may be a secret in a sentence: web tokens, access keys and the secrets that belong to them, and runs of what tokens
 * are made of that are longer than the names of roles and files.
 */
const SECRETS = [
  /\beyJ[\w-]+(?:\.[\w-]*)*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g,
  /\bya29\.[\w.-]+/g,
  /(?<![\w/+=])(?=\S*[0-9])(?=\S*[A-Z])(?=\S*[a-z])[A-Za-z0-9/+=]{40}(?![\w/+=])/g,
  /[A-Za-z0-9+/_=-]{64,}/g,
];

/** Milliseconds. What a cloud has not answered in this time, with the retries of its SDK, it will not answer. */
const TIMEOUT = 60_000;

/**
 * Has a cloud's SDK do something, for a minute at the most. What goes wrong is its code and its message without anything
 * that looks like a secret; the error itself is not kept, because it carries the whole request, with tokens in it.
 * @param reference what stands for the credential in messages
 * @throws OciError MISSING_CREDENTIAL with what the cloud said; CANCELLED; an OciError of `task` as it is
 */
export async function askCloud<T>(
  reference: string,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const ending = AbortSignal.any([signal, late.signal]);
  const timer = setTimeout(() => late.abort(missing(reference, 'the cloud did not answer in a minute')), TIMEOUT);
  // Not every SDK listens to a signal.
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ending.addEventListener('abort', () => reject(ending.reason), { once: true });
  try {
    return await Promise.race([task(ending), ended]);
  } catch (error) {
    throwIfAborted(ending);
    throw isOciError(error) ? error : missing(reference, reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const codes = [codeOf(error), ...causesOf(error).map(codeOf)].filter((code) => code !== undefined);
  const message = hideSecrets(error instanceof Error ? error.message : String(error));
  const [code] = codes.filter((own) => !message.includes(own));
  return code === undefined ? message : `${code}: ${message}`;
}

/** The code of a vendor or of the system, or failing that the name of the error's type. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const own = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return /^(Error|TypeError|AggregateError|GaxiosError)$/.test(own) || !/^[\w.#-]+$/.test(own) ? undefined : own;
}

function causesOf(error: unknown): readonly unknown[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? [] : [cause];
}

function hideSecrets(text: string): string {
  const hidden = SECRETS.reduce((shown, secret) => shown.replace(secret, '***'), text.replace(/\p{C}+/gu, ' ')).trim();
  return hidden.length > MAX_REASON ? `${hidden.slice(0, MAX_REASON)}…` : hidden;
}
