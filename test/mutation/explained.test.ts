import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { outdated } from './mutants.ts';
import { known, mutationPage, PAGE } from './report.ts';

it('every explanation is of a line that is there, and says something', () => {
  expect(outdated(known(), root)).toEqual([]);
  expect(known().filter(({ why, changes }) => why === '' || changes.length === 0)).toEqual([]);
});

it('the page of mutants is made of what is known, again by npm run mutation', () => {
  expect(readFileSync(join(root, PAGE), 'utf8')).toBe(mutationPage());
});
