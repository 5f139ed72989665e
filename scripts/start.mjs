// `npm start`: the main job in the terminal, then a VS Code in the browser with the extension installed.
// With `--once`, or CI in the environment, VS Code is only checked, and the process ends.
import path from 'node:path';
import { cache, main, PlainError, say } from './lib/terminal.mjs';
import { build, pack } from './package.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--once');
  if (unknown.length > 0) throw new PlainError(`Unknown option ${unknown[0]}. Known: --once.`);
  const once = process.argv.includes('--once') || Boolean(process.env['CI']);

  await setUp({ script: import.meta.url, programs: once ? ['chromium'] : [] });
  say('Building and packing the extension …');
  await build();
  const vsix = path.join(cache, 'floe-oci.vsix');
  await pack(vsix);

  const { runMainJob } = await import('./start/mainJob.ts');
  await runMainJob();
  const { checkWindow, serveWindow } = await import('./start/serveWindow.ts');
  await (once ? checkWindow(vsix) : serveWindow(vsix));
});
