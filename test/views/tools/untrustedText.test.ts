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

it('what is not seen is escaped, and the data are the same all the same', () => {
  const unseen = 'a\u0085b\u009bc\u007fd\u202ee\u2066f\u00adg\u3164h\ufe0fi\u{e0041}j\u{e0100}k\ue000l\n\t<';
  const text = untrustedText('r.example', { [unseen]: unseen });
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
  const [, json = ''] = /<untrusted-registry-data>\n(.*)\n<\/untrusted-registry-data>/s.exec(text) ?? [];
  expect(JSON.parse(json)).toEqual({ [unseen]: unseen });
});
