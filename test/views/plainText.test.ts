import { expect, it } from 'vitest';
import { plainText } from '../../src/views/plainText.ts';

it('keeps ordinary text', () => {
  expect(plainText('Größe: 3 kB (ok) [a]')).toBe('Größe: 3 kB (ok) [a]');
});

it('turns line breaks and control characters into blanks', () => {
  expect(plainText('a\r\nb\u001b[31mc\u0000')).toBe('a b [31mc');
});

it('drops characters that change the direction of text or cannot be seen', () => {
  expect(plainText('safe\u202egpj.exe\u200b\ufeff')).toBe('safegpj.exe');
  expect(plainText('a\u00adb\u180ec\u3164d\u{e0041}e\u0085f')).toBe('abcde f');
});

it('leaves nothing that a notification takes for a link', () => {
  expect(plainText('[click](command:workbench.action.quit)')).toBe('[click] (command:workbench.action.quit)');
});

it('leaves nothing that a list or the status bar takes for an icon', () => {
  expect(plainText('$(verified) signed')).toBe('$ (verified) signed');
});

it('cuts what is too long', () => {
  expect(plainText('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`);
});
