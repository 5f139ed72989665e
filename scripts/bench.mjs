// `npm run bench`: measures the command line beside other clients, prints the tables and writes docs/benchmarks.md.
// With `--quick` sizes are small and nothing is written; names narrow the scenarios, as in `npm run bench -- bulk`.
import path from 'node:path';
import { cache, main, root, say } from './lib/terminal.mjs';
import { build, pack } from './package.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp({ script: import.meta.url, programs: ['docker-registry', 'skopeo', 'time'] });
  say('Building …');
  await build();
  const vsix = path.join(cache, 'floe-oci.vsix');
  await pack(vsix);
  const { runBench } = await import('../test/bench/run.ts');
  await runBench(process.argv.slice(2), { dist: path.join(root, 'dist'), vsix });
});
