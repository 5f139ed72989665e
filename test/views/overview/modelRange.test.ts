import { expect, it } from 'vitest';
import { modelRange } from '../../../src/views/overview/modelRange.ts';

const text = '{"models":[{}],"transforms":{"x":[{}],"models":[{"name":"a"},{"name":"b","models":[1,2]}]}}';
const at = (position: number): string | undefined => {
  const range = modelRange(text, position);
  return range && text.slice(range.start, range.end);
};

it('a model is found by its position, with all that is in it', () => {
  expect(at(0)).toBe('{"name":"a"}');
  expect(at(1)).toBe('{"name":"b","models":[1,2]}');
});

it('what is not there, or is no JSON, has no range', () => {
  expect(at(2)).toBeUndefined();
  expect(modelRange('{"transforms"', 0)).toBeUndefined();
});
