import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRepositoryName, parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { failure } from '../../support/failure.ts';
import { repositoryNames } from './arbitraries.ts';

describe('a repository name', () => {
  it('is whatever the grammar allows', () => {
    fc.assert(
      fc.property(repositoryNames, (name) => {
        expect(parseRepositoryName(name)).toBe(name);
      }),
    );
  });

  it('is what the distribution spec has in its grammar, and nothing else', () => {
    const spec = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
    const unit = fc.constantFrom(...'ab0._-/\n'.split(''));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        expect(isRepositoryName(text)).toBe(spec.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('has 255 characters at the most', () => {
    expect(isRepositoryName('a'.repeat(255))).toBe(true);
    expect(isRepositoryName('a'.repeat(256))).toBe(false);
  });

  it.each([
    '',
    '/',
    'a//b',
    '/a',
    'a/',
    'A/b',
    'a/../b',
    '..',
    'a___b',
    'a..b',
    '-a',
    'a-',
    'a%2fb',
    'a%2Fb',
    'a b',
    'a\n',
    'a\n/b',
    'a\tb',
    'a\\b',
    'é',
    'a'.repeat(256),
  ])('is not %j', (text) => {
    expect(() => parseRepositoryName(text)).toThrow(failure('INVALID_REFERENCE', { part: 'repository' }));
  });
});
