import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Looks for secrets in whatever is shown or kept, however they are written there. */
export class SecretSearch {
  /** Shorter ones turn up by chance. */
  static readonly minLength = 6;
  readonly #spellings = new Map<string, string>();

  /** @param name says which secret was found, in the place of the secret */
  add(name: string, secret: string): void {
    if (secret.length < SecretSearch.minLength) throw new Error(`the secret ${name} is too short to look for`);
    for (const spelling of spellingsOf(secret)) this.#spellings.set(spelling, name);
  }

  /** How many spellings are looked for. */
  get size(): number {
    return this.#spellings.size;
  }

  /** The names of the secrets in a text, each with where it was found. */
  leaksIn(text: string, where: string): readonly string[] {
    const found = [...this.#spellings].filter(([spelling]) => text.includes(spelling));
    return [...new Set(found.map(([, name]) => `${name} in ${where}`))];
  }

  /** The same in every file below a folder, and in the names of the files. Where there is no folder, nothing is. */
  async leaksBelow(folder: string, isLookedAt: (path: string) => boolean = () => true): Promise<readonly string[]> {
    const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
    const leaks = entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!isLookedAt(path)) return [];
      const text = entry.isFile() ? await readFile(path, 'utf8') : '';
      return [...this.leaksIn(entry.name, `the name of ${path}`), ...this.leaksIn(text, path)];
    });
    return (await Promise.all(leaks)).flat();
  }
}

/** As it is, in base64 wherever it begins in what was encoded, as part of an address, of JSON, and in hexadecimal. */
function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2]
    .map((before) => insideBase64(bytes, before))
    .filter((part) => part.length >= SecretSearch.minLength);
  return [
    secret,
    ...base64,
    ...base64.map((part) => part.replaceAll('+', '-').replaceAll('/', '_')),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
  ];
}

/** The part of base64 that follows from these bytes alone, when so many others come before them. */
function insideBase64(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const start = Math.ceil((before * 8) / 6);
  // The last character may hold bits of what comes after.
  return text.slice(start, -1);
}
