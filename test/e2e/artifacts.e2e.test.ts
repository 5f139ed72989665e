import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { COMPILED_ARTIFACTS_TYPE } from '../../src/floe/mediaTypes.ts';
import { artifact, blob, emptyConfig, type Graph, imageManifest, manifestOf } from '../support/artifacts.ts';
import { startDockerRegistry } from '../support/dockerRegistry.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { drag } from './support/treeView.ts';
import { patience, until } from './support/until.ts';

const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'), 'utf8');
const changed = sample
  .replace('"product_version": "1.2.0"', '"product_version": "1.3.0"')
  .replace('"name": "stg_bookings"', '"name": "stg_reservations"')
  .replace('"data_retention_days": 730', '"data_retention_days": 365');

/** A registry with all that the specification has, and one of those that people have: no referrers, no deletion of tags. */
const registry = await startRegistry();
const plain = await startDockerRegistry();
afterAll(() => Promise.all([registry.close(), plain.stop()]));

function floe(document: string): Graph {
  const layer = blob(document, { mediaType: COMPILED_ARTIFACTS_TYPE, title: 'compiled_artifacts.json' });
  const manifest = imageManifest([layer], { artifactType: COMPILED_ARTIFACTS_TYPE });
  return { root: manifest, contents: [emptyConfig, layer, manifest] };
}

const tool = artifact(1);
const { digest, mediaType, size } = tool.root.descriptor;
const about = { subject: { digest, mediaType, size } };
const signature = imageManifest([blob(90)], { artifactType: 'application/vnd.cncf.notary.signature', ...about });
const sbom = imageManifest([blob(91)], { artifactType: 'application/spdx+json', ...about });
const index = manifestOf({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] });

fill(registry, 'acme/tool', tool, 'v1.10.0', 'stable');
fill(registry, 'acme/tool', artifact(2), 'v1.9.0');
fill(registry, 'acme/tool', artifact(3), 'latest');
for (const referrer of [signature, sbom]) {
  const blobs = [blob(90), blob(91)];
  fill(registry, 'acme/tool', { root: referrer, contents: [...blobs, referrer] });
}
fill(registry, 'acme/tool', { root: index, contents: [index] }, digest.replace(':', '-'));
fill(registry, 'floe/ticket-sales', floe(sample), '1.2.0');
fill(registry, 'floe/ticket-sales', floe(changed), '1.3.0');

const scenario = useScenario('artifacts', {
  files: {
    'docs/guide.md': '# Guide\n',
    'docs/more/faq.md': '# Questions\n',
    'app.spdx.json': '{"spdxVersion":"SPDX-2.3"}',
  },
  userSettings: {
    'floeOci.registries': [
      { name: 'Full', url: registry.host, repositories: [] },
      { name: 'Plain', url: plain.host, repositories: [] },
    ],
    'workbench.colorTheme': 'Default Dark Modern',
  },
});

const TOOL = ['Full', 'acme', 'tool'] as const;
const SALES = ['Full', 'floe', 'ticket-sales'] as const;

test('tags are shown by version, and what refers to one below it by kind', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  const tree = workbench.tree('Registries');
  await tree.row([...TOOL, 'v1.10.0', '1 SBOM', 'SPDX']);
  await tree.row([...TOOL, 'v1.10.0', '1 signature']);
  expect(await tree.description([...TOOL, 'v1.10.0', '1 signature'])).toContain('not verified');
  const tags = (await tree.texts())
    .map((text) => text.split(' ')[0] ?? '')
    .filter((text) => /^v1|latest|stable|sha/.test(text));
  expect(tags).toEqual(['v1.10.0', 'v1.9.0', 'latest', 'stable']);
  await screenshot('referrers');
});

test('tags are filtered, and their repository says how many there are', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  const tree = workbench.tree('Registries');
  await tree.contextMenu(TOOL, 'Filter Tags…');
  await quickInput.waitFor('Part of the tag');
  await quickInput.enter('v1.1*');
  await expect.poll(() => tree.description(TOOL), { timeout: patience }).toBe('v1.1*: 1 of 4');
  await tree.waitForNoRow('v1.9.0');
  await screenshot('filtered');
  await tree.inlineAction(TOOL, 'Filter Tags…');
  await quickInput.waitFor('Part of the tag');
  await quickInput.enter('');
  await tree.row([...TOOL, 'v1.9.0']);
});

test('tags are sorted in another way', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  await tree.contextMenu(TOOL, 'Sort Tags…');
  await workbench.quickInput.waitFor('Choose the order');
  await workbench.quickInput.pick('By Name');
  await expect.poll(() => tree.description(TOOL), { timeout: patience }).toBe('by name');
  const first = async () => (await tree.texts()).find((text) => /^(v1|latest|stable)/.test(text));
  await expect.poll(first, { timeout: patience }).toMatch(/^latest/);
});

test('an artifact is copied to another registry with what refers to it', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  const tree = workbench.tree('Registries');
  await tree.contextMenu([...TOOL, 'v1.10.0'], 'Copy to…');
  await quickInput.waitFor('Choose where');
  await quickInput.pick('Plain');
  await quickInput.waitFor('Choose a repository');
  await quickInput.pick('acme/tool');
  await quickInput.waitFor('Type a tag');
  await quickInput.pick('v1.10.0');
  await quickInput.waitFor('Choose what comes along');
  await screenshot('copy referrers');
  await quickInput.pick('With what refers to it');
  const said = await notifications.waitFor('Copied');
  expect(said).toContain(`${registry.host}/acme/tool:v1.10.0 to ${plain.host}/acme/tool:v1.10.0: 5 of 5 blobs`);
  expect(said).toContain('With 2 artifacts that refer to it.');
  await tree.titleAction('Collapse All');
  await tree.row(['Plain', 'acme', 'tool', 'v1.10.0', '1 signature']);
  expect((await tree.texts()).filter((text) => text.startsWith('sha256-'))).toEqual([]);
  await screenshot('copied');
});

test('a tag that the registry cannot delete alone goes only with its manifest, and the button says so', async () => {
  const { workbench, screenshot } = scenario();
  const { notifications } = workbench;
  const tree = workbench.tree('Registries');
  const tag = ['Plain', 'acme', 'tool', 'v1.10.0'] as const;
  await tree.contextMenu(tag, 'Delete Tag…');
  expect(await notifications.dialog()).toContain('Delete the tag v1.10.0');
  await notifications.answerDialog('Delete Tag');
  await notifications.press('cannot delete the tag v1.10.0 of acme/tool alone', 'Delete Manifest…');
  const dialog = await notifications.dialog();
  expect(dialog).toContain('This tag goes with it: v1.10.0.');
  expect(dialog).toContain('1 signature, 1 SBOM');
  await screenshot('delete manifest');
  await notifications.answerDialog('Delete Manifest and 1 Tag');
  await expect.poll(() => tree.description(['Plain', 'acme', 'tool']), { timeout: patience }).toBe('no tags');
});

test('a manifest is deleted only after its other tags were named', async () => {
  const { workbench } = scenario();
  const { notifications } = workbench;
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await tree.contextMenu([...TOOL, 'v1.10.0'], 'Delete Manifest…');
  expect(await notifications.dialog()).toContain('These tags go with it: stable, v1.10.0.');
  await notifications.answerDialog('Cancel');
  expect(registry.repository('acme/tool').tags.has('stable')).toBe(true);
  await tree.contextMenu([...TOOL, 'stable'], 'Delete Tag…');
  expect(await notifications.dialog()).toContain('What it names stays: v1.10.0 names it too.');
  await notifications.answerDialog('Delete Tag');
  await tree.waitForNoRow('stable');
  expect([...registry.repository('acme/tool').tags.keys()]).toContain('v1.10.0');
});

test('an artifact gets one more tag', async () => {
  const { workbench } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.tree('Registries').contextMenu([...TOOL, 'v1.9.0'], 'Add Tag…');
  await quickInput.waitFor('The new tag');
  await quickInput.enter('prod');
  await notifications.waitFor('now names the same as v1.9.0');
  await workbench.tree('Registries').row([...TOOL, 'prod']);
});

test('the line to pull it is that of the tool for its kind', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  await tree.contextMenu([...TOOL, 'v1.9.0'], 'Copy Pull Command');
  await expect.poll(() => workbench.clipboard()).toBe(`oras pull ${registry.host}/acme/tool:v1.9.0`);
});

test('several tags are copied together, each under its name, and pulled together, each into a folder', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await (await tree.row([...SALES, '1.3.0'])).click();
  await (await tree.row([...SALES, '1.2.0'])).click({ modifiers: ['ControlOrMeta'] });
  await tree.contextMenu([...SALES, '1.2.0'], 'Copy to…');
  await quickInput.waitFor('Choose where');
  await quickInput.pick('Plain');
  await quickInput.waitFor('Choose a repository');
  await quickInput.enter('floe/several');
  const question = await notifications.dialog('Copy 2 Tags?');
  for (const tag of ['1.2.0', '1.3.0']) {
    expect(question).toContain(`floe/ticket-sales:${tag} → ${plain.host}/floe/several:${tag}`);
  }
  await screenshot('copy two');
  await notifications.answerDialog('Copy');
  await notifications.waitFor('Copied 2 tags to Plain');
  const listed = await fetch(`${plain.url}/v2/floe/several/tags/list`);
  expect(await listed.json()).toEqual({ name: 'floe/several', tags: ['1.2.0', '1.3.0'] });
  // Where they went is shown, and that takes the selection.
  await tree.root.locator('.monaco-list-row.selected', { hasText: 'several' }).waitFor();

  await (await tree.row([...SALES, '1.3.0'])).click();
  await (await tree.row([...SALES, '1.2.0'])).click({ modifiers: ['ControlOrMeta'] });
  await tree.contextMenu([...SALES, '1.2.0'], 'Pull…');
  await quickInput.waitFor('Pull 2 artifacts');
  await quickInput.accept();
  await notifications.waitFor('Pulled 2 of 2 artifacts');
  const pulled = ['1.2.0', '1.3.0'].map((tag) => `floe-ticket-sales-${tag}/compiled_artifacts.json`);
  expect(await Promise.all(pulled.map((file) => readFile(path.join(folder, file), 'utf8')))).toEqual([sample, changed]);
});

test('compiled artifacts are compared as people speak of them, and as text', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await tree.contextMenu([...SALES, '1.2.0'], 'Select for Compare');
  await tree.contextMenu([...SALES, '1.3.0'], 'Compare with Selected');
  await quickInput.waitFor('Choose what to compare');
  await screenshot('compare');
  await quickInput.pick('Summary');
  await workbench.waitForTab('ticket-sales:1.2.0 ↔ ticket-sales:1.3.0.md');
  const text = await workbench.editorText();
  expect(text).toContain('- added `stg_reservations`');
  expect(text).toContain('- removed `stg_bookings`');
  expect(text).toContain('- `data_retention_days`: `730` → `365`');
  await screenshot('summary');
  await tree.contextMenu([...SALES, '1.3.0'], 'Compare with Selected');
  await quickInput.waitFor('Choose what to compare');
  await quickInput.pick('Manifest');
  await workbench.waitForTab(/ticket-sales:1\.2\.0 ↔ ticket-sales:1\.3\.0 \(manifest\)/);
  await workbench.page.locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .char-insert').first().waitFor();
  await screenshot('manifest diff');
  // Content, and of two registries.
  await tree.titleAction('Collapse All');
  await tree.contextMenu(['Plain', 'floe', 'several', '1.3.0'], 'Compare with Selected');
  await quickInput.waitFor('Choose what to compare');
  await quickInput.pick('compiled_artifacts.json');
  await workbench.waitForTab('ticket-sales:1.2.0 ↔ several:1.3.0 (compiled_artifacts.json)');
});

test('files are attached to an artifact and shown below it', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  const tree = workbench.tree('Registries');
  await tree.contextMenu([...SALES, '1.2.0'], 'Attach Files…');
  await quickInput.waitFor('Choose files, or a folder');
  await quickInput.pick('Files…');
  await quickInput.waitFor('Attach to');
  await quickInput.enterPath(path.join(folder, 'app.spdx.json'));
  await quickInput.waitFor('Choose the artifact type');
  await screenshot('artifact type');
  await quickInput.pick('application/spdx+json');
  await notifications.waitFor('Attached app.spdx.json');
  await tree.row([...SALES, '1.2.0', '1 SBOM', 'SPDX', 'app.spdx.json']);
  await screenshot('attached');
});

test('validation names what is not what it should be', async () => {
  const { workbench, screenshot } = scenario();
  const { notifications } = workbench;
  const [, layer] = floe(sample).contents;
  const lost = layer?.descriptor.digest ?? '';
  registry.repository('floe/ticket-sales').blobs.delete(lost);
  await workbench.tree('Registries').contextMenu([...SALES, '1.2.0'], 'Validate');
  expect(await notifications.waitFor('are not what their descriptors say')).toContain('1 of ');
  await notifications.press('are not what their descriptors say', 'Show Report');
  await workbench.waitForTab('validate 1.2.0.md');
  const text = await workbench.editorText();
  expect(text).toContain(lost);
  expect(text).toContain('NOT_FOUND');
  await screenshot('report');
});

test('a repository is mirrored to the Local store, as far as its tags match', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.tree('Registries').titleAction('Collapse All');
  await workbench.tree('Registries').contextMenu(TOOL, 'Mirror Repository…');
  await quickInput.waitFor('Tags to copy');
  await quickInput.enter('v1.*');
  await quickInput.waitFor('Choose where');
  await quickInput.pick('Local store');
  await quickInput.waitFor('Choose a repository');
  await quickInput.pick('acme/tool');
  await quickInput.waitFor('Choose what comes along');
  await quickInput.pick('The artifact alone');
  expect(await notifications.waitFor('Mirrored')).toContain('2 of 2 tags');
  const tree = workbench.tree('Local Store');
  await tree.row(['acme', 'tool', 'v1.10.0']);
  await screenshot('mirrored');
});

test('a manifest is deleted from the Local store with its tag', async () => {
  const { workbench } = scenario();
  const { notifications } = workbench;
  const tree = workbench.tree('Local Store');
  await tree.contextMenu(['acme', 'tool', 'v1.9.0'], 'Delete Manifest…');
  expect(await notifications.dialog()).toContain('This tag goes with it: v1.9.0.');
  await notifications.answerDialog('Delete Manifest and 1 Tag');
  await tree.waitForNoRow('v1.9.0');
  await tree.row(['acme', 'tool', 'v1.10.0']);
});

test('a folder is pushed as one layer', async () => {
  const { workbench, folder } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.runCommand('Floe OCI: Push Files or a Folder…');
  await quickInput.waitFor('Choose files, or a folder');
  await quickInput.pick('A Folder…');
  await quickInput.waitFor('Push Files');
  // The first Enter goes into the folder, the second takes it.
  await quickInput.enterPath(path.join(folder, 'docs'));
  await quickInput.row('more').waitFor();
  await quickInput.accept();
  await quickInput.waitFor('Choose the artifact type');
  await quickInput.accept();
  await quickInput.waitFor('Choose where');
  await quickInput.pick('Local store');
  await quickInput.waitFor('Choose a repository');
  await quickInput.enter('acme/docs');
  await quickInput.waitFor('Type a tag');
  await quickInput.enter('1.0.0');
  await notifications.waitFor('Pushed docs to acme/docs:1.0.0 in the Local store');
  await workbench.tree('Local Store').row(['acme', 'docs', '1.0.0', 'docs']);
});

test('a tag is dragged from the Local store to a registry, and from there into the editor', async () => {
  const { workbench, screenshot } = scenario();
  const { notifications, page } = workbench;
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await workbench.tree('Local Store').dragTo(['acme', 'docs', '1.0.0'], await tree.row('Plain'));
  expect(await notifications.dialog()).toContain(
    `Copy acme/docs:1.0.0 in the Local store to ${plain.host}/acme/docs:1.0.0?`,
  );
  await screenshot('dropped');
  await notifications.answerDialog('Copy');
  await notifications.waitFor('Copied acme/docs:1.0.0 in the Local store');
  await tree.dragTo(['Plain', 'acme', 'docs', '1.0.0'], page.locator('.editor-group-container.active'));
  await workbench.waitForTab('docs@1.0.0.manifest.json');
});

test('a file is dragged onto a repository to push it', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.runCommand('Go to File...');
  await quickInput.fill('guide.md');
  await quickInput.pick('guide.md');
  const repository = await workbench.tree('Registries').row(['Plain', 'acme', 'docs']);
  await drag(await workbench.waitForTab('guide.md'), repository);
  await quickInput.waitFor('Push guide.md');
  await screenshot('dropped file');
  await quickInput.accept();
  await quickInput.waitFor('Type a tag');
  await quickInput.enter('guide');
  await notifications.waitFor('Pushed guide.md');
  const listed = await fetch(`${plain.url}/v2/acme/docs/tags/list`);
  expect(await listed.json()).toEqual({ name: 'acme/docs', tags: ['1.0.0', 'guide'] });
});

test('a layout anywhere on the disk is opened by its reference', async () => {
  const { workbench, home } = scenario();
  const local = path.join(home, 'data/User/globalStorage/floe.floe-oci/local/acme/docs');
  await workbench.runCommand('Floe OCI: Open Reference…');
  await workbench.quickInput.waitFor('Reference of an artifact');
  await workbench.quickInput.enter(`layout:${local}:1.0.0`);
  await workbench.waitForTab('docs@1.0.0.manifest.json');
  await expect.poll(() => workbench.editorText(), { timeout: patience }).toContain('io.deis.oras.content.unpack');
});

test('transfers show in the status bar, and one that failed is tried again', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications, page } = workbench;
  const push = async (tag: string): Promise<void> => {
    await workbench.runCommand('Floe OCI: Push Compiled Artifacts…');
    await quickInput.waitFor('Choose a compiled_artifacts.json');
    await quickInput.pick('compiled_artifacts.json');
    await quickInput.waitFor('Choose where');
    await quickInput.enter(`${registry.host}/floe/transfers:${tag}`);
  };
  await writeFile(path.join(folder, 'compiled_artifacts.json'), sample);
  registry.fail({ method: 'PUT', path: /\/blobs\/uploads\//, fault: { kind: 'delay', milliseconds: 600_000 } });
  await push('1.0.0');
  await push('2.0.0');
  const status = page.locator('.statusbar-item', { hasText: '2 transfers' });
  await status.waitFor();
  await screenshot('two transfers');
  await status.click();
  await quickInput.waitFor('Choose the transfer to cancel');
  await screenshot('cancel transfer');
  await quickInput.pick(`Pushing to ${registry.host}/floe/transfers:2.0.0`);
  await page.locator('.statusbar-item', { hasText: '1 transfer' }).waitFor();
  await notifications.press('transfers:1.0.0', 'Cancel');
  await notifications.waitForNone('Pushing to');
  registry.clearFaults();
  registry.fail({
    method: 'PUT',
    path: /\/manifests\//,
    times: 1,
    fault: { kind: 'status', status: 403, code: 'DENIED' },
  });
  await push('1.0.0');
  await notifications.waitFor('does not allow this');
  await screenshot('failed');
  await workbench.runCommand('Floe OCI: Retry Transfer…');
  await notifications.waitFor('Pushed ticket-sales 1.2.0');
  await until(
    'the status bar to be free of transfers',
    async () => !(await page.getByText(/\d transfers?/).isVisible()),
  );
});

test('all of it can be read in a light theme', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
  await workbench.page.locator('.monaco-workbench.vs').waitFor();
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await tree.row([...TOOL, 'v1.10.0', '1 SBOM', 'SPDX']);
  await screenshot('light tree');
  await tree.contextMenu([...SALES, '1.3.0'], 'Compare with Selected');
  await workbench.quickInput.waitFor('Choose what to compare');
  await screenshot('light compare');
  await workbench.quickInput.cancel();
});
