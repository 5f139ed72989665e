/** What stands where a secret, or what may be one, was. */
export const HIDDEN = '***';

/** Characters. Shorter secrets are words that a text has by chance, and hiding those would tell more than it hides. */
const MIN_LENGTH = 8;
/** Secrets, those that were sent last: every repository has tokens of its own, and old ones have ended. */
const MAX_KEPT = 64;

/** How each may be written; in the order in which they were sent. */
const kept = new Map<string, readonly string[]>();

/** This is sent as a secret: who gets it may repeat it in any words, which must not be shown. */
export function noteSent(secret: string): void {
  const spellings = kept.get(secret) ?? spellingsOf(secret);
  if (spellings.length === 0) return;
  kept.delete(secret);
  kept.set(secret, spellings);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** The same of what an `Authorization` header has in it; of a password by itself, too. */
export function noteAuthorization(header: string | undefined): void {
  const [, scheme = '', value] = /^(\S+) +(.+)$/.exec(header ?? '') ?? [];
  if (value === undefined) return;
  noteSent(value);
  if (scheme.toLowerCase() !== 'basic') return;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  noteSent(pair.slice(pair.indexOf(':') + 1));
}

/** A text without the secrets that were sent, however they are spelled in it. */
export function withoutSent(text: string): string {
  let shown = text;
  for (const spellings of kept.values()) {
    for (const spelling of spellings) if (shown.includes(spelling)) shown = shown.replaceAll(spelling, HIDDEN);
  }
  return shown;
}

/** Whether a part of an address has such a secret in it once it is decoded, whichever of its characters are encoded. */
export function hasSentIn(encoded: string): boolean {
  if (kept.size === 0) return false;
  const bytes = (run: string): Buffer => Buffer.from(run.replaceAll('%', ''), 'hex');
  const decoded = encoded.replace(/(?:%[0-9a-f]{2})+/gi, (run) => bytes(run).toString('utf8'));
  return [decoded, decoded.replaceAll('+', ' ')].some((text) => withoutSent(text) !== text);
}

/** As it is, as part of an address, of a form, of JSON, in hexadecimal, and in base64 wherever it begins in what was encoded. */
function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2].map((before) => insideBase64(bytes, before));
  const spellings = [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ s: secret }).toString().slice('s='.length),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return secret.length < MIN_LENGTH ? [] : [...new Set(spellings)];
}

/** The part of base64 that follows from these bytes alone, when so many others come before them. */
function insideBase64(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  // Six bits a character: the first ones have bits of what comes before, the last may have some of what comes after.
  return text.slice(Math.ceil((before * 8) / 6), -1);
}
