import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { COMPILED_ARTIFACTS_TYPE } from '../../src/floe/mediaTypes.ts';
import { MediaType } from '../../src/oci/spec/mediaTypes.ts';
import {
  artifact,
  blob,
  type Content,
  emptyConfig,
  type Graph,
  imageIndex,
  imageManifest,
} from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { tarOf } from '../support/tar.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience } from './support/until.ts';

const registry = await startRegistry();
const closed = await startRegistry({
  faults: [{ path: /_catalog/, fault: { kind: 'status', status: 403, code: 'DENIED' } }],
});
const gone = await startRegistry();
await gone.close();
afterAll(() => Promise.all([registry.close(), closed.close()]));

function of(layers: readonly Content[], members: object = {}, config = emptyConfig): Graph {
  const root = imageManifest(layers, { ...members }, config);
  return { root, contents: [config, ...layers, root] };
}

const many = Array.from({ length: 300 }, (_, at) => `1.${at}.0`);
fill(registry, 'team/many', artifact(1), ...many);
fill(registry, 'team/product', artifact(2), 'dev-1', 'dev-2', 'latest');

const TAR = 'application/vnd.oci.image.layer.v1.tar';
const archive = gzipSync(
  tarOf(
    { name: 'app/', type: '5' },
    { name: 'app/settings.json', content: '{"answer":42}' },
    { name: '../evil\u202e.sh', content: 'x' },
    { name: 'app/link', type: '2', target: '/etc/passwd' },
  ),
);
fill(registry, 'team/image', of([blob(archive, { mediaType: `${TAR}+gzip` })]), '1.0.0');
/** More than is read without a question. */
const LARGE = 33 * 1024 * 1024;
fill(
  registry,
  'team/large',
  of([blob(tarOf({ name: 'big.bin', content: Buffer.alloc(LARGE) }), { mediaType: TAR })]),
  '1.0.0',
);

/** One of each kind there is, by its tag, with what its row says of it. */
const KINDS: Readonly<Record<string, { readonly graph: Graph; readonly shown: string }>> = {
  attestation: { graph: of([blob(10)], { artifactType: 'application/vnd.in-toto+json' }), shown: 'attestation' },
  chart: {
    graph: of([blob(11)], {}, blob('{}', { mediaType: 'application/vnd.cncf.helm.config.v1+json' })),
    shown: 'Helm chart',
  },
  floe: {
    graph: of([blob(12, { mediaType: COMPILED_ARTIFACTS_TYPE })], { artifactType: COMPILED_ARTIFACTS_TYPE }),
    shown: 'floe',
  },
  image: { graph: of([blob(13)], {}, blob('{} ', { mediaType: MediaType.imageConfig })), shown: 'image' },
  model: { graph: of([blob(14)], { artifactType: 'application/vnd.cncf.model.manifest.v1+json' }), shown: 'model' },
  sbom: { graph: of([blob(15)], { artifactType: 'application/spdx+json' }), shown: 'SBOM' },
  signature: { graph: of([blob(16)], { artifactType: 'application/vnd.cncf.notary.signature' }), shown: 'signature' },
  wasm: { graph: of([blob(17)], { artifactType: 'application/vnd.wasm.config.v0+json' }), shown: 'Wasm' },
};
for (const [tag, { graph }] of Object.entries(KINDS)) fill(registry, 'zoo/kinds', graph, tag);

const HOSTILE = '[click](command:workbench.action.quit) $(flame) <b>bold</b>';
const platforms = ['amd64', 'arm64'].map((architecture, at) => {
  const { root, contents } = of([blob(20 + at, { title: HOSTILE, size: 90_000 })]);
  return { contents, root: { ...root, descriptor: { ...root.descriptor, platform: { os: 'linux', architecture } } } };
});
const index = imageIndex(
  platforms.map(({ root }) => root),
  { annotations: { 'org.opencontainers.image.created': '2026-05-06T09:30:00Z' } },
);
fill(
  registry,
  'zoo/platforms',
  { root: index, contents: [...platforms.flatMap((each) => each.contents), index] },
  '1.0.0',
);
const { digest, mediaType, size } = index.descriptor;
for (const artifactType of ['application/vnd.cncf.notary.signature', 'application/vnd.cyclonedx+json']) {
  fill(registry, 'zoo/platforms', of([blob(30)], { artifactType, subject: { digest, mediaType, size } }));
}

const scenario = useScenario('tree', {
  userSettings: {
    'floeOci.registries': [
      { name: 'Closed', url: closed.host, repositories: [] },
      { name: 'Gone', url: gone.host, repositories: [] },
      { url: registry.host, repositories: [] },
    ],
    'floeOci.cache.enabled': false,
    'floeOci.tree.pageSize': 300,
  },
});
const team = [registry.host, 'team'];
const product = [...team, 'product'];
/** What the window can look like, and how VS Code marks that. */
const THEMES = [
  ['Light Modern', 'vs'],
  ['Dark Modern', 'vs-dark'],
  ['Dark High Contrast', 'hc-black'],
  ['Light High Contrast', 'hc-light'],
] as const;
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
  await (await tree.row([...product, 'No tag matches: Change Filter…'])).click();
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
  await tree.contextMenu([...product, 'latest'], 'Show Tag History…');
  await workbench.quickInput.waitFor('Choose one to compare it with now');
  const [now, before] = [artifact(3), artifact(2)].map(({ root }) => root.descriptor.digest.slice(7, 19));
  expect(await workbench.quickInput.labels()).toEqual([now, before]);
  await screenshot('history');
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
  // Everything is asked again, and what was unfolded stays so.
  registry.clearRequests();
  await tree.titleAction('Refresh');
  await expect.poll(() => registry.requests({ path: /\/blobs\// }).length, { timeout: patience }).toBe(1);
  await expect.poll(() => tree.texts(), { timeout: patience }).toContain('settings.json 13 B');
});

test('a large layer says how large it is, and is read only for who wants that', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  const layer = [...team, 'large', '1.0.0', 'layer'];
  registry.clearRequests();
  const offer = await tree.row([...layer, '34.6 MB to read: List What Is in It…']);
  expect(registry.requests({ path: /\/blobs\// })).toEqual([]);
  await offer.click();
  await tree.row([...layer, 'big.bin']);
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

test('every kind of artifact, what belongs to it and what is wrong can be read in every kind of theme', async () => {
  const { workbench, screenshot } = scenario();
  const { page, quickInput } = workbench;
  const tree = workbench.tree('Registries');
  // Room for all of it.
  await workbench.tree('Local Store').root.locator('.pane-header').click();
  await tree.titleAction('Collapse All');
  await tree.expand([...team, 'product']);
  const platform = [registry.host, 'zoo', 'platforms', '1.0.0', 'linux/amd64'];
  await tree.expand(platform);
  await tree.expand(['Closed']);
  await tree.row(['Closed', 'Repositories not listed: Add…']);
  await tree.row(['Gone', 'Cannot be reached']);
  await tree.expand([registry.host, 'zoo', 'platforms', '1.0.0', '1 signature']);
  await tree.expand([registry.host, 'zoo', 'kinds']);
  for (const [tag, { shown }] of Object.entries(KINDS)) {
    const description = () => tree.description([registry.host, 'zoo', 'kinds', tag]);
    await expect.poll(description, { timeout: patience }).toMatch(new RegExp(`^${shown} · 64 B · [0-9a-f]{12}$`));
  }
  const hostile = [...platform, '[click] (command:workbench.action.quit) $ (flame) <b>bold</b>'];
  expect(await tree.tooltip(hostile)).toContain('<b>bold</b>');
  expect(await page.locator('.monaco-hover:visible').locator('a, b, .codicon-flame').count()).toBe(0);
  await page.mouse.move(0, 0);
  for (const [theme, mark] of THEMES) {
    await workbench.runCommand('Preferences: Color Theme');
    await quickInput.fill(theme);
    await quickInput.pick(theme);
    await page.locator(`.monaco-workbench.${mark}`).waitFor();
    await screenshot(theme);
  }
});
