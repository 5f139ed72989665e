import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const inDocs = (await readdir(join(root, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inDocs.map((name) => `docs/${name}`)];
const texts = new Map(
  await Promise.all(pages.map(async (page) => [page, await readFile(join(root, page), 'utf8')] as const)),
);

/** What follows `#` in the address of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

describe.each([...texts])('%s', (page, text) => {
  it('links to what is there', () => {
    const links = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(
      ([, to]) => to ?? '',
    );
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      const headings = [...(texts.get(target) ?? '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        anchorOf(heading ?? ''),
      );
      return anchor !== undefined && !headings.includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

it('the tests that docs/security.md names are there', () => {
  const cells = (texts.get('docs/security.md') ?? '').split('\n').flatMap((line) => {
    const columns = line.split('|');
    return line.startsWith('| ') && columns.length === 4 ? [columns[2] ?? ''] : [];
  });
  let folder = '';
  const missing = cells
    .flatMap((cell) =>
      cell.split(';').flatMap((part, index) => {
        if (index === 0) folder = '';
        return [...part.matchAll(/`([a-z][\w/]+)`/g)].map(([, name = '']) => {
          const path = name.includes('/') || folder === '' ? name : `${folder}/${name}`;
          folder = dirname(path) === '.' ? folder : dirname(path);
          return path;
        });
      }),
    )
    .filter(
      (path) =>
        ![path, `${path}.test.ts`, `${path}.e2e.test.ts`, `${path}.ts`].some((file) =>
          existsSync(join(root, 'test', file)),
        ),
    );
  expect(missing).toEqual([]);
});
