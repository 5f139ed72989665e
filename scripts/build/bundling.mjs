/** What every bundle of ours needs besides esbuild's own work. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** CommonJS dependencies look for these at first use; an ES module has none of them. */
export const commonJsNames = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('');

/**
 * Keeps dependencies from changing the process they run in, which in the extension host is shared with every other
 * extension: undici would fill two process-wide dispatcher slots, graceful-fs replaces functions of `fs` and `process`,
 * signal-exit replaces `process.emit` and `process.reallyExit`, zod shares its settings with every other copy of itself, and
 * the AWS SDK leaves an object for the runtime of Lambda.
 */
export const keepProcessUntouched = {
  name: 'keep-process-untouched',
  setup({ onLoad, onResolve }) {
    const stub = (contents) => ({ contents, loader: 'js' });
    onLoad({ filter: /[/\\]undici[/\\]lib[/\\]global\.js$/ }, () => ({
      ...stub(`
        const Agent = require('./dispatcher/agent');
        let dispatcher;
        module.exports = {
          getGlobalDispatcher: () => (dispatcher ??= new Agent()),
          setGlobalDispatcher: (agent) => { dispatcher = agent; },
          installedExports: [],
        };`),
      resolveDir: join(import.meta.dirname, '../../node_modules/undici/lib'),
    }));
    const withGlobals =
      /[/\\](zod[/\\]v4[/\\]core[/\\](core|registries)|@aws[/\\]lambda-invoke-store[/\\].*[/\\]invoke-store)\.js$/;
    onLoad({ filter: withGlobals }, async ({ path }) =>
      stub(`const ownGlobals = {};${(await readFile(path, 'utf8')).replaceAll('globalThis', 'ownGlobals')}`),
    );
    onResolve({ filter: /^graceful-fs$/ }, () => ({ path: 'node:fs', external: true }));
    onResolve({ filter: /^signal-exit$/ }, ({ path }) => ({ path, namespace: 'stub' }));
    onLoad({ filter: /^signal-exit$/, namespace: 'stub' }, () =>
      stub('const onExit = () => () => {}; module.exports = Object.assign(onExit, { onExit });'),
    );
  },
};
