import { describe, expect, it } from 'vitest';
import { visible, visibleJson } from '../../../src/oci/spec/unseen.ts';

describe('text from a registry', () => {
  it('cannot move the cursor, colour the terminal or start a line of its own', () => {
    expect(visible('\u001b[31mred\u0007\r\nerror: fake')).toBe('\\u{1b}[31mred\\u{7}\\u{d}\\u{a}error: fake');
    expect(visible('\u009b2J')).toBe('\\u{9b}2J');
  });

  it('cannot be reordered or hidden', () => {
    expect(visible('a\u202eb\u200bc\ufeff\u2028')).toBe('a\\u{202e}b\\u{200b}c\\u{feff}\\u{2028}');
    expect(visible('\u{e0041}')).toBe('\\u{e0041}');
    // Marks that join, soft hyphens, fillers, and variation selectors that spell out what nobody sees.
    const unseen = [
      '\u00ad',
      '\u034f',
      '\u061c',
      '\u115f',
      '\u180e',
      '\u2066',
      '\u206a',
      '\u3164',
      '\ufff9',
      '\u{e0100}',
    ];
    for (const each of unseen) expect(visible(each)).toBe(`\\u{${each.codePointAt(0)?.toString(16)}}`);
  });

  it('keeps its letters, whatever the script', () => {
    expect(visible('Größe 大小 🐋 ❤️ a\u0301')).toBe('Größe 大小 🐋 ❤️ a\u0301');
  });
});

describe('JSON', () => {
  it('parses to the value and holds no character without a shape', () => {
    const value = { 'a\u202e': 'b\u009bc\u001bd\u{e0041}e\nf' };
    const text = visibleJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('keeps the line breaks that are its own', () => {
    expect(visibleJson({ a: 'b\nc\u202e' }, 2)).toBe('{\n  "a": "b\\nc\\u202e"\n}');
  });
});
