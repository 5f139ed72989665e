import { afterEach, expect, it } from 'vitest';
import { problemsText, pulledProblems } from '../../../src/views/operations/pulledProblems.ts';
import { sample } from '../../cli/support/workspace.ts';
import { folders, Uri } from '../../support/vscode.ts';

const FILE = '/work/compiled_artifacts.json';

afterEach(() => folders.files.delete(FILE));

async function textOf(content: string): Promise<string | undefined> {
  folders.write(FILE, content);
  return problemsText(await pulledProblems(Uri.file(FILE) as never));
}

it('a pulled document that keeps the contract is no matter for words', async () => {
  expect(await textOf(sample.toString('utf8'))).toBeUndefined();
});

it('one that does not is pulled all the same, and what is wrong is said: the first, and how much there is', async () => {
  expect(await textOf('{')).toMatch(/^It does not keep floe's contract: .+\.$/);
  expect(await textOf('{"version": "0.5.0"}')).toMatch(/^It does not keep floe's contract in \d+ places, first .+\.$/);
  expect(await textOf(sample.toString('utf8').replace('"version": "0.', '"version": "7.'))).toMatch(/version: is 7/);
});
