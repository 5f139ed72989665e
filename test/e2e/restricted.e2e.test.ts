import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience, until } from './support/until.ts';

const named = await startRegistry();
fill(named, 'a/b', artifact(1), '1.0.0');
const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'floe-oci-elsewhere-'));
afterAll(() => Promise.all([named.close(), rm(elsewhere, { recursive: true })]));

const scenario = useScenario('restricted', {
  trusted: false,
  userSettings: { 'security.workspace.trust.startupPrompt': 'never' },
  files: {
    '.vscode/settings.json': JSON.stringify({
      'floeOci.registries': [{ name: 'Named by the folder', url: named.host, repositories: ['a/b'] }],
    }),
  },
});

test('a folder that is not trusted names no registry, and nothing is sent because of it', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  await workbench.tree('Registries').welcome.getByRole('button', { name: 'Connect a Registry' }).waitFor();
  await workbench.tree('Local Store').welcome.getByRole('button', { name: 'Push to the Local Store' }).waitFor();
  await screenshot('views');
  expect(named.lines()).toEqual([]);
});

test('a registry that the user connects by a reference into it works there', async () => {
  const { workbench } = scenario();
  await workbench.runCommand('Floe OCI: Connect a Registry…');
  await workbench.quickInput.waitFor('Host, address, or a reference');
  await workbench.quickInput.enter(`${named.host}/a/b:1.0.0`);
  await workbench.tree('Registries').row([named.host, 'a', 'b', '1.0.0']);
});

test('what is pulled into a folder elsewhere opens in a window that trusts nothing in it', async () => {
  const { workbench, context } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.tree('Registries').contextMenu([named.host, 'a', 'b', '1.0.0'], 'Pull…');
  await quickInput.waitFor('into a folder');
  await quickInput.enterPath(elsewhere);
  // Enter goes into the folder and a second one takes it, unless the first came late enough to do so.
  await until('the folder to be taken', async () => {
    if (!(await quickInput.root.isVisible())) return true;
    await workbench.page.keyboard.press('Enter');
    return false;
  });
  await notifications.waitFor('Pulled 2 files');
  expect(await readdir(elsewhere)).toEqual(['file-0.bin', 'file-1.bin']);
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    notifications.press('Pulled 2 files', 'Open Folder'),
  ]);
  await opened.waitForURL((url) => decodeURIComponent(url.href).includes(elsewhere));
  // A second window beside the first takes its time.
  await opened.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ timeout: 2 * patience });
  await opened.close();
});
