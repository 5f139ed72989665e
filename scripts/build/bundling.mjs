/** What every bundle of ours needs besides esbuild's own work. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** CommonJS dependencies look for these at first use; an ES module has none of them. Some declare one of them as well. */
export const commonJsNames = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'var require = __createRequire(import.meta.url);',
  'var __filename = __fileURLToPath(import.meta.url);',
  "var __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('');

/** Takes {@link commonJsNames} out of a file that uses none of them; lines stay where they are. */
export async function leaveOutNames(file) {
  const text = await readFile(file, 'utf8');
  const rest = text.slice(commonJsNames.length);
  if (!text.startsWith(commonJsNames) || /\b(require|__filename|__dirname)\b/.test(rest)) return;
  await writeFile(file, rest);
}

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

/**
 * Of undici, what src/oci/transport/engines/undici.ts uses, and each part of that when it is used: the rest, such as WebSocket,
 * mocks and caches, takes longer to load than a request to answer. HTTP/2 is off, and a proxy is the exception.
 */
export const leastOfUndici = {
  name: 'least-of-undici',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]undici[/\\]index\.js$/ }, () => ({
      contents: `
        const { prototype } = require('./lib/dispatcher/dispatcher');
        prototype.connect = function (...args) { return require('./lib/api/api-connect').apply(this, args); };
        module.exports = {
          get Agent() { return require('./lib/dispatcher/agent'); },
          get Pool() { return require('./lib/dispatcher/pool'); },
          get ProxyAgent() { return require('./lib/dispatcher/proxy-agent'); },
          get buildConnector() { return require('./lib/core/connect'); },
        };`,
      loader: 'js',
    }));
    onLoad({ filter: /[/\\]undici[/\\]lib[/\\]dispatcher[/\\]client\.js$/ }, async ({ path }) => ({
      contents: replaceOne(
        await readFile(path, 'utf8'),
        "const connectH2 = require('./client-h2.js')",
        "const connectH2 = (...args) => require('./client-h2.js')(...args)",
      ),
      loader: 'js',
    }));
  },
};

/**
 * Modules of Node's own at the first use of one of their names. To an `import`, Node shows all names of such a module at once,
 * which loads whatever is behind them: a second undici behind `http`, all of web cryptography behind `crypto`. Not for the
 * extension, whose host changes some of these modules for it.
 */
export const builtinsAtFirstUse = {
  name: 'builtins-at-first-use',
  setup({ onLoad, onResolve }) {
    // What it does not have itself would be missing in the bundle.
    if (!('getCACertificates' in process.getBuiltinModule('node:tls'))) {
      throw new Error(`Node ${process.versions.node} is too old to build with; "npm run build" finds the right one.`);
    }
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined,
    );
    // As its prototype has the names, they need not be copied for each file that imports some of them.
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `
        let builtin;
        const load = () => (builtin ??= process.getBuiltinModule(${JSON.stringify(path)}));
        const names = {};
        for (const name of ${JSON.stringify(Object.keys(process.getBuiltinModule(path)))}) {
          Object.defineProperty(names, name, { get: () => load()[name] });
        }
        module.exports = Object.create(names);`,
      loader: 'js',
    }));
  },
};

/** @throws Error when it is not there exactly once: the dependency has changed */
function replaceOne(text, old, replacement) {
  if (text.split(old).length !== 2) throw new Error(`The bundle relies on ${old}`);
  return text.replace(old, () => replacement);
}
