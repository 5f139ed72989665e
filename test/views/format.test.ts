import { expect, it } from 'vitest';
import { formatAge, formatSize } from '../../src/views/format.ts';

const now = Date.parse('2026-05-06T12:00:00Z');

it.each([
  ['2026-05-06T11:59:30Z', 'just now'],
  ['2026-05-06T11:55:00Z', '5 minutes ago'],
  ['2026-05-05T11:00:00Z', '1 day ago'],
  ['2026-04-20T11:00:00Z', '2 weeks ago'],
  ['2024-05-01T11:00:00Z', '2 years ago'],
])('%s is %s', (time, age) => {
  expect(formatAge(time, now)).toBe(age);
});

it.each([undefined, '', 'yesterday, I think'])('%j is no time', (time) => {
  expect(formatAge(time, now)).toBeUndefined();
});

it('writes sizes with a unit', () => {
  expect(formatSize(0)).toBe('0 B');
  expect(formatSize(4_600)).toBe('4.6 kB');
});
