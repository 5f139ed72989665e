import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import german from '../../l10n/bundle.l10n.de.json' with { type: 'json' };
import english from '../../l10n/bundle.l10n.json' with { type: 'json' };
import packageGerman from '../../package.nls.de.json' with { type: 'json' };
import packageEnglish from '../../package.nls.json' with { type: 'json' };

const src = resolve(import.meta.dirname, '../../src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name === 'extension.ts' || /^views\/.*\.ts$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }));

const STRING = String.raw`'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"`;
const TEMPLATE = String.raw`\`(?:[^\`\\]|\\.)*\``;

/** What a literal in the source says. */
function textOf(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

const placeholdersIn = (text: string): readonly string[] => [...text.matchAll(/\{\d+\}/g)].map(([each]) => each).sort();
const entries: readonly (readonly [english: string, german: string])[] = Object.entries(german);

describe('the texts that the code shows', () => {
  it('are literals, so that they can be found and translated', () => {
    const calls = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\bl10n\.t\(\s*(.{0,20})/g)].map(([, start = '']) => ({ name, start })),
    );
    expect(calls.length).toBeGreaterThan(500);
    expect(calls.filter(({ start }) => !/^['"]/.test(start))).toEqual([]);
  });

  it('are all in l10n/bundle.l10n.json, and nothing else is: npm run docs writes it', () => {
    const texts = sources.flatMap(({ text }) =>
      [...text.matchAll(new RegExp(String.raw`\bl10n\.t\(\s*(${STRING})`, 'g'))].map(([, literal = '']) => literal),
    );
    expect(Object.keys(english).sort()).toEqual([...new Set(texts.map(textOf))].sort());
  });

  it('number their values from 0 on', () => {
    const wrong = Object.keys(english).filter((text) => {
      const places = [...new Set(placeholdersIn(text))];
      return places.some((place, index) => place !== `{${index}}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the German texts', () => {
  it('are there for every text of the code', () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
    expect(entries.filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are there for every text of package.json', () => {
    expect(Object.keys(packageGerman).sort()).toEqual(Object.keys(packageEnglish).sort());
  });

  it('have the same values in them', () => {
    expect(entries.filter(([key, text]) => `${placeholdersIn(key)}` !== `${placeholdersIn(text)}`)).toEqual([]);
  });

  it('lead to the same places as those of package.json', () => {
    const linksIn = (text: string): readonly string[] =>
      [...text.matchAll(/\]\(([^)]+)\)|`#([^`]+)#`/g)].map(([all]) => all);
    const wrong = Object.entries(packageEnglish).filter(([key, text]) => {
      const translated = packageGerman[key as keyof typeof packageGerman] ?? '';
      return `${[...linksIn(text)].sort()}` !== `${[...linksIn(translated)].sort()}`;
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

/** Where text is shown to a person: properties of the editor's own objects, and its messages. */
const SHOWN = [
  String.raw`\b(?:title|placeHolder|placeholder|prompt|label|description|tooltip|detail|spoken|gist|sentence|hint|openLabel|saveLabel):\s*`,
  String.raw`\bshow(?:Error|Information|Warning)Message\(\s*`,
  String.raw`\bsetStatusBarMessage\(\s*`,
  String.raw`\bshow(?:QuickPick|InputBox)\(\s*`,
].join('|');

/** Text that is the same in every language, or is not for the people who use the editor. */
const NOT_TRANSLATED: readonly (readonly [file: RegExp, reason: string])[] = [
  [/^views\/diagnostics\/|^views\/commands\/showDiagnostics\.ts$/, 'a report that is attached to an issue'],
  [/^views\/activity\/activityLog\.ts$/, 'lines of the log'],
  [/^views\/tools\//, 'read by a language model'],
  [/^views\/commands\/snippets\.ts$/, 'names of formats'],
  [/^views\/overview\/page\//, 'draws texts that it is given'],
];

describe('a text that is not translated', () => {
  const translated = sources.filter(({ name }) => !NOT_TRANSLATED.some(([file]) => file.test(name)));

  it('is shown to nobody', () => {
    const found = translated.flatMap(({ name, text }) =>
      [...text.matchAll(new RegExp(`(?:${SHOWN})(?:[^'"\`,(]*[?:]\\s*)?(${STRING}|${TEMPLATE})`, 'g'))]
        .map(([, literal = '']) => literal.slice(1, -1).replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}|\$\([\w~-]+\)/g, ''))
        .filter((literal) => /\p{L}/u.test(literal) && /\s/.test(literal.trim()))
        .map((literal) => `${name}: ${literal}`),
    );
    expect(found).toEqual([]);
  });

  it('is in a file that there is', () => {
    expect(NOT_TRANSLATED.filter(([file]) => !sources.some(({ name }) => file.test(name)))).toEqual([]);
  });
});
