import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

/** Which of our own parts each part may import, besides itself. First match of a file's path decides. */
const ALLOWED: readonly (readonly [part: string, mayImport: readonly string[]])[] = [
  ['oci/errors.ts', []],
  ['oci/lending.ts', []],
  ['oci/telemetry', []],
  ['oci/spec', ['oci/errors.ts']],
  ['oci/files', ['oci/errors.ts', 'oci/lending.ts']],
  ['oci/content', ['oci/spec', 'oci/errors.ts']],
  ['oci/credentials', ['oci/spec', 'oci/files', 'oci/errors.ts', 'oci/telemetry']],
  ['oci/transport', ['oci/credentials', 'oci/spec', 'oci/errors.ts', 'oci/lending.ts', 'oci/telemetry']],
  ['oci/remote', ['oci/transport', 'oci/content', 'oci/spec', 'oci/errors.ts', 'oci/telemetry']],
  ['oci/registries', ['oci/remote', 'oci/transport', 'oci/content', 'oci/spec', 'oci/errors.ts', 'oci/telemetry']],
  ['oci/layout', ['oci/content', 'oci/files', 'oci/spec', 'oci/errors.ts', 'oci/lending.ts', 'oci/telemetry']],
  ['oci/cache', ['oci/layout', 'oci/content', 'oci/files', 'oci/spec', 'oci/errors.ts', 'oci/telemetry']],
  ['oci/transfer', ['oci/content', 'oci/files', 'oci/spec', 'oci/errors.ts', 'oci/lending.ts', 'oci/telemetry']],
  ['oci', ['oci']],
  ['floe', ['oci/index.ts']],
  // Runs in the page, and knows what it is told; of what it may say, only the type.
  ['views/overview/page', ['views/overview/overview.ts', 'views/overview/pageMessage.ts']],
  ['views', ['floe', 'oci/index.ts']],
  ['cli', ['floe', 'oci/index.ts', 'oci/hit.ts']],
  ['extension.ts', ['views', 'floe', 'oci/index.ts']],
  ['index.ts', ['floe', 'oci/index.ts']],
];

/** Modules from outside, and the only places that may import them. */
const CONFINED: readonly (readonly [module: RegExp, onlyIn: RegExp])[] = [
  [/^vscode$/, /^(extension\.ts|views\/(?!overview\/page\/))/],
  [/^@dagrejs\/dagre$/, /^views\/overview\/layoutGraph\.ts$/],
  [/^undici$/, /^oci\/transport\/engines\//],
  [/^(@aws-sdk|@azure|@google-cloud)\/|^google-auth-library$/, /^oci\/credentials\/cloud\//],
  [/^@opentelemetry\//, /^oci\/telemetry\//],
  [/^proper-lockfile$/, /^oci\/layout\/lock\.ts$/],
  [/^node:fs(\/promises)?$/, /^(oci\/(files|layout|credentials|transfer|cache)\/|floe\/|cli\/)/],
  [/^zod(\/.*)?$/, /^(oci|floe|views)\//],
];

/** What other extensions compile against, and we too. */
const PUBLISHED_TYPES = '../floe-oci.d.ts';

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'));
const imports = files.flatMap((from) =>
  [...readFileSync(join(src, from), 'utf8').matchAll(/(?:from\s+|import\s*\(?\s*)'([^']+)'/g)].map(
    ([, to = '']): Import => ({ from, to: to.startsWith('.') ? relative(src, resolve(src, dirname(from), to)) : to }),
  ),
);

const partOf = (file: string): string | undefined => ALLOWED.find(([part]) => isIn(file, part))?.[0];
const isIn = (file: string, part: string): boolean => file === part || file.startsWith(`${part}/`);
const show = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('the import rule', () => {
  it('sees the imports it is about', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it('gives every file a part', () => {
    expect(files.filter((file) => partOf(file) === undefined)).toEqual([]);
  });

  it('lets dependencies point one way only', () => {
    const own = imports.filter(({ to }) => files.includes(to));
    const wrong = own.filter(({ from, to }) => {
      const part = partOf(from) ?? '';
      const allowed = ALLOWED.find(([name]) => name === part)?.[1] ?? [];
      return !isIn(to, part) && !allowed.some((other) => isIn(to, other));
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it('names every relative import with its ending, so that none escapes the check', () => {
    const own = imports.filter(({ to }) => to !== PUBLISHED_TYPES);
    const unknown = own.filter(({ to }) => to.startsWith('.') || (/\.ts$/.test(to) && !files.includes(to)));
    expect(unknown.map(show)).toEqual([]);
  });

  it('keeps outside modules where they belong', () => {
    const wrong = imports.filter(({ from, to }) =>
      CONFINED.some(([module, onlyIn]) => module.test(to) && !onlyIn.test(from)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('has no import cycle', () => {
    const edges = Map.groupBy(
      imports.filter(({ to }) => files.includes(to)),
      ({ from }) => from,
    );
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): readonly string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const { to } of edges.get(file) ?? []) {
        const cycle = walk(to, [...path, file]);
        if (cycle) return cycle;
      }
      done.add(file);
      return undefined;
    };
    expect(files.map((file) => walk(file, [])).find((cycle) => cycle !== undefined)).toBeUndefined();
  });
});

/** More than this is more than one concept, or has a reason that its first line gives. */
const MAX_LINES = 250;
const REASON = /^\/\/ Over 250 lines because .+/;

const EXPORT = /^export (?:async |abstract )*(?:function\*?|class|interface|const|type) (?<name>\w+)/;

describe('each file of src', () => {
  it('has at most 250 lines, or says in its first line why not', () => {
    const long = files.filter((file) => {
      const text = readFileSync(join(src, file), 'utf8');
      return text.split('\n').length - 1 > MAX_LINES && !REASON.test(text);
    });
    expect(long).toEqual([]);
  });

  it('says of everything it exports what that is', () => {
    const undocumented = files.flatMap((file) => {
      const lines = readFileSync(join(src, file), 'utf8').split('\n');
      return lines.flatMap((line, at) => {
        const name = EXPORT.exec(line)?.groups?.['name'];
        const before = lines[at - 1] ?? '';
        // What is overloaded is documented once, above its first form.
        const isDocumented = before.endsWith('*/') || EXPORT.exec(before)?.groups?.['name'] === name;
        return name === undefined || isDocumented ? [] : [`${file}: ${name}`];
      });
    });
    expect(undocumented).toEqual([]);
  });
});
