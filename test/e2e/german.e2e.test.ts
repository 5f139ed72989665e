import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { useScenario } from './support/scenario.ts';

const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'));

// The editor itself stays English: its own translations come in language packs, from the marketplace alone.
const scenario = useScenario('german', { language: 'de', files: { 'target/compiled_artifacts.json': sample } });

test('in German, views, prompts and messages are', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.openContainer('Floe OCI');
  await workbench.tree('Registrys').welcome.getByRole('button', { name: 'Registry verbinden' }).waitFor();
  const store = workbench.tree('Lokaler Speicher');
  await store.welcome.getByRole('button', { name: 'In den lokalen Speicher pushen' }).click();
  await quickInput.waitFor('Wählen Sie eine compiled_artifacts.json');
  await quickInput.pick('target/compiled_artifacts.json');
  await quickInput.waitFor('Wählen Sie ein Repository');
  await quickInput.enter('floe/ticket-sales');
  await quickInput.waitFor('Geben Sie ein Tag ein');
  await screenshot('prompt');
  await quickInput.pick('1.2.0');
  const said = await notifications.waitFor('wurde nach');
  expect(said).toMatch(
    /^ticket-sales 1\.2\.0 wurde nach floe\/ticket-sales:1\.2\.0 im lokalen Speicher gepusht\. sha256:[0-9a-f]{64}$/,
  );
  await store.row(['floe', 'ticket-sales', '1.2.0', 'compiled_artifacts.json']);
});

test('in German, the overview is', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.notifications.press('wurde nach', 'Untersuchen');
  await workbench.overview.getByRole('button', { name: 'Manifest öffnen' }).waitFor();
  await workbench.overview.getByText('Auf dieses Manifest verweist nichts.').waitFor();
  await screenshot('overview');
});

test('in German, the settings are', async () => {
  const { workbench, screenshot } = scenario();
  const { page } = workbench;
  await workbench.runCommand('Preferences: Open Settings (UI)');
  await page.locator('.settings-editor .suggest-input-container').click();
  await page.keyboard.type('@ext:floe.floe-oci');
  await page
    .locator('.settings-editor')
    .getByText('Repositorys oder Tags, die eine Ebene des Baums zeigt')
    .first()
    .waitFor();
  await screenshot('settings');
});
