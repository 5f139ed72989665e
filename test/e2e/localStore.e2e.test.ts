import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { useScenario } from './support/scenario.ts';
import { sha256 } from './support/sha256.ts';
import { patience, until } from './support/until.ts';

const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'));

const scenario = useScenario('local store', { files: { 'target/compiled_artifacts.json': sample } });

let digest = '';
let manifest = '';

test('with nothing configured, both views say what to do', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  await workbench.tree('Registries').welcome.getByRole('button', { name: 'Connect a Registry' }).waitFor();
  await workbench.tree('Local Store').welcome.getByRole('button', { name: 'Push to the Local Store' }).waitFor();
  await screenshot('empty');
});

test('a push without any server shows the new tag', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.tree('Local Store').welcome.getByRole('button', { name: 'Push to the Local Store' }).click();
  await quickInput.waitFor('Choose a compiled_artifacts.json');
  await quickInput.pick('target/compiled_artifacts.json');
  await quickInput.waitFor('Choose a repository');
  await quickInput.enter('floe/ticket-sales');
  await quickInput.waitFor('Type a tag');
  await quickInput.pick('1.2.0');
  const said = await notifications.waitFor('Pushed');
  digest = /sha256:[0-9a-f]{64}/.exec(said)?.[0] ?? '';
  expect(said).toBe(`Pushed ticket-sales 1.2.0 to floe/ticket-sales:1.2.0 in the Local store. ${digest}`);
  const tree = workbench.tree('Local Store');
  await tree.row(['floe', 'ticket-sales', '1.2.0', 'compiled_artifacts.json']);
  await screenshot('pushed');
  expect(await tree.description(['floe', 'ticket-sales', '1.2.0'])).toContain(digest.slice('sha256:'.length, 19));
});

test('inspecting shows what was pushed, and the text of its manifest hashes to the digest', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.notifications.press('Pushed', 'Inspect');
  await workbench.overview.getByRole('button', { name: 'Open Manifest' }).click();
  manifest = await workbench.editorText();
  await screenshot('manifest');
  expect(sha256(manifest)).toBe(digest);
});

test('a layer opens as a document with the bytes that were pushed, and is saved as a file', async () => {
  const { workbench, folder, screenshot } = scenario();
  await (await workbench.tree('Local Store').row(['floe', 'ticket-sales', '1.2.0', 'compiled_artifacts.json'])).click();
  await workbench.waitForTab('ticket-sales@1.2.0.compiled_artifacts.json');
  await workbench.page.locator('.breadcrumbs-control', { hasText: 'ticket-sales@sha256:' }).waitFor();
  expect(await workbench.editorText()).toBe(sample.toString('utf8'));
  await screenshot('layer');
  await workbench.runCommand('Floe OCI: Save a Copy…');
  await workbench.quickInput.waitFor('Save a Copy');
  await workbench.quickInput.enterPath(path.join(folder, 'saved.json'));
  expect(await until('the file', () => readFile(path.join(folder, 'saved.json')))).toEqual(sample);
});

test('a reload keeps the tabs', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.reload();
  // Of the two of this name, the overview is the first.
  await (await workbench.waitForTab('ticket-sales@1.2.0.manifest.json')).click();
  await workbench.overview.getByRole('button', { name: 'Open Manifest' }).click();
  expect(sha256(await workbench.editorText())).toBe(digest);
  await screenshot('reloaded');
});

test('pulling writes the same bytes', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.openContainer('Floe OCI');
  await workbench.tree('Local Store').contextMenu(['floe', 'ticket-sales', '1.2.0'], 'Pull…');
  await quickInput.waitFor('Pull floe');
  await screenshot('pull where');
  await quickInput.enterPath(path.join(folder, 'pulled.json'));
  await notifications.waitFor('Pulled');
  await screenshot('pulled');
  expect(await readFile(path.join(folder, 'pulled.json'))).toEqual(sample);
});

test('pulling over another file asks to replace it', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  const file = path.join(folder, 'target/compiled_artifacts.json');
  await writeFile(file, 'mine');
  await workbench.tree('Local Store').contextMenu(['floe', 'ticket-sales', '1.2.0'], 'Pull…');
  await quickInput.waitFor('Pull floe');
  await quickInput.enterPath(file);
  await expect.poll(() => quickInput.root.innerText(), { timeout: patience }).toContain('already exists');
  await screenshot('replace');
  expect(await readFile(file, 'utf8')).toBe('mine');
  await quickInput.accept();
  await notifications.waitFor('to target/compiled_artifacts.json');
  expect(await readFile(file)).toEqual(sample);
});

test('what stands in a layer or a manifest is explained, and not judged: it is what it is', async () => {
  const { workbench, screenshot } = scenario();
  const { page, quickInput } = workbench;
  await (await workbench.tree('Local Store').row(['floe', 'ticket-sales', '1.2.0', 'compiled_artifacts.json'])).click();
  await workbench.waitForTab('ticket-sales@1.2.0.compiled_artifacts.json');
  await page.keyboard.press('Control+g');
  await quickInput.enter(':2:5');
  await workbench.runCommand('Show or Focus Hover');
  await page.locator('.monaco-hover').getByText('The CompiledArtifacts contract that this document follows').waitFor();
  await screenshot('hints');
  await page.keyboard.press('Escape');
  await workbench.tree('Local Store').contextMenu(['floe', 'ticket-sales', '1.2.0'], 'Open Manifest');
  await page.locator('.editor-group-container.active .view-line', { hasText: '"schemaVersion"' }).waitFor();
  await page.keyboard.press('Control+g');
  await quickInput.enter(`:1:${manifest.indexOf('"layers"') + 3}`);
  await workbench.runCommand('Show or Focus Hover');
  await page.locator('.monaco-hover').getByText('What the artifact consists of').waitFor();
  await screenshot('manifest hints');
  await page.keyboard.press('Escape');
  await workbench.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
  await page.locator('.markers-panel').getByText('No problems have been detected').waitFor();
});
