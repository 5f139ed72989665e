import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pack } from '../../scripts/package.mjs';
import { dist, runProgram } from '../cli/support/binary.ts';
import { makeFolder, removeFolder } from '../support/fileTree.ts';

const root = resolve(import.meta.dirname, '../..');
const MIB = 1024 * 1024;

let folder: string;

beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** What a chunk is called changes with what is in it. */
const withoutHashes = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => name.replace(/(-chunks|chunks)\/.*\.js$/, '$1/*.js'))),
];

async function filesIn(where: string): Promise<readonly string[]> {
  const entries = await readdir(where, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(where.length + 1)).sort();
}

describe('the package for editors', () => {
  let unpacked: string;
  let file: string;

  beforeAll(async () => {
    file = join(folder, 'one.vsix');
    vi.stubEnv('SOURCE_DATE_EPOCH', '1700000000');
    await pack(file);
    unpacked = join(folder, 'vsix');
    await mkdir(unpacked);
    execFileSync('python3', ['-m', 'zipfile', '-e', file, unpacked]);
  }, 60_000);
  afterAll(() => void vi.unstubAllEnvs());

  it('is the same bytes when it is packed again', async () => {
    const again = join(folder, 'two.vsix');
    await pack(again);
    expect((await readFile(again)).equals(await readFile(file))).toBe(true);
  });

  it('holds what people need, and no sources, tests, maps or modules', async () => {
    expect(withoutHashes(await filesIn(unpacked))).toMatchInlineSnapshot(`
      [
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/NOTICE",
        "extension/changelog.md",
        "extension/dist/chunks/*.js",
        "extension/dist/extension.js",
        "extension/dist/overview.css",
        "extension/dist/overview.js",
        "extension/floe-oci.d.ts",
        "extension/l10n/bundle.l10n.de.json",
        "extension/l10n/bundle.l10n.json",
        "extension/media/activity.svg",
        "extension/media/icon.png",
        "extension/media/walkthrough/compare.svg",
        "extension/media/walkthrough/connect.svg",
        "extension/media/walkthrough/inspect.svg",
        "extension/media/walkthrough/pull.svg",
        "extension/media/walkthrough/push.svg",
        "extension/media/walkthrough/signIn.svg",
        "extension/package.json",
        "extension/package.nls.de.json",
        "extension/package.nls.json",
        "extension/readme.md",
        "extension/schemas/compiled_artifacts.hints.schema.json",
        "extension/schemas/compiled_artifacts.schema.json",
        "extension/schemas/image_config.hints.schema.json",
        "extension/schemas/manifest.hints.schema.json",
      ]
    `);
  });

  it('is at most 2 MiB, and 60 KiB of it are loaded when it is activated', async () => {
    expect((await stat(file)).size).toBeLessThan(2 * MIB);
    expect((await stat(join(unpacked, 'extension/dist/extension.js'))).size).toBeLessThan(60 * 1024);
  });

  it('names no folder of the machine that it was made on', async () => {
    const names = (await filesIn(unpacked)).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(names.map((name) => readFile(join(unpacked, name), 'utf8')));
    expect(names.filter((_, index) => texts[index]?.includes(root))).toEqual([]);
  });
});

describe('the package for npm', () => {
  let installed: string;

  beforeAll(async () => {
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: root,
    });
    const [{ filename }] = JSON.parse(packed.toString('utf8'));
    const modules = join(folder, 'consumer/node_modules');
    installed = join(modules, 'floe-oci');
    await mkdir(modules, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', modules]);
    await cp(join(modules, 'package'), installed, { recursive: true });
    // The one dependency it has, and what the consumer below is compiled with.
    for (const name of ['zod', '@types', 'undici-types'])
      await symlink(join(root, 'node_modules', name), join(modules, name));
    await writeFile(join(folder, 'consumer/package.json'), '{"type":"module"}');
  });

  it('holds the command line, the library and the test registry with their types, and no sources, tests or maps', async () => {
    const names = (await filesIn(installed)).map((name) =>
      name.replace(/^dist\/types\/.*\.d\.ts$/, 'dist/types/**.d.ts'),
    );
    expect(withoutHashes(names)).toMatchInlineSnapshot(`
      [
        "CHANGELOG.md",
        "LICENSE",
        "NOTICE",
        "README.md",
        "dist/cli-chunks/*.js",
        "dist/cli.js",
        "dist/floe-oci.cdx.json",
        "dist/index.js",
        "dist/library-chunks/*.js",
        "dist/test-registry.mjs",
        "dist/types/**.d.ts",
        "package.json",
        "schemas/compiled_artifacts.hints.schema.json",
        "schemas/compiled_artifacts.schema.json",
        "schemas/image_config.hints.schema.json",
        "schemas/manifest.hints.schema.json",
      ]
    `);
  });

  it('runs as a command', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const program = join(installed, 'dist/cli.js');
    expect((await runProgram(process.execPath, [program, '--version'], folder)).stdout.toString()).toBe(`${version}\n`);
  });

  it('has a test registry that starts from its one file', async () => {
    const program = join(folder, 'test-registry.mjs');
    await cp(join(installed, 'dist/test-registry.mjs'), program);
    const { code, stdout } = await runProgram(program, ['--list'], folder);
    expect({ code, listed: stdout.toString().includes('  docker-hub\n') }).toEqual({ code: 0, listed: true });
  });

  it('is a library that TypeScript understands in its strictest mode, and that works', async () => {
    const consumer = join(folder, 'consumer');
    await writeFile(join(consumer, 'main.ts'), CONSUMER);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--types', 'node', '--lib', 'esnext'];
    const kind = ['--module', 'nodenext', '--target', 'es2024', '--outDir', 'out'];
    const compiled = await runProgram(process.execPath, [compiler, ...strict, ...kind, 'main.ts'], consumer);
    expect(compiled.stdout.toString()).toBe('');
    const ran = await runProgram(process.execPath, ['out/main.js', join(folder, 'layout')], consumer);
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
    expect(ran.stdout.toString().split('\n')).toEqual(['["1.2.0"]', 'GET /v2/ 401', '']);
  });
});

it('what is built says whose work is in it', async () => {
  const bom = JSON.parse(await readFile(join(dist, 'floe-oci.cdx.json'), 'utf8'));
  const notice = await readFile(join(root, 'NOTICE'), 'utf8');
  const names = bom.components.map(({ group, name }: { group?: string; name: string }) =>
    group === undefined ? name : `${group}/${name}`,
  );
  expect(names).toEqual(expect.arrayContaining(['undici', 'zod', 'yaml', '@azure/identity']));
  expect(names.filter((name: string) => !notice.includes(`${name} `))).toEqual([]);
  expect(bom.components.filter(({ hashes }: { hashes?: unknown }) => hashes === undefined)).toEqual([]);
});

/** Pushes to a layout, lists it, asks a registry, and would not compile without types. */
const CONSUMER = `
import { copy, LayoutStore, MemoryStore, packArtifact, parseTag, type Descriptor, type Tag } from 'floe-oci';
import { PROFILES, startRegistry, withFaults } from 'floe-oci/test-registry';

const memory = new MemoryStore('memory');
const tag: Tag = parseTag('1.2.0');
const manifest = await packArtifact(memory, { artifactType: 'application/vnd.example', layers: [] }, { tags: [tag] });
// @ts-expect-error: a digest is not any text
const wrong: Descriptor = { mediaType: 'text/plain', digest: 'none', size: 1 };
const layout = await LayoutStore.open(process.argv[2] ?? '', { create: true });
await copy(memory, manifest, layout, { tags: [tag] });
const tags: string[] = [];
for await (const found of layout.tags()) tags.push(found);
console.log(JSON.stringify(wrong === undefined ? [] : tags));

await using registry = await startRegistry(withFaults(PROFILES.Harbor.options, ['cut-blob']));
// @ts-expect-error: there is no such fault
const unknown = (): object => withFaults({}, ['cut-everything']);
registry.fail({ times: 0, fault: { kind: 'status', status: 503 } });
const { status } = await fetch(registry.url + '/v2/');
console.log(...registry.lines(), typeof unknown === 'function' ? status : '');
`;
