// Loads and activates the built extension: `node activationProcess.ts EXTENSION_JS`. Whatever it asks of VS Code is there, and
// does nothing. Sends its figures to whoever started it.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ActivationFigures } from './activation.ts';

/** Can be read, called and made anew, with the same result, and is a list of nothing. */
const anything = `const anything = new Proxy(function () {}, {
  get: (_, name) => (name === Symbol.iterator ? [][name].bind([]) : anything),
  apply: () => anything,
  construct: () => anything,
});`;

/** Names that a file imports from VS Code. */
function namesIn(file: URL): readonly string[] {
  const imports = readFileSync(file, 'utf8').matchAll(/import\s*\{([^}]*)\}\s*from\s*["']vscode["']/g);
  return [...imports].flatMap(([, names = '']) => names.split(',').map((name) => name.trim().split(/\s/)[0] ?? ''));
}

const extension = pathToFileURL(process.argv[2] ?? '');
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: `vscode-for:${context.parentURL}`, format: 'module', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) => {
    if (!url.startsWith('vscode-for:')) return next(url, context);
    const names = new Set(namesIn(new URL(url.slice('vscode-for:'.length))));
    const source = `${anything}\nexport const ${[...names].map((name) => `${name} = anything`).join(', ')};`;
    return { format: 'module', source, shortCircuit: true };
  },
});

const started = performance.now();
const { activate } = (await import(extension.href)) as { activate(context: unknown): unknown };
const loaded = performance.now();
const context = {
  subscriptions: [],
  globalState: { get: () => undefined, keys: () => [] },
  workspaceState: { get: () => undefined, keys: () => [] },
};
activate(context);
const figures: ActivationFigures = { load: loaded - started, activate: performance.now() - loaded };
process.send?.(figures);
process.disconnect?.();
