import { redactText } from '../../oci/index.ts';
import { codeSpan } from '../codeSpan.ts';

/** A fact: what it is about, and what was found; a list is told below it. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly more?: readonly string[];
}

/** A part of the report. */
export interface Section {
  readonly title: string;
  /** What it is about, where its title does not say so. */
  readonly about?: string;
  readonly facts: readonly Fact[];
  /** What is said when there are none. */
  readonly none?: string;
}

/** Longer than any address, shorter than a page of an error. */
const MAX_VALUE = 400;

/**
 * What was found, as Markdown for a bug report: in English, whatever the language of the editor, for whoever reads it there.
 * Everything is redacted once more, is no markup, and does not name the user's home.
 */
export function reportText(title: string, sections: readonly Section[], home: string | undefined): string {
  const shown = (text: string): string => {
    const safe = redactText(text);
    return codeSpan(home === undefined || home.length < 2 ? safe : safe.replaceAll(home, '~'), MAX_VALUE);
  };
  return [
    `# ${title}`,
    ...sections.flatMap(({ title: heading, about, facts, none = 'None.' }) => [
      '',
      about === undefined ? `## ${heading}` : `## ${heading} ${shown(about)}`,
      '',
      ...(facts.length === 0 ? [none] : []),
      ...facts.flatMap(({ name, value, more = [] }) => [
        `- ${name}: ${shown(value)}`,
        ...more.map((line) => `  - ${shown(line)}`),
      ]),
    ]),
    '',
  ].join('\n');
}
