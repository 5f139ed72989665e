// `npm run mutation`: changes src/oci/spec, content, cache and transport in thousands of small ways, one at a time, and looks
// whether the tests of the same folder notice. `npm run mutation -- cache` takes one part, `npm run mutation --
// src/oci/cache/space.ts` some files, `--sample 20 --seed 7` one in five mutants. Parts are written to docs/mutation.md; what
// survives has to be explained in test/mutation/survivors.json.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { main, PlainError, root, run, say } from './lib/terminal.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp({ script: import.meta.url });
  const { PARTS, readReport } = await import('../test/mutation/mutants.ts');
  const { keepTally, known, unexplained, writePage } = await import('../test/mutation/report.ts');
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sample: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
  });
  const sample = Number(values.sample);
  if (!(Number.isInteger(sample) && sample >= 1 && sample <= 100)) {
    throw new PlainError('--sample is a whole number of percent, from 1 to 100.');
  }
  const files = positionals.filter((name) => name.endsWith('.ts'));
  const parts = PARTS.filter(
    (part) =>
      positionals.length === 0 || positionals.includes(part) || files.some((file) => file.startsWith(folderOf(part))),
  );
  if (parts.length === 0) throw new PlainError(`Known parts: ${PARTS.join(', ')}, or files in src/oci/PART.`);

  let count = 0;
  for (const part of parts) {
    const own = files.filter((file) => file.startsWith(folderOf(part)));
    await mutate(part, own.length > 0 ? own : [`${folderOf(part)}**/*.ts`], sample, values.seed);
    const report = path.join(root, 'test-results/mutation', `${part}.json`);
    const tried = sample === 100 ? 'all' : `${sample} % (seed ${values.seed})`;
    const date = new Date().toISOString().slice(0, 10);
    const { tally, survivors } = readReport(report, { part, tried, date });
    const left = unexplained(survivors, known());
    for (const { file, line, change } of left) say(`survived: ${file}\n  ${line}\n  ${change}`);
    say(`${part}: ${tally.killed} killed, ${tally.timedOut} timed out, ${tally.survived} survived`);
    if (own.length === 0) {
      keepTally({ ...tally, unexplained: left.length });
      writePage();
    }
    count += left.length;
  }
  if (count > 0) throw new PlainError(`${count} survived and are not explained in test/mutation/survivors.json.`);
});

/** @param {string} part */
function folderOf(part) {
  return `src/oci/${part}/`;
}

/**
 * @param {string} part
 * @param {readonly string[]} files
 * @param {number} sample
 * @param {string} seed
 */
async function mutate(part, files, sample, seed) {
  const env = {
    ...process.env,
    FLOE_OCI_PART: part,
    FLOE_OCI_MUTATE: files.join(' '),
    ...(sample < 100 && { FLOE_OCI_SAMPLE: String(sample), FLOE_OCI_SAMPLE_SEED: seed }),
  };
  const code = await run(path.join(root, 'node_modules/.bin/stryker'), ['run'], { env });
  if (code !== 0) throw new PlainError(`Stryker ended with exit code ${code}.`);
}
