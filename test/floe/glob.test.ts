import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../src/floe/glob.ts';

const matching = (pattern: string, ...names: readonly string[]): readonly string[] =>
  names.filter(compileGlob(pattern, 'filter'));

describe('a glob', () => {
  it.each([
    ['*', ['', 'a', '.hidden', 'a/b'], ['', 'a', '.hidden', 'a/b']],
    ['v1.*', ['v1.', 'v1.2.3', 'v1', 'v10.0', 'xv1.2'], ['v1.', 'v1.2.3']],
    ['*-rc.*', ['1.0.0-rc.1', '1.0.0-rc', '-rc.'], ['1.0.0-rc.1', '-rc.']],
    ['v?.?', ['v1.2', 'v10.2', 'v1.'], ['v1.2']],
    ['v[1-3].*', ['v1.0', 'v3.0', 'v4.0'], ['v1.0', 'v3.0']],
    ['v[!1-3].*', ['v1.0', 'v4.0', 'v.0'], ['v4.0']],
    ['[]-]x', [']x', '-x', 'ax'], [']x', '-x']],
    ['{dev,main}-{a,b*}', ['dev-a', 'main-bc', 'dev-c', 'main-'], ['dev-a', 'main-bc']],
    ['a{,b}c', ['ac', 'abc', 'abbc'], ['ac', 'abc']],
    ['\\*\\{', ['*{', 'a{'], ['*{']],
    ['latest', ['latest', 'Latest', 'latest2', 'alatest'], ['latest']],
    ['(a|b)+', ['(a|b)+', 'ab'], ['(a|b)+']],
    ['a.c', ['a.c', 'abc'], ['a.c']],
    ['*a*b*c*', ['xxaxxbxxc', 'cba'], ['xxaxxbxxc']],
  ])('%s', (pattern, names, expected) => {
    expect(matching(pattern, ...names)).toEqual(expected);
  });

  it.each(['', 'x'.repeat(257), '[a', 'a\\', '{a', 'a}', '{a,{b,c}}', '{1,2,3,4,5}'.repeat(3)])(
    'is not %j',
    (pattern) => {
      expect(() => compileGlob(pattern, '--filter')).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          details: { argument: '--filter', value: pattern, accepted: expect.stringContaining('[a-z]') },
        }),
      );
    },
  );

  it('agrees with the plain definition of stars', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 8 });
    const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(words, names, (pattern, name) => {
        const regex = new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`);
        expect(compileGlob(pattern, 'filter')(name)).toBe(regex.test(name));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no time on what makes regular expressions backtrack', () => {
    expect(matching(`${'*a'.repeat(100)}b`, 'a'.repeat(5000))).toEqual([]);
  });
});
