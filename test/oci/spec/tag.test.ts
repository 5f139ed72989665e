import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTag, parseTag } from '../../../src/oci/spec/tag.ts';
import { failure } from '../../support/failure.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'.split('');
const first = fc.constantFrom(...LETTERS);
const rest = fc.string({ unit: fc.constantFrom(...LETTERS, '.', '-'), maxLength: 127 });

describe('a tag', () => {
  it('is whatever the grammar allows', () => {
    fc.assert(
      fc.property(first, rest, (head, tail) => {
        expect(parseTag(head + tail)).toBe(head + tail);
      }),
    );
  });

  it('is nothing that holds any other character', () => {
    const other = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((c) => !/[a-zA-Z0-9._-]/.test(c));
    fc.assert(
      fc.property(first, rest, other, rest, (a, b, c, d) => {
        expect(isTag(a + b.slice(0, 50) + c + d.slice(0, 50))).toBe(false);
      }),
    );
  });

  it.each([
    '',
    '.',
    '-a',
    '.a',
    'a'.repeat(129),
    'a:b',
    'a/b',
    'a\n',
    '\na',
    'a b',
    'v1%2F',
    'é',
    '\u017f',
    '\u212a',
    'a\0',
  ])('is not %j', (text) => {
    expect(() => parseTag(text)).toThrow(failure('INVALID_REFERENCE', { part: 'tag', input: text }));
  });
});
