// `npm run docs`: writes the pages that are made from the code.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { main, root, say } from './lib/terminal.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp({ script: import.meta.url });
  Object.assign(globalThis, { FLOE_OCI_VERSION: '0' });
  const { commandLinePage } = await import('./docs/commandLinePage.ts');
  writeFileSync(path.join(root, 'docs/command-line.md'), commandLinePage());
  say('docs/command-line.md');
});
