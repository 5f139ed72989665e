import { expect, it } from 'vitest';
import { isScarce, rateLimitText } from '../../src/views/rateLimitText.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const soon = '2026-03-01T10:30:00Z';

it('says what is left, and until when or in which time', () => {
  expect(rateLimitText({ limit: 100, remaining: 76 })).toBe('76 of 100 requests left');
  expect(rateLimitText({ limit: 100, remaining: 76, windowSeconds: 21_600 })).toBe('76 of 100 requests left in 6 h');
  const time = new Date(soon).toLocaleTimeString();
  expect(rateLimitText({ limit: 5, remaining: 1, resetAt: soon }, now)).toBe(`1 of 5 requests left until ${time}`);
});

it('says nothing where nothing is told, or no longer', () => {
  expect(rateLimitText(undefined)).toBeUndefined();
  expect(rateLimitText({ limit: 5, remaining: 0, resetAt: soon }, Date.parse(soon))).toBeUndefined();
});

it('calls a tenth or less little', () => {
  expect(isScarce({ rateLimit: { limit: 100, remaining: 11 } })).toBe(false);
  expect(isScarce({ rateLimit: { limit: 100, remaining: 10 } })).toBe(true);
  expect(isScarce({ rateLimit: { limit: 100, remaining: 0, resetAt: soon } }, Date.parse(soon))).toBe(false);
  expect(isScarce({})).toBe(false);
  expect(isScarce({ apiRateLimit: { limit: 60, remaining: 2 } })).toBe(true);
});
