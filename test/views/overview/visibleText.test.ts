import { expect, it } from 'vitest';
import { visibleText } from '../../../src/views/overview/visibleText.ts';

it('what cannot be seen, or turns text around, is written as an escape', () => {
  expect(visibleText('a\u202egnp.exe\u200b\u0000\u0007')).toBe('a\\u{202e}gnp.exe\\u{200b}\\u{0}\\u{7}');
  expect(visibleText('\ud800')).toBe('\ufffd');
});

it('markup of every kind stays as it is: the page reads none', () => {
  const text = '<img onerror=x> [a](command:b) $(flame) `c`';
  expect(visibleText(text)).toBe(text);
});

it('lines and tabs stay, and what is too long is cut', () => {
  expect(visibleText('a\n\tb')).toBe('a\n\tb');
  expect(visibleText('abcdef', 4)).toBe('abc…');
});
