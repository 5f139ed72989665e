import { readFileSync } from 'node:fs';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

/** package.json as it is written: texts that people read are keys, as `%category%`. */
export const rawPackageManifest = read('package.json');

/** The texts of package.json in English, by key. */
export const packageTexts = read('package.nls.json') as Readonly<Record<string, string>>;

/** package.json as VS Code reads it in English. */
// biome-ignore lint/suspicious/noExplicitAny: what is in it is what the tests that read it check
export const packageManifest: any = translate(rawPackageManifest, packageTexts);

/** What VS Code makes of package.json with these texts: a string that is `%key%` as a whole becomes the text of that key. */
function translate(value: unknown, texts: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    const key = /^%([\w.-]+)%$/.exec(value)?.[1];
    return key === undefined ? value : (texts[key] ?? value);
  }
  if (Array.isArray(value)) return value.map((item) => translate(item, texts));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, translate(inner, texts)]));
}

/** Keys that package.json refers to. */
export function keysIn(value: unknown): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key ?? '');
}
