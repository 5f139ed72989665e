import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of `src/oci` that are mutated, each with the tests of its own folder. */
export const PARTS = ['spec', 'content', 'cache', 'transport'] as const;

/** One of {@link PARTS}. */
type Part = (typeof PARTS)[number];

/** What became of the mutants of a part. */
export interface Tally {
  readonly part: Part;
  /** ISO date. */
  readonly date: string;
  /** Which mutants: `all`, a share of them, or those of some files. */
  readonly tried: string;
  readonly killed: number;
  /** The tests came to no end with it. */
  readonly timedOut: number;
  readonly survived: number;
  /** Of those that survived: nothing is said of why. */
  readonly unexplained: number;
}

/** A change of the code that no test noticed. */
export interface Survivor {
  /** From the root of the project. */
  readonly file: string;
  /** The line of the code that it begins on, without what is around it. */
  readonly line: string;
  /** What it makes of what, on one line. */
  readonly change: string;
}

/** Survivors that are known, and why they are let live. */
export interface Explained {
  readonly file: string;
  readonly line: string;
  readonly changes: readonly string[];
  /** A sentence. */
  readonly why: string;
}

interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** As much as is read here of https://github.com/stryker-mutator/mutation-testing-elements (the schema of its reports). */
interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly status: string;
          readonly replacement: string;
          readonly location: { readonly start: Position; readonly end: Position };
        }[];
      }
    >
  >;
}

/** What a report of Stryker's says of a part. */
export function readReport(
  path: string,
  { part, tried, date }: Pick<Tally, 'part' | 'tried' | 'date'>,
): { readonly tally: Omit<Tally, 'unexplained'>; readonly survivors: readonly Survivor[] } {
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const mutants = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map(({ status, replacement, location: { start, end } }) => {
      const lines = source.split('\n');
      const rows = lines.slice(start.line - 1, end.line);
      const cut = [...rows.slice(0, -1), (rows.at(-1) ?? '').slice(0, end.column - 1)]
        .join('\n')
        .slice(start.column - 1);
      const change = `${onOneLine(cut)} → ${onOneLine(replacement)}`;
      return { status, survivor: { file, line: (rows[0] ?? '').trim(), change } };
    }),
  );
  const of = (...wanted: readonly string[]): readonly Survivor[] =>
    mutants.flatMap(({ status, survivor }) => (wanted.includes(status) ? [survivor] : []));
  const survivors = of('Survived', 'NoCoverage');
  const [killed, timedOut] = [of('Killed', 'RuntimeError').length, of('Timeout').length];
  return { tally: { part, date, tried, killed, timedOut, survived: survivors.length }, survivors };
}

/** Characters of code that are shown of a change. */
const SHOWN = 80;

function onOneLine(code: string): string {
  const text = code.replace(/\s+/g, ' ').trim();
  if (text === '') return 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** What is said of a survivor; undefined where nothing is. */
export function explanationOf({ file, line, change }: Survivor, known: readonly Explained[]): Explained | undefined {
  return known.find((each) => each.file === file && each.line === line && each.changes.includes(change));
}

/** Explanations of lines that are not there any more: a sentence each. */
export function outdated(known: readonly Explained[], root: string): readonly string[] {
  return known.flatMap(({ file, line }) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.some((each) => each.trim() === line) ? [] : [`${file} has no line ${line}`];
  });
}
