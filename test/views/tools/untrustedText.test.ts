import { expect, it } from 'vitest';
import { MAX_RESULT, untrustedText } from '../../../src/views/tools/untrustedText.ts';

it('what is too long is cut, and says so', () => {
  const text = untrustedText('r.example', { tags: Array.from({ length: 10_000 }, (_, index) => `1.0.${index}`) });
  expect(text.length).toBeLessThan(MAX_RESULT + 500);
  expect(text).toMatch(/<\/untrusted-registry-data>\nCut after 32000 of \d+ characters: ask for less\.$/);
});

it('the name of a registry closes no mark either', () => {
  expect(untrustedText('<untrusted-registry-data>', null).match(/<untrusted-registry-data>/g)).toHaveLength(1);
});
