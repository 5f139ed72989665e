import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noticeOf } from '../../scripts/build/notice.mjs';
import { partsOf } from '../../scripts/build/parts.mjs';
import { sbomOf } from '../../scripts/build/sbom.mjs';
import { makeFolder, removeFolder } from '../support/fileTree.ts';

let root: string;

beforeEach(async () => {
  root = await makeFolder();
});
afterEach(() => removeFolder(root));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

const describePackage = (name: string, version: string, license: string | undefined): string =>
  JSON.stringify({ name, version, ...(license !== undefined && { license }) });
const bundled = (...inputs: readonly string[]) => [{ inputs: Object.fromEntries(inputs.map((input) => [input, {}])) }];

describe('the parts of a bundle', () => {
  it('are the packages whose files are in it, also inside of others, each once', async () => {
    await write({
      'node_modules/one/package.json': describePackage('one', '1.0.0', 'MIT'),
      'node_modules/one/node_modules/@group/two/package.json': describePackage('@group/two', '2.0.0', 'ISC'),
      'node_modules/three/package.json': describePackage('three', '3.0.0', 'MIT'),
    });
    const metafiles = bundled(
      'src/main.ts',
      'node_modules/one/index.js',
      'node_modules/one/lib/more.js',
      'node_modules/one/node_modules/@group/two/index.js',
      'builtin:node:fs',
      'stub:node_modules/three/index.js',
    );
    const parts = await partsOf([...metafiles, ...metafiles], root);
    expect(parts.map(({ name, version, license }) => [name, version, license])).toEqual([
      ['@group/two', '2.0.0', 'ISC'],
      ['one', '1.0.0', 'MIT'],
      ['three', '3.0.0', 'MIT'],
    ]);
  });

  it('are refused without a licence', async () => {
    await write({ 'node_modules/one/package.json': describePackage('one', '1.0.0', undefined) });
    await expect(partsOf(bundled('node_modules/one/index.js'), root)).rejects.toThrow('does not say its licence');
  });
});

describe('the notice', () => {
  const part = (name: string, license = 'MIT') => ({ name, version: '1.0.0', license, folder: `node_modules/${name}` });

  it('passes on licences and notices, once for all who share a text', async () => {
    await write({
      'node_modules/one/LICENSE': 'do as you like\r\n',
      'node_modules/two/license.md': 'do as you like',
      'node_modules/three/LICENCE.txt': 'name me',
      'node_modules/three/NOTICE': 'I am three',
    });
    const text = await noticeOf([part('one'), part('three'), part('two')], root);
    expect(text).toContain('one 1.0.0 (MIT)\ntwo 1.0.0 (MIT)\n\ndo as you like\n');
    expect(text).toContain('three 1.0.0 (MIT)\n\nname me\n\nI am three\n');
    expect(text.match(/do as you like/g)).toHaveLength(1);
  });

  it('finds a licence in a README, up to the next heading', async () => {
    await write({ 'node_modules/one/README.md': '# One\n\nLicense\n-------\n\n(MIT) me\n\n# More\nno\n' });
    expect(await noticeOf([part('one')], root)).toMatch(/\(MIT\) me\n$/);
  });

  it('refers to our own copy of the Apache licence, and lets nothing else go without a text', async () => {
    await write({ 'node_modules/one/README.md': '# One\n' });
    expect(await noticeOf([part('one', 'Apache-2.0')], root)).toContain('in LICENSE.');
    await expect(noticeOf([part('one')], root)).rejects.toThrow('one comes without the text of its licence');
  });
});

it('the bill of materials has each part with its licence, its address as a package and what the lockfile says of it', async () => {
  const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
  await write({
    'package.json': describePackage('floe-oci', '9.9.9', 'Apache-2.0'),
    'package-lock.json': JSON.stringify({ packages: { 'node_modules/@group/two': { integrity } } }),
  });
  const parts = [
    { name: '@group/two', version: '2.0.0', license: 'MIT', folder: 'node_modules/@group/two' },
    { name: 'both', version: '1.0.0', license: '(MIT OR Apache-2.0)', folder: 'node_modules/both' },
  ];
  const text = await sbomOf(parts, root);
  expect(await sbomOf(parts, root)).toBe(text);
  expect(JSON.parse(text)).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { name: 'floe-oci', version: '9.9.9', licenses: [{ license: { id: 'Apache-2.0' } }] } },
    components: [
      {
        group: '@group',
        name: 'two',
        purl: 'pkg:npm/%40group/two@2.0.0',
        hashes: [{ alg: 'SHA-512', content: '07'.repeat(64) }],
      },
      { name: 'both', licenses: [{ expression: '(MIT OR Apache-2.0)' }], purl: 'pkg:npm/both@1.0.0' },
    ],
  });
});
