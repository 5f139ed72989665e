import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { startRegistry } from '../support/registry/index.ts';
import { rejectedDocuments } from '../support/rejectedDocuments.ts';
import { useScenario } from './support/scenario.ts';
import { until } from './support/until.ts';

const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'), 'utf8');
const broken = sample.replace('"mode": "mesh"', '"mode": "solo"').replace(/\{/, '{\n  "nickname": "x",');
/** Nobody may ask it for anything because of a file. */
const registry = await startRegistry();
afterAll(() => registry.close());

const MANIFEST = `apiVersion: floe.dev/v1
kind: Manifest
artifacts:
  registry:
    uri: oci://${registry.host}/floe/ticket-sales
    auth:
      type: anonymous
    resilience:
      retry:
        jitter: 0.1
    cache:
      local_path: /tmp/cache
`;

/** Of those that are refused, what is marked in a file of its right name; what is no JSON or no text, VS Code says itself. */
const REJECTED = [
  'higher-major.json',
  'weights-beyond-one.json',
  'password.json',
  'key-twice.yaml',
  'username-and-password-ref.yaml',
];
const rejected = rejectedDocuments.filter(({ file }) => REJECTED.includes(file));
const nameIn = (file: string): string =>
  `${file}/${file.endsWith('.json') ? 'compiled_artifacts.json' : 'manifest.yaml'}`;

const scenario = useScenario('language', {
  files: {
    ...Object.fromEntries(rejected.map(({ file, bytes }) => [nameIn(file), bytes])),
    'compiled_artifacts.json': broken,
    'manifest.yaml': MANIFEST,
    'k8s/manifest.yaml': 'apiVersion: v1\nkind: Pod\nartifacts:\n  registry: none\n',
  },
});

async function open(file: string): Promise<void> {
  const { workbench } = scenario();
  await workbench.runCommand('Go to File...');
  await workbench.quickInput.fill(file);
  await workbench.quickInput.pick(path.basename(file));
  // A second tab of the name has its folder beside it.
  await workbench.waitForTab(new RegExp(`^\\s*${path.basename(file)}`));
}

/** The texts of the Problems view, once there are as many as expected. */
async function problems(count: number): Promise<readonly string[]> {
  const { page } = scenario().workbench;
  return await until(`${count} problems`, async () => {
    const texts = await page.locator('.markers-panel .monaco-list-row[aria-level="2"]').allInnerTexts();
    return texts.length === count && texts;
  });
}

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await scenario().workbench.page.keyboard.press(key);
}

test('what a push would refuse in a compiled_artifacts.json is in the Problems view, once and in its place', async () => {
  const { workbench, screenshot } = scenario();
  await open('compiled_artifacts.json');
  await workbench.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
  const found = await problems(2);
  await screenshot('document');
  expect(found.find((text) => text.includes('mode must be one of simple, centralized, mesh.'))).toMatch(
    /Floe OCI\s*\[Ln \d+, Col 11\]/,
  );
  expect(found.find((text) => text.includes('nickname is not known here.'))).toMatch(/\[Ln 2, Col 3\]/);
});

test('problems go away when they are mended', async () => {
  const { workbench } = scenario();
  await open('compiled_artifacts.json');
  await workbench.replaceText(sample);
  await workbench.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
  await problems(0);
});

test('the known mistakes of a manifest.yaml are marked, and mended in one step', async () => {
  const { workbench, screenshot } = scenario();
  await open('manifest.yaml');
  await workbench.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
  const found = await problems(2);
  expect(found.join('\n')).toContain('artifacts.registry.cache.local_path is not a known key; write path.');
  await screenshot('manifest');
  await open('manifest.yaml');
  await press('Control+g');
  await workbench.quickInput.enter(':12:9');
  await workbench.runCommand('Quick Fix...');
  const action = workbench.page.locator('.action-widget').getByText('Write path', { exact: true });
  await action.waitFor();
  await screenshot('fix');
  await press('Enter');
  await until('the key to be renamed', async () => (await workbench.editorText()).includes('      path: /tmp/cache'));
});

test('keys are proposed and explained', async () => {
  const { workbench, screenshot } = scenario();
  await open('manifest.yaml');
  await press('Control+g');
  await workbench.quickInput.enter(':12:99');
  await press('Enter', 'Control+Space');
  const widget = workbench.page.locator('.suggest-widget .monaco-list-row');
  await until('proposals', async () => (await widget.allInnerTexts()).some((text) => text.includes('ttl_hours')));
  await screenshot('proposals');
  await press('Escape', 'Control+z', 'Control+g');
  await workbench.quickInput.enter(':12:9');
  await workbench.runCommand('Show or Focus Hover');
  const hover = workbench.page.locator('.monaco-hover').getByText('The folder; a relative one starts at this file.');
  await hover.waitFor();
  await screenshot('hover');
});

test('documents that are refused say why, at the lines where it is', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.runCommand('View: Close All Editors');
  for (const { file } of rejected) {
    await workbench.runCommand('Go to File...');
    await workbench.quickInput.fill(nameIn(file));
    await until(`${file} to be found`, async () =>
      (
        await workbench.quickInput.rows
          .first()
          .innerText({ timeout: 1000 })
          .catch(() => '')
      ).includes(file),
    );
    await workbench.quickInput.accept();
    await workbench.page.locator('.breadcrumbs-control').getByText(file, { exact: true }).first().waitFor();
  }
  await workbench.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
  // The list has only the rows that are in view.
  await workbench.runCommand('View: Toggle Maximized Panel');
  const all = rejected.flatMap(({ problems }) => problems);
  const found = await problems(all.length);
  await screenshot('refused');
  for (const { path: place, line, message } of all) {
    const own = found.filter((text) => text.includes(`${place} ${message ?? ''}`));
    expect(own, place).not.toEqual([]);
    if (line !== undefined) expect(own.join('\n')).toContain(`[Ln ${line}, `);
  }
  await workbench.runCommand('View: Toggle Maximized Panel');
  await workbench.runCommand('View: Close All Editors');
});

test('the manifest.yaml of somebody else is left alone, and nobody was asked for anything', async () => {
  const { workbench } = scenario();
  await open('k8s/manifest.yaml');
  await workbench.page.waitForTimeout(1000);
  await workbench.runCommand('View: Focus Problems (Errors, Warnings, Infos)');
  await problems(0);
  expect(registry.requests()).toEqual([]);
});
