import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/terminal.mjs';
import { goPrograms } from '../../scripts/peers/releases.ts';
import { reasonOf } from './support/knownDifferences.ts';
import { Notes } from './support/notes.ts';
import { type Cell, recorded } from './support/recording.ts';
import { survivorsPage } from './support/survivorsPage.ts';

const page = path.join(root, 'docs/interoperability.md');

/**
 * Writes `docs/interoperability.md` from what the tests have left.
 *
 * @returns the file; undefined when they have not run to their end
 */
export function writeReport(): string | undefined {
  const matrix = recorded('matrix');
  const conformance = recorded('conformance');
  const survivors = recorded('survivors');
  if (matrix === undefined) return undefined;
  const { cells, versions, missing } = matrix;
  const notes = new Notes();
  const tables = [...Map.groupBy(cells, ({ registry }) => registry)].map(([registry, all]) =>
    table(registry, all, notes),
  );
  const counts = conformance?.counts;
  const registries = [...new Set(cells.map(({ registry }) => registry))].map((name) =>
    name === 'distribution 3' ? `distribution ${goPrograms.distribution.version}` : name,
  );
  const kinds = [...new Set(cells.map(({ kind }) => kind))];
  writeFileSync(
    page,
    `# Interoperability

Each client writes to each registry, and every client reads what each of them wrote:
${kinds.join(', ')}.
What was written is fetched without any client and compared byte for byte; what was read is compared byte for byte on the
disk. Repeat it with

    npm run test:interop

which writes this page; it builds the other clients and registries with Go, and needs \`python3\` with \`venv\` for oras-py.

- ${new Date().toISOString().slice(0, 10)}
- clients: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}
- registries: ${registries.join(', ')}; the last one has all that the specification has
${Object.entries(missing)
  .map(([name, reason]) => `- not there, and so left out: ${name} (${reason})\n`)
  .join('')}
Rows write, columns read. A cell counts the kinds that arrived the same, of those that both clients have a word for: crane
and skopeo move no files and list no referrers, oras-py lists none.

${tables.join('\n')}
${notes.text}
${survivors === undefined ? '' : survivorsPage(survivors, new Notes(notes.count + 1))}## Conformance

${
  counts === undefined
    ? 'The conformance suite was not there.'
    : `The registry of our tests passes the conformance suite of the distribution spec: ${counts['tests']} cases, ${counts['failures']} failures,
${counts['skipped']} skipped.`
}
The contract of a store, of a list of referrers and of a place to delete from, which every store of this project keeps, is run
against the registries of others by the same command, and against our own by \`npm test\`.
`,
  );
  return path.relative(root, page);
}

function table(registry: string, cells: readonly Cell[], notes: Notes): string {
  const clients = [...new Set(cells.map(({ writer }) => writer))];
  const line = (parts: readonly string[]) => `| ${parts.join(' | ')} |`;
  const rows = clients.map((writer) => {
    const own = clients.map((reader) =>
      cellOf(
        cells.filter((one) => one.writer === writer && one.reader === reader),
        notes,
      ),
    );
    return line([writer, ...own]);
  });
  return [`## ${registry}`, '', line(['', ...clients]), line(clients.map(() => '---').concat('---')), ...rows, ''].join(
    '\n',
  );
}

/** `6 of 7 ¹`: of what both clients have a word for. */
function cellOf(cells: readonly Cell[], notes: Notes): string {
  const tried = cells.filter(({ outcome }) => outcome !== 'none');
  if (tried.length === 0) return '–';
  const same = tried.filter(({ outcome }) => outcome === 'same').length;
  const marks = tried
    .filter(({ outcome }) => outcome !== 'same')
    .map((cell) => notes.markOf(reasonOf(cell) ?? `${cell.kind}: ${cell.outcome}`));
  return [`${same} of ${tried.length}`, ...new Set(marks)].join(' ');
}
