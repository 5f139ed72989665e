/** NOTICE: whose work is in what we publish, and on which terms. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where a README keeps the licence itself: from a heading of that name to the next one, or to the end. */
const SECTION = /^(?:#+ licen[cs]e|licen[cs]e\n-+)\n([\s\S]*?)(?=\n#|$(?![\s\S]))/im;

/** A licence, and what the Apache licence calls a notice, which has to be passed on as well. */
const TERMS = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * The text of NOTICE.
 *
 * @param {readonly import('./parts.mjs').Part[]} parts
 * @param {string} root
 * @throws Error when a package comes without the text of its licence
 */
export async function noticeOf(parts, root) {
  const terms = await Promise.all(parts.map((part) => termsOf(part, root)));
  /** @type {Map<string, string[]>} parts by the text that they share */
  const sharers = new Map();
  for (const [index, part] of parts.entries()) {
    const text = terms[index] ?? '';
    sharers.set(text, [...(sharers.get(text) ?? []), `${part.name} ${part.version} (${part.license})`]);
  }
  const sections = [...sharers].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return [HEAD, ...sections].join(`\n${'─'.repeat(80)}\n\n`);
}

const HEAD = `Floe OCI
Licensed under the Apache License, Version 2.0; the text is in LICENSE.

It contains software of others, listed below with the terms under which it is passed on.
`;

async function termsOf(
  /** @type {import('./parts.mjs').Part} */ { name, license, folder },
  /** @type {string} */ root,
) {
  const files = (await readdir(path.join(root, folder))).filter((file) => TERMS.test(file)).sort();
  if (files.length === 0 && license === 'Apache-2.0') return 'The text of this licence is in LICENSE.';
  if (files.length === 0) return sectionOf(name, await readFile(path.join(root, folder, 'README.md'), 'utf8'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(root, folder, file), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
}

/** @throws Error when there is no licence in it */
function sectionOf(/** @type {string} */ name, /** @type {string} */ readme) {
  const section = SECTION.exec(readme.replaceAll('\r\n', '\n'))?.[1]?.trim();
  if (section === undefined || section === '') throw new Error(`${name} comes without the text of its licence`);
  return section;
}
