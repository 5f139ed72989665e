import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../scripts/lib/terminal.mjs';
import type { Outcome, Verdict } from './survival/attempt.ts';

/** Where tests leave what the page is made of. */
const recordings = path.join(root, 'test-results/interop');

/** What one client made of what another one wrote. */
export interface Cell {
  readonly registry: string;
  /** What was exchanged. */
  readonly kind: string;
  readonly writer: string;
  readonly reader: string;
  /** `same`; `none`: a client has no word for it; else what happened. */
  readonly outcome: string;
}

/** What became of the clients at one registry that behaves otherwise. */
interface SurvivorsRow {
  readonly name: string;
  /** What the registry does, unless the name says it. */
  readonly fact: string;
  readonly cells: readonly {
    readonly client: string;
    /** Whether it came across what is special there. */
    readonly isMet: boolean;
    /** Of what it has words for. */
    readonly outcomes: readonly ({ readonly scenario: string; readonly atBest: Verdict } & Outcome)[];
  }[];
}

/** Who survives what. */
export interface Survivors {
  readonly profiles: readonly SurvivorsRow[];
  readonly faults: readonly SurvivorsRow[];
}

/** What the tests of one file found out. */
export interface Recorded {
  readonly matrix: {
    readonly cells: readonly Cell[];
    /** By client and registry. */
    readonly versions: Readonly<Record<string, string>>;
    /** Why, by what is not on this machine. */
    readonly missing: Readonly<Record<string, string>>;
  };
  readonly survivors: Survivors;
  readonly conformance: { readonly counts: Readonly<Record<string, number>> };
}

export function record<K extends keyof Recorded>(name: K, value: Recorded[K]): void {
  mkdirSync(recordings, { recursive: true });
  writeFileSync(fileOf(name), JSON.stringify(value, null, 2));
}

/** Undefined when that test has not run to its end. */
export function recorded<K extends keyof Recorded>(name: K): Recorded[K] | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(name), 'utf8'));
  } catch {
    return undefined;
  }
}

const fileOf = (name: string): string => path.join(recordings, `${name}.json`);
