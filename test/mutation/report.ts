import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/terminal.mjs';
import { type Explained, explanationOf, PARTS, type Survivor, type Tally } from './mutants.ts';

const folder = join(root, 'test/mutation');
const tallies = join(folder, 'tallies.json');

/** Where the page is, from the root of the project. */
export const PAGE = 'docs/mutation.md';

/** The survivors that are explained. */
export function known(): readonly Explained[] {
  return JSON.parse(readFileSync(join(folder, 'survivors.json'), 'utf8'));
}

/** Those of which nothing is said. */
export function unexplained(survivors: readonly Survivor[], explained: readonly Explained[]): readonly Survivor[] {
  return survivors.filter((survivor) => explanationOf(survivor, explained) === undefined);
}

/** Keeps what became of a part, in the place of what is known of it. */
export function keepTally(tally: Tally): void {
  const kept = [...readTallies().filter(({ part }) => part !== tally.part), tally];
  const inOrder = PARTS.flatMap((part) => kept.filter((each) => each.part === part));
  writeFileSync(tallies, `${JSON.stringify(inOrder, null, 2)}\n`);
}

/** Makes the page anew. */
export function writePage(): void {
  writeFileSync(join(root, PAGE), mutationPage());
}

/** What {@link PAGE} says, of what is kept. */
export function mutationPage(): string {
  const rows = readTallies().map(({ part, date, tried, killed, timedOut, survived, unexplained }) => {
    const all = killed + timedOut + survived;
    const noticed = `${(((killed + timedOut) / all) * 100).toFixed(1)} %`;
    return `| \`src/oci/${part}\` | ${tried} | ${[all, killed, timedOut, survived, unexplained].join(' | ')} | ${noticed} | ${date} |`;
  });
  const survivors = [...Map.groupBy(known(), ({ file }) => file)].map(([file, all]) => sectionOf(file, all));
  return `# Mutation testing

Tests that pass say little about what they would notice. So the parts that everything else relies on are changed in small ways,
one at a time (a condition turned round, a boundary moved by one, a call or a block left out, a regular expression loosened), by
[Stryker](https://stryker-mutator.io), and for each such mutant the tests of the same folder run: those fail that notice it.
Repeat it with

    npm run mutation -- cache

for one part, without a name for all, with the path of a file for that file. It takes a few seconds for each mutant, and is
no part of \`npm test\`: CI does it each night. \`--sample 20\` tries one in five.

| Part | Tried | Mutants | Killed | Timed out | Survived | Unexplained | Noticed | Date |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${rows.join('\n')}

Not counted are texts, of which most are messages, while tests hold on to the codes of errors; nor do those tests take part
that fill a given time with chance (simulations), or run other processes, which no mutant reaches. What survived is one of those
below, each with its reason, or counted as unexplained; a run that leaves one of these fails. A mutant without an effect on what the
code promises is called equivalent.

## Survivors

${survivors.join('\n')}`;
}

function sectionOf(file: string, explained: readonly Explained[]): string {
  const rows = explained.map(({ line, changes, why }) => {
    return `| ${codeOf(line)} | ${changes.map(codeOf).join('<br>')} | ${why} |`;
  });
  return `### ${file}

| Line | Change | Why it lives |
| --- | --- | --- |
${rows.join('\n')}
`;
}

/** Code in the cell of a table. */
function codeOf(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}

function readTallies(): readonly Tally[] {
  return JSON.parse(readFileSync(tallies, 'utf8'));
}
