import { describe, expect, it } from 'vitest';
import { isMap } from 'yaml';
import { MAX_DEPTH } from '../../src/floe/jsonDocument.ts';
import { parseYaml } from '../../src/floe/yamlDocuments.ts';

const nested = (levels: number, open: string, close: string): string => open.repeat(levels) + close.repeat(levels);

describe('a YAML text', () => {
  it('is read as the documents it has, with the lines they stand on', () => {
    const { documents, lines, tooDeepAt } = parseYaml('a: 1\n---\nb: [2, {c: 3}]\n');
    expect(documents.map((document) => document.toJS())).toEqual([{ a: 1 }, { b: [2, { c: 3 }] }]);
    expect(lines.linePos(documents[1]?.contents?.range[0] ?? 0)).toEqual({ line: 3, col: 1 });
    expect(tooDeepAt).toBeUndefined();
  });

  it('keeps a key that is there twice, for others to complain of', () => {
    const [document] = parseYaml('a: 1\na: 2\n').documents;
    expect(document?.errors).toEqual([]);
    expect(isMap(document?.contents) && document.contents.items).toHaveLength(2);
  });

  it('has no document where there is nothing in it', () => {
    expect(parseYaml('').documents).toEqual([]);
    expect(parseYaml('# nothing\n').documents).toEqual([]);
  });

  it.each([
    ['sequences', '[', ']', MAX_DEPTH],
    ['mappings', '{a: ', '}', 4 * MAX_DEPTH],
    ['keys', '{? ', '}', 3 * MAX_DEPTH],
  ])('is followed as many levels of %s as the limit, and told where the next one begins', (_, open, close, at) => {
    const { documents, tooDeepAt } = parseYaml(nested(MAX_DEPTH, open, close));
    expect(documents).toHaveLength(1);
    expect(tooDeepAt).toBeUndefined();
    expect(parseYaml(nested(MAX_DEPTH + 1, open, close))).toMatchObject({ documents: [], tooDeepAt: at });
  });

  it('is followed through blocks as well, and tells of the first place that is too deep', () => {
    const block = Array.from({ length: MAX_DEPTH }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    expect(parseYaml(`${block} 1\n`).tooDeepAt).toBeUndefined();
    const deeper = `${block}\n${' '.repeat(MAX_DEPTH)}- [1]\n${' '.repeat(MAX_DEPTH)}- [2]\n`;
    expect(parseYaml(deeper).tooDeepAt).toBe(deeper.indexOf('- [1]'));
    const twice = `[${nested(MAX_DEPTH, '[', ']')}, ${nested(MAX_DEPTH, '[', ']')}]`;
    expect(parseYaml(twice).tooDeepAt).toBe(MAX_DEPTH);
  });

  it('nests a hundred thousand levels without running out of stack', () => {
    expect(parseYaml('['.repeat(100_000)).tooDeepAt).toBe(MAX_DEPTH);
  });
});
