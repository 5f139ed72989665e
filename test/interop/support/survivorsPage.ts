import type { Notes } from './notes.ts';
import type { Survivors } from './recording.ts';

type Row = Survivors['faults'][number];
type Cell = Row['cells'][number];
type Outcome = Cell['outcomes'][number];

const RANKS = ['survived', 'refused', 'wrong'] as const;

/** Who survives what: the part of the page about profiles and faults of the test registry. */
export function survivorsPage({ profiles, faults }: Survivors, notes: Notes): string {
  const clients = (profiles[0] ?? faults[0])?.cells.map(({ client }) => client) ?? [];
  const table = (head: string, rows: readonly string[]) =>
    [line([head, ...clients]), line([head, ...clients].map(() => '---')), ...rows].join('\n');
  return `## Who survives what

The registry of our tests, published as [a kit](test-registry.md), behaves as real registries do (a profile) or goes wrong
(a fault). Every client that is a command line is told to push, pull, list tags over pages, copy, attach, list referrers and
delete a tag, as far as it has words for it. What became of it is seen in the registry, on the disk and in the requests,
whatever the client says:

- survived: what was asked for is done;
- refused: the client ended with an error, and nothing is worse than before;
- wrong: it said that all went well and it did not, its credential went to another origin, it left other bytes under a
  digest, or it had not ended after 90 seconds;
- not met: the client sends no request that would come across it.

### Profiles

A cell counts what ended as well as it can there: where a registry takes no tag away, an error is the best that can be.

${table(
  'profile',
  profiles.map(({ name, cells }) => line([name, ...cells.map((cell) => countOf(cell, notes))])),
)}

### Faults

Where the best that can be is an error, because what is asked for cannot be had, the fault's name is in italics.

${table(
  'fault',
  faults.map(({ name, cells }) => line([nameOf(name, cells), ...cells.map((cell) => verdictOf(cell, notes))])),
)}

${faults
  .filter(({ name }) => !name.includes(', '))
  .map(({ name, fact }) => `- ${name}: ${fact}`)
  .join('\n')}

${notes.text}
`;
}

function countOf({ client, outcomes }: Cell, notes: Notes): string {
  if (outcomes.length === 0) return '–';
  const worse = outcomes.filter(isWorse);
  const count = `${outcomes.length - worse.length} of ${outcomes.length}`;
  const wrong = worse.filter(({ verdict }) => verdict === 'wrong').length;
  return [count, ...(wrong > 0 ? [`(${wrong} wrong)`] : []), ...marksOf(client, worse, notes)].join(' ');
}

function verdictOf({ client, isMet, outcomes }: Cell, notes: Notes): string {
  if (outcomes.length === 0) return '–';
  const worse = outcomes.filter(isWorse);
  const worst = outcomes
    .map(({ verdict }) => verdict)
    .sort((one, other) => RANKS.indexOf(other) - RANKS.indexOf(one))[0];
  if (!isMet && worst !== 'wrong') return 'not met';
  return [worst ?? '', ...marksOf(client, worse, notes)].join(' ');
}

function marksOf(client: string, worse: readonly Outcome[], notes: Notes): readonly string[] {
  return [
    ...new Set(
      worse.map(({ scenario, verdict, said }) =>
        notes.markOf(
          verdict === 'wrong' ? `${client}, ${scenario}: it ${said}.` : `${client}, ${scenario}: \`${said}\``,
        ),
      ),
    ),
  ];
}

function isWorse({ verdict, atBest }: Outcome): boolean {
  return RANKS.indexOf(verdict) > RANKS.indexOf(atBest);
}

function nameOf(name: string, cells: readonly Cell[]): string {
  const isLost = cells.some(({ outcomes }) => outcomes.some(({ atBest }) => atBest === 'refused'));
  return isLost ? `*${name}*` : name;
}

function line(parts: readonly string[]): string {
  return `| ${parts.join(' | ')} |`;
}
