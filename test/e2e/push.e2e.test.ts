import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { startRegistry } from '../support/registry/index.ts';
import { useScenario } from './support/scenario.ts';
import { patience, until } from './support/until.ts';

const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'), 'utf8');
const registry = await startRegistry();
afterAll(() => registry.close());
const repository = registry.repository('floe/ticket-sales');

const scenario = useScenario('push', {
  files: { 'compiled_artifacts.json': sample },
  userSettings: { 'floeOci.registries': [{ url: registry.host, repositories: ['floe/ticket-sales'] }] },
});

/** From the palette to the last prompt. */
async function askForTag(): Promise<void> {
  const { workbench } = scenario();
  await workbench.runCommand('Floe OCI: Push Compiled Artifacts…');
  await workbench.quickInput.waitFor('Choose a compiled_artifacts.json');
  await workbench.quickInput.pick('compiled_artifacts.json');
  await workbench.quickInput.waitFor('Choose where');
  await workbench.quickInput.pick(registry.host);
  await workbench.quickInput.waitFor('Choose a repository');
  await workbench.quickInput.pick('floe/ticket-sales');
  await workbench.quickInput.waitFor('Type a tag');
}

async function push(tag: string): Promise<void> {
  await askForTag();
  await scenario().workbench.quickInput.enter(tag);
}

test('a push that is cancelled half-way leaves no tag and no message', async () => {
  const { workbench, screenshot } = scenario();
  const { notifications } = workbench;
  registry.fail({ method: 'PUT', path: /\/blobs\/uploads\//, fault: { kind: 'delay', milliseconds: 600_000 } });
  await push('1.2.0');
  await until('the upload to be under way', async () => registry.requests({ method: 'PUT' }).length > 0);
  await notifications.waitFor('Pushing to');
  await screenshot('uploading');
  await notifications.press('Pushing to', 'Cancel');
  await notifications.waitForNone('Pushing to');
  await screenshot('cancelled');
  expect(await notifications.all.count()).toBe(0);
  expect([...repository.tags.keys()]).toEqual([]);
  registry.clearFaults();
});

test('the same push again goes through', async () => {
  const { workbench } = scenario();
  await push('1.2.0');
  await workbench.notifications.waitFor('Pushed ticket-sales 1.2.0');
  expect([...repository.tags.keys()]).toEqual(['1.2.0']);
});

test('pushing what is there already changes nothing', async () => {
  const { workbench, screenshot } = scenario();
  registry.clearRequests();
  await push('1.2.0');
  await workbench.notifications.waitFor('nothing was sent');
  await screenshot('unchanged');
  expect(registry.requests().filter(({ method }) => method === 'PUT' || method === 'POST')).toEqual([]);
});

test('the next version is proposed where that of the document is taken', async () => {
  const { workbench, screenshot } = scenario();
  await askForTag();
  await until('the proposal', async () => (await workbench.quickInput.labels())[0] === '1.2.1');
  expect(await workbench.quickInput.labels()).toEqual(['1.2.1', '1.2.0']);
  expect(await workbench.quickInput.row('1.2.1').innerText()).toContain('new');
  await screenshot('proposal');
  await workbench.quickInput.cancel();
  await workbench.quickInput.waitForClosed();
});

test('a version is not moved to other content', async () => {
  const { workbench, folder, screenshot } = scenario();
  const before = repository.tags.get('1.2.0');
  await writeFile(path.join(folder, 'compiled_artifacts.json'), sample.replace('"1.2.0"', '"1.2.1"'));
  await push('1.2.0');
  expect(await workbench.notifications.waitFor('may not be moved')).toContain(before ?? 'a digest');
  await screenshot('immutable');
  expect(repository.tags.get('1.2.0')).toBe(before);
});

test('a document that is not valid is refused before anything is asked', async () => {
  const { workbench, folder, screenshot } = scenario();
  await writeFile(path.join(folder, 'compiled_artifacts.json'), sample.replace('"product_name"', '"produce_name"'));
  await workbench.runCommand('Floe OCI: Push Compiled Artifacts…');
  await workbench.quickInput.waitFor('Choose a compiled_artifacts.json');
  await workbench.quickInput.pick('compiled_artifacts.json');
  expect(await workbench.notifications.waitFor('compiled_artifacts.json is not valid')).toContain('product_name');
  await screenshot('invalid document');
});

test('what looks like a secret is pushed only when the user says so', async () => {
  const { workbench, folder, screenshot } = scenario();
  const secret = sample.replace(
    '"product_version": "1.2.0"',
    '"product_version": "1.3.0", "api_key": "hunter2-hunter2"',
  );
  await writeFile(path.join(folder, 'compiled_artifacts.json'), secret);
  await workbench.runCommand('Floe OCI: Push Compiled Artifacts…');
  await workbench.quickInput.waitFor('Choose a compiled_artifacts.json');
  await workbench.quickInput.pick('compiled_artifacts.json');
  const dialog = await workbench.notifications.dialog();
  expect(dialog).toContain('metadata.api_key');
  expect(dialog).not.toContain('hunter2');
  await screenshot('secret');
  await workbench.notifications.answerDialog('Cancel');
  expect([...repository.tags.keys()]).toEqual(['1.2.0']);
});

/** Presses the down arrow until what has the focus says this. */
async function walkTo(text: string, focused: string): Promise<void> {
  const { page } = scenario().workbench;
  const label = page.locator(focused).first();
  await until(`the focus to be on ${text}`, async () => {
    if ((await label.count()) === 1 && (await label.innerText()).trim() === text) return true;
    await page.keyboard.press('ArrowDown');
    return false;
  });
}

/** Walks down the tree that has the focus, unfolding the rows on the way. */
async function walkDown(...labels: readonly string[]): Promise<void> {
  for (const [depth, label] of labels.entries()) {
    await walkTo(label, '.pane-body .monaco-list:focus-within .monaco-list-row.focused .label-name');
    if (depth < labels.length - 1) await scenario().workbench.page.keyboard.press('ArrowRight');
  }
}

/** Runs an entry of the menu of the row that has the focus. */
async function chooseInMenu(entry: string): Promise<void> {
  const { page } = scenario().workbench;
  await page.keyboard.press('Shift+F10');
  await page.locator('.context-view .monaco-menu').waitFor();
  await walkTo(entry, '.context-view .monaco-menu .action-item.focused .action-label');
  await page.keyboard.press('Enter');
}

test('a push, a look, a pull and a good-bye take no mouse', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { page, quickInput, notifications } = workbench;
  await page.evaluate(`globalThis.mouseUses = 0;
    for (const type of ['pointerdown', 'wheel']) addEventListener(type, () => { mouseUses += 1; }, { capture: true });`);
  await writeFile(path.join(folder, 'compiled_artifacts.json'), sample.replace('"1.2.0"', '"1.4.0"'));
  await push('1.4.0');
  await notifications.containing('Pushed ticket-sales 1.4.0').waitFor();
  expect(repository.tags.has('1.4.0')).toBe(true);
  await workbench.runCommand('Notifications: Clear All Notifications');

  await workbench.runCommand('Floe OCI: Focus on Registries View');
  await page.keyboard.press('Home');
  await walkDown(registry.host, 'floe', 'ticket-sales', '1.4.0');
  await chooseInMenu('Copy Digest');
  await expect.poll(() => workbench.clipboard(), { timeout: patience }).toBe(repository.tags.get('1.4.0'));
  await chooseInMenu('Inspect');
  await workbench.overview.getByRole('heading', { name: 'ticket-sales:1.4.0' }).waitFor();
  await screenshot('without a mouse');

  await workbench.runCommand('Floe OCI: Focus on Registries View');
  await chooseInMenu('Pull…');
  await quickInput.waitFor('Pull ');
  await quickInput.enterPath(path.join(folder, 'pulled.json'));
  await notifications.containing('Pulled').waitFor();
  expect(await readFile(path.join(folder, 'pulled.json'), 'utf8')).toBe(sample.replace('"1.2.0"', '"1.4.0"'));
  await workbench.runCommand('Notifications: Accept Notification Primary Action');
  await workbench.waitForTab('pulled.json');

  await workbench.runCommand('Floe OCI: Disconnect Registry…');
  await quickInput.waitFor('Choose a registry');
  await quickInput.accept();
  await notifications.dialog(`Disconnect ${registry.host}?`);
  await page.keyboard.press('Enter');
  await workbench.tree('Registries').waitForNoRow(registry.host);
  expect(await page.evaluate('mouseUses')).toBe(0);
});
