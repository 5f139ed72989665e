import { parseArgs } from 'node:util';
import { PlainError } from '../../scripts/lib/terminal.mjs';

export interface BenchOptions {
  /** Sizes by 64 and a round each: says whether the harness works, and nothing about speed. */
  readonly quick: boolean;
  /** Compares ratios with the landed page instead of writing it. */
  readonly guard: boolean;
  /** How often each client does each job. */
  readonly rounds: number;
  /** Scenarios to run; empty: all of them. */
  readonly only: readonly string[];
  /** Bytes that the sizes in names are divided by. */
  readonly divisor: number;
}

/** An odd number, so that the median is one of the runs. */
const ROUNDS = 5;
const QUICK_DIVISOR = 64;

/** @throws {PlainError} for an unknown option or scenario */
export function parseOptions(argv: readonly string[], scenarios: readonly string[]): BenchOptions {
  const usage = `Usage: npm run bench -- [--quick] [--guard] [--rounds N] [${scenarios.join('|')}]…`;
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
  const { quick, guard, rounds } = parsed.values;
  const count = Number(rounds ?? (quick ? 1 : ROUNDS));
  const unknown = parsed.positionals.find((name) => !scenarios.includes(name));
  if (unknown !== undefined) throw new PlainError(`There is no scenario ${unknown}.\n${usage}`);
  if (!Number.isInteger(count) || count < 1)
    throw new PlainError(`--rounds is not a whole number: ${rounds}\n${usage}`);
  return { quick, guard, rounds: count, only: parsed.positionals, divisor: quick ? QUICK_DIVISOR : 1 };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
      rounds: { type: 'string' },
    },
    allowPositionals: true,
  });
}
