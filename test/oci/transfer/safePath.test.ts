import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOciError } from '../../../src/oci/errors.ts';
import { foldName, parseTitle } from '../../../src/oci/transfer/safePath.ts';
import { failure } from '../../support/failure.ts';

/** Undefined for a title that is refused, as it should be. */
function segmentsOf(title: string): readonly string[] | undefined {
  try {
    return parseTitle(title);
  } catch (error) {
    expect(isOciError(error, 'UNSAFE_PATH')).toBe(true);
    return undefined;
  }
}

describe('a title', () => {
  it.each([
    'compiled_artifacts.json',
    'a/b/c.txt',
    '.hidden',
    '..a',
    'a b (1).txt',
    'ünï/cødé 漢字 👩‍💻',
    'console.log',
    'com10',
    'nulls',
    'a.nul',
    '-rf',
    '~',
    'gitignore/.gitignore',
    '%2e%2e%2fetc',
  ])('is a path in the folder: %s', (title) => {
    expect(parseTitle(title)).toEqual(title.split('/'));
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    '//server/share',
    '\\\\server\\share\\x',
    'a\\b',
    '..\\x',
    '..',
    '../x',
    'a/../../x',
    'a/..',
    '.',
    './a',
    'a/./b',
    'a//b',
    'a/',
    'C:/x',
    'C:x',
    'c:',
    'a/C:/b',
    'file.txt:stream',
    'file::$DATA',
    'a.',
    'a ',
    'a./b',
    'a /b',
    '...',
    ' ',
    'con',
    'CON',
    'nul.txt',
    'a/Aux/b',
    'com1',
    'COM9.log',
    'lpt0',
    'com\u00b9.txt',
    'con .txt',
    'CONIN$',
    'prn.a.b',
    'a\0b',
    'a\nb',
    'a\tb',
    'a\x1b[2Jb',
    'a\x7f',
    'a\u0085b',
    'a\ud800b',
    '.git/config',
    '.GIT/hooks/x',
    'a/.git/config',
    '.g\u200cit/config',
  ])('is refused: %j', (title) => {
    expect(() => parseTitle(title)).toThrow(failure('UNSAFE_PATH', { name: title }));
  });

  it('never leads out of the folder, on no platform, whatever it is', () => {
    const unit = fc.oneof(fc.constantFrom(...'./\\: aC'.split('')), fc.string({ minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (title) => {
        const segments = segmentsOf(title);
        if (segments === undefined) return;
        for (const path of [posix, win32]) {
          expect(path.isAbsolute(title)).toBe(false);
          const inside = path.relative(path.resolve('/folder'), path.resolve('/folder', ...segments));
          expect(inside.split(path.sep)).toEqual(segments);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('two names', () => {
  it.each([
    ['case', 'README', 'readme'],
    ['case beyond ASCII', 'ÄRGER', 'ärger'],
    ['sharp s', 'straße', 'STRASSE'],
    ['the Kelvin sign', '\u212a', 'k'],
    ['the long s', '\u017f', 's'],
    ['normalisation', 'é', 'e\u0301'],
    ['case and normalisation', 'É', 'e\u0301'],
    ['characters that do not show', 'a\u200bb', 'ab'],
  ])('are one for some file system: %s', (_, a, b) => {
    expect(foldName(a)).toBe(foldName(b));
  });

  it('are two when they differ for all', () => {
    expect(foldName('a')).not.toBe(foldName('b'));
    expect(foldName('e')).not.toBe(foldName('é'));
  });
});
