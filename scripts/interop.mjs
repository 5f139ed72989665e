// `npm run test:interop`: this project's client with those of others, in the registries of others, and our test registry
// under the conformance suite. Writes docs/interoperability.md. Arguments narrow the test files; then nothing is written.
import path from 'node:path';
import { main, PlainError, root, run, say } from './lib/terminal.mjs';
import { build } from './package.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp({ script: import.meta.url, programs: ['docker-registry', 'skopeo'] });
  say('Building …');
  await build();
  const files = process.argv.slice(2);
  const vitest = path.join(root, 'node_modules/.bin/vitest');
  const code = await run(vitest, ['run', '--config', 'vitest.interop.config.ts', ...files]);
  if (code !== 0) throw new PlainError('Some exchange is not as it is known to be; see above.');
  const { writeReport } = await import('../test/interop/report.ts');
  if (files.length === 0) say(`Written to ${writeReport()}.`);
});
