import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { artifact, blob, emptyConfig, imageManifest } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { tarOf } from '../support/tar.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience } from './support/until.ts';

const registry = await startRegistry();
afterAll(() => registry.close());

const many = Array.from({ length: 300 }, (_, at) => `1.${at}.0`);
fill(registry, 'team/many', artifact(1), ...many);
fill(registry, 'team/product', artifact(2), 'dev-1', 'dev-2', 'latest');
const archive = gzipSync(
  tarOf(
    { name: 'app/', type: '5' },
    { name: 'app/settings.json', content: '{"answer":42}' },
    { name: '../evil\u202e.sh', content: 'x' },
    { name: 'app/link', type: '2', target: '/etc/passwd' },
  ),
);
const layer = blob(archive, { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' });
const image = imageManifest([layer]);
fill(registry, 'team/image', { root: image, contents: [emptyConfig, layer, image] }, '1.0.0');

const scenario = useScenario('tree', {
  userSettings: {
    'floeOci.registries': [{ url: registry.host, repositories: [] }],
    'floeOci.cache.enabled': false,
    'floeOci.tree.pageSize': 300,
  },
});
const team = [registry.host, 'team'];
const product = [...team, 'product'];
const manifestsRead = (repository: string): number =>
  registry.lines().filter((line) => line.startsWith(`GET /v2/${repository}/manifests/`)).length;

test('tags in view show what they are; those out of view ask nothing, and come when they are scrolled to', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  const tree = workbench.tree('Registries');
  await tree.expand([...team, 'many']);
  await expect.poll(() => tree.description([...team, 'many', '1.299.0']), { timeout: patience }).toContain(' B');
  await expect.poll(async () => (await tree.texts()).at(-1), { timeout: patience }).toContain(' B');
  await screenshot('in view');
  const first = manifestsRead('team/many');
  expect(first).toBeLessThan(100);
  await (await tree.row([...team, 'many', '1.299.0'])).hover();
  await workbench.page.mouse.wheel(0, 100_000);
  await expect
    .poll(async () => (await tree.texts()).filter((text) => / B/.test(text)).length, { timeout: patience })
    .toBeGreaterThan(3);
  expect(manifestsRead('team/many')).toBeLessThan(200);
  await tree.titleAction('Collapse All');
});

test('a filter that hides everything says so, and offers to change it', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await tree.contextMenu(product, 'Filter Tags…');
  await workbench.quickInput.enter('nothing');
  await tree.expand(product);
  await (await tree.row([...product, 'No tag matches nothing: Change Filter…'])).click();
  await screenshot('no match');
  await workbench.quickInput.enter('');
  await tree.row([...product, 'latest']);
});

test('several tags are selected and deleted together, after all were named', async () => {
  const { workbench, screenshot } = scenario();
  const { notifications, page } = workbench;
  const tree = workbench.tree('Registries');
  await (await tree.row([...product, 'dev-1'])).click();
  await (await tree.row([...product, 'dev-2'])).click({ modifiers: ['ControlOrMeta'] });
  await tree.contextMenu([...product, 'dev-2'], 'Delete Tag…');
  const question = await notifications.dialog('Delete 2 tags?');
  expect(question).toContain('team/product:dev-1');
  expect(question).toContain('team/product:dev-2');
  await screenshot('delete two');
  await notifications.answerDialog('Delete 2 Tags');
  await tree.waitForNoRow('dev-2');
  await tree.waitForNoRow('dev-1');
  await page.mouse.move(0, 0);
});

test('a tag that has moved says so, and compares with what it was', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await expect.poll(() => tree.description([...product, 'latest']), { timeout: patience }).toContain(' B');
  fill(registry, 'team/product', artifact(3), 'latest');
  await tree.contextMenu(product, 'Refresh');
  await expect.poll(() => tree.description([...product, 'latest']), { timeout: patience }).toContain('moved');
  expect(await tree.tooltip([...product, 'latest'])).toContain(artifact(2).root.descriptor.digest);
  await screenshot('moved');
  await workbench.page.mouse.move(0, 0);
  await tree.contextMenu([...product, 'latest'], 'Compare with What It Was');
  await workbench.quickInput.waitFor('product:latest');
  await screenshot('moved compare');
  await workbench.quickInput.cancel();
});

test('a tar layer opens as a folder, and nothing in it is more than text', async () => {
  const { workbench, screenshot } = scenario();
  const { page } = workbench;
  const tree = workbench.tree('Registries');
  const root = [...team, 'image', '1.0.0'];
  await expect.poll(() => tree.description(root), { timeout: patience }).toContain(' B');
  await tree.expand([...root, 'layer', 'app']);
  await tree.row([...root, 'layer', '..', 'evil.sh']);
  await (await tree.row([...root, 'layer', 'app', 'settings.json'])).click();
  await page.locator('.editor-instance .view-lines', { hasText: '"answer":42' }).waitFor();
  await screenshot('layer');
});

test('repositories are searched by name, and the one that is chosen is shown', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await workbench.runCommand('Floe OCI: Search Repositories…');
  await quickInput.waitFor('Part of the name');
  await quickInput.fill('team/product');
  const labels = async () => (await quickInput.labels()).map((label) => label.trim());
  await expect.poll(labels, { timeout: patience }).toContain('team/product:latest');
  await screenshot('search');
  await quickInput.pick('team/product:latest');
  const selected = tree.root.locator('.monaco-list-row.selected', { hasText: 'latest' });
  await selected.waitFor();
});

test('old tags are chosen by a rule, and shown before anything is deleted', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  fill(registry, 'team/product', artifact(4), 'dev-3', '1.0.0');
  const tree = workbench.tree('Registries');
  await tree.contextMenu(product, 'Clean Up Tags…');
  await quickInput.waitFor('Which tags');
  await quickInput.enter('*');
  await quickInput.waitFor('How many of the newest stay');
  await quickInput.enter('0');
  await quickInput.waitFor('How many days old');
  await quickInput.enter('0');
  await quickInput.waitFor('Choose what goes');
  expect((await quickInput.labels()).sort()).toEqual(['1.0.0', 'dev-3', 'latest']);
  await screenshot('clean up');
  await quickInput.cancel();
});
