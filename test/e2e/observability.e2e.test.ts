import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startOtlpReceiver } from '../support/otlp/receiver.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';

const registry = await startRegistry();
const collector = await startOtlpReceiver();
afterAll(() => Promise.all([registry.close(), collector[Symbol.asyncDispose]()]));
fill(registry, 'team/product', artifact(1, { layers: 2, size: 40_000 }), '1.0.0');

const scenario = useScenario('observability', {
  // Ours sends only while the editor's own is on; what the editor would send goes nowhere: its server is told "off".
  userSettings: {
    'telemetry.telemetryLevel': 'all',
    'floeOci.registries': [{ url: registry.host, repositories: ['team/product', 'team/none'] }],
  },
  machineSettings: { 'floeOci.otel.enabled': true, 'floeOci.otel.endpoint': collector.url },
  env: { CS_TELEMETRY_URL: 'http://127.0.0.1:9/' },
});

test('what is done shows with its duration, its result and a chart of the registry', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  const tree = workbench.tree('Registries');
  await tree.row([registry.host, 'team', 'product', '1.0.0', 'config']);
  await tree.expand([registry.host, 'team', 'none']);
  await workbench.runCommand('Floe OCI: Show Activity');
  const activity = workbench.tree('Activity');
  expect(await activity.description('inspect team/product:1.0.0')).toMatch(/^done · [\d.]+ m?s · ↓ \d/);
  expect(await activity.description('list team/none')).toMatch(/^failed: NOT_FOUND · /);
  expect(await activity.description(['Registries', registry.host])).toMatch(/^[\d.]+ m?s · [▁-█]+$/);
  await screenshot('activity');
  await (await activity.row('list team/none')).click();
  await workbench.waitForTab(/^list team-none\.log$/);
  const log = await workbench.editorText();
  expect(log).toContain('[trace] http_request method=GET');
  expect(log).toMatch(/\nNOT_FOUND: /);
  await screenshot('log lines');
});

test('what a backup would move is shown before; then it is done, restored elsewhere, and seen among what was done', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  const tree = workbench.tree('Registries');
  await tree.contextMenu([registry.host, 'team', 'product'], 'Show What Would Move…');
  await quickInput.waitFor('Choose what to look at');
  await screenshot('what would move');
  await quickInput.pick('Back Up a Repository');
  await quickInput.waitFor('Tags to copy');
  await quickInput.enter('');
  const backups = path.join(folder, 'backups');
  await mkdir(path.join(backups, 'of others'), { recursive: true });
  await quickInput.waitFor('Back Up');
  // The first Enter goes into the folder, the second takes it.
  await quickInput.enterPath(backups);
  await quickInput.row('of others').waitFor();
  await quickInput.accept();
  const backup = path.join(backups, 'team/product');
  const said = await notifications.waitFor('tags would be copied');
  expect(said).toContain(`Back up ${registry.host}/team/product to layout:${backup}: would move 3 of 3 blobs`);
  expect(said).toContain('1 of 1 tags would be copied.');
  await screenshot('dry run');
  await notifications.press('tags would be copied', 'Back Up');
  expect(await notifications.waitFor('Backed up')).toContain('All 4 blobs and manifests in it are as they should be.');
  await screenshot('backed up');
  await tree.contextMenu(registry.host, 'Restore from Backup…');
  await quickInput.waitFor('Restore from Backup');
  await quickInput.enterPath(backups);
  await quickInput.row('team').waitFor();
  await quickInput.accept();
  await quickInput.waitFor('Tags to copy');
  await quickInput.enter('');
  await quickInput.waitFor('Choose a repository');
  await quickInput.enter('team/restored');
  expect(await notifications.waitFor('Restored layout')).toContain('1 of 1 tags');
  await tree.row([registry.host, 'team', 'restored', '1.0.0']);
  await workbench.runCommand('Floe OCI: Show Log Lines of an Operation…');
  await quickInput.waitFor('Choose an operation');
  for (const operation of ['restore team/restored', 'backup team/product', 'diff team/product'])
    await quickInput.row(operation).waitFor();
  await screenshot('restored');
  await quickInput.cancel();
});

test('the exchange is recorded into a file, which the status bar says as long as it goes on', async () => {
  const { workbench, folder, screenshot } = scenario();
  await workbench.runCommand('Floe OCI: Record Registry Traffic');
  const item = workbench.page.locator('.statusbar-item[id$="floeOci.recording"]');
  await item.waitFor();
  registry.clearRequests();
  await workbench.tree('Registries').inlineAction(registry.host, 'Refresh');
  await expect.poll(() => registry.requests().length).toBeGreaterThan(0);
  await screenshot('recording');
  await item.click();
  await workbench.quickInput.waitFor('Save the Recording');
  await workbench.quickInput.enter(path.join(folder, 'bug.har'));
  expect(await workbench.notifications.waitFor('requests recorded')).toContain('without credentials');
  const { log } = JSON.parse(await readFile(path.join(folder, 'bug.har'), 'utf8'));
  expect(log.entries.length).toBeGreaterThan(0);
  await item.waitFor({ state: 'hidden' });
});

test('Diagnostics tell what runs, where telemetry goes, and how the registry answers', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.runCommand('Floe OCI: Show Diagnostics');
  await workbench.waitForTab('floe-oci-diagnostics.md');
  const text = await workbench.editorText();
  await screenshot('diagnostics');
  expect(text).toContain(`- Export: \`to ${collector.url}/v1/traces as http/protobuf\``);
  expect(text).toContain(`## Registry \`${registry.host}\``);
  expect(text).toMatch(/^- Registry: `http:.* answers with registry\/2\.0, at first in \d+ ms/m);
  expect(text).toMatch(/^- \d{4}-\d\d-\d\dT[^`]*`list team\/none: NOT_FOUND: /m);
});

test("the user's collector gets the traces, at the latest when the window ends", async () => {
  const { workbench } = scenario();
  await workbench.reload();
  await expect
    .poll(() => collector.spans.map(({ name, attributes }) => `${name} ${attributes['oci.operation'] ?? ''}`.trim()))
    .toEqual(expect.arrayContaining(['floe.oci.list list', 'floe.oci.inspect doctor', 'GET']));
  const list = collector.spans.find(({ attributes }) => attributes['oci.repository'] === 'team/none');
  expect(list).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'NOT_FOUND' } });
  expect(collector.spans.some(({ name, parentSpanId }) => name === 'GET' && parentSpanId === list?.spanId)).toBe(true);
});
