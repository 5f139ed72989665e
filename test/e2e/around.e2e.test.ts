import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { push, sample, sampleFile } from './host/steps.ts';
import { viewport } from './support/browser.ts';
import { fill } from './support/fill.ts';
import { packExtension } from './support/packExtension.ts';
import { useScenario } from './support/scenario.ts';
import { until } from './support/until.ts';

const registry = await startRegistry();
const other = await startRegistry();
const locked = await startRegistry({ auth: { username: 'robot', password: 'secret' } });
fill(locked, 'acme/secret', artifact(1), '1');
fill(other, 'crew/gadget', artifact(2), '2.0.0');
const outside = await mkdtemp(path.join(tmpdir(), 'floe-oci-consumer-'));
const consumer = path.join(outside, 'consumer.vsix');
const report = path.join(outside, 'report.json');
await packExtension(path.join(import.meta.dirname, 'consumer'), consumer);
afterAll(async () => {
  await Promise.all([registry, other, locked].map((each) => each.close()));
  await rm(outside, { recursive: true });
});

const repository = [registry.host, 'floe', 'ticket-sales'];
const image = `${registry.host}/floe/ticket-sales:1.2.0`;
const taskOf = (command: string, file: string) => ({
  type: 'floe-oci',
  label: `${command} it`,
  command,
  reference: `oci://${image}`,
  path: file,
  problemMatcher: [],
});
const scenario = useScenario('around', {
  files: {
    [sampleFile]: sample,
    Dockerfile: `FROM ${image} AS sales\n`,
    'deploy.yaml': `image: ${image}\nother: oci://${other.host}/crew/gadget:2.0.0\n`,
    '.vscode/tasks.json': JSON.stringify({
      version: '2.0.0',
      tasks: [taskOf('push', sampleFile), taskOf('pull', 'pulled.json')],
    }),
  },
  extensions: [consumer],
  env: { CONSUMER_REPORT: report, CONSUMER_REGISTRY: registry.host, CONSUMER_LOCKED: locked.host },
  userSettings: {
    'floeOci.registries': [
      { url: registry.host, repositories: ['floe/ticket-sales'] },
      { url: locked.host, repositories: ['acme/secret'] },
    ],
  },
});

async function openFile(name: string): Promise<void> {
  const { workbench } = scenario();
  await workbench.runCommand('Go to File...');
  await workbench.quickInput.fill(name);
  // The search for it takes its time, and Enter before it is listed does nothing.
  await workbench.quickInput.pick(name);
  await workbench.waitForTab(name);
}

/** Ctrl+click. The key draws the link anew, so that it is not to be waited for afterwards. */
async function follow(link: Locator): Promise<void> {
  const { page } = scenario().workbench;
  await page.keyboard.press('Escape');
  const { x = 0, y = 0 } = (await link.boundingBox()) ?? {};
  await page.keyboard.down('Control');
  await page.mouse.move(x + 20, y + 8);
  await page.mouse.click(x + 22, y + 8);
  await page.keyboard.up('Control');
}

async function runTask(label: string): Promise<void> {
  const { workbench } = scenario();
  await workbench.runCommand('Tasks: Run Task');
  await workbench.quickInput.waitFor('Select the task to run');
  await workbench.quickInput.enter(label);
}

test('the walkthrough has a step for each thing to do, which is ticked off once it is done', async () => {
  const { workbench, screenshot } = scenario();
  const { page, quickInput } = workbench;
  await workbench.openContainer('Floe OCI');
  await workbench.runCommand('Welcome: Open Walkthrough...');
  await quickInput.enter('Get Started with Floe OCI');
  const steps = page.locator('.getting-started-step');
  await steps.first().waitFor();
  expect(await steps.count()).toBe(6);
  const push = steps.filter({ hasText: 'Push an artifact' });
  await push.click();
  await push.getByRole('button', { name: 'Push Compiled Artifacts' }).click();
  await quickInput.waitFor('Choose a compiled_artifacts.json');
  await quickInput.cancel();
  await push.locator('[aria-checked=true]').waitFor();
  // Pictures are for windows that have room for them.
  await page.setViewportSize({ ...viewport, width: 1.5 * viewport.width });
  const media = page.frameLocator('.getting-started-media iframe').frameLocator('#active-frame');
  await media.locator('svg').waitFor();
  await screenshot('walkthrough');
  await page.setViewportSize(viewport);
});

test('tasks push and pull in the process of the extension', async () => {
  const { folder, screenshot } = scenario();
  await runTask('push it');
  await until('the tag', async () => registry.repository('floe/ticket-sales').tags.has('1.2.0'));
  await runTask('pull it');
  const pulled = await until('the file', () => readFile(path.join(folder, 'pulled.json')));
  expect(pulled).toEqual(sample);
  await screenshot('tasks');
});

test('a reference in a file says what it is, and opens when it is clicked', async () => {
  const { workbench, screenshot } = scenario();
  const { page, notifications } = workbench;
  await openFile('deploy.yaml');
  const link = page.locator('.detected-link', { hasText: image }).first();
  await link.hover();
  const hover = page.locator('.monaco-hover:visible', { hasText: 'sha256:' });
  await hover.waitFor();
  await screenshot('hover');
  await follow(link);
  await workbench.waitForTab('ticket-sales@1.2.0.manifest.json');
  await openFile('deploy.yaml');
  await follow(page.locator('.detected-link', { hasText: other.host }).first());
  await notifications.waitFor(`${other.host} is not connected`);
  await screenshot('link to a registry that is not connected');
  expect(other.requests()).toEqual([]);
  await openFile('Dockerfile');
  await page.locator('.detected-link', { hasText: image }).hover();
  await hover.waitFor();
});

test('a link from elsewhere shows what it names, after VS Code has asked', async () => {
  const { workbench, screenshot } = scenario();
  const { notifications, quickInput } = workbench;
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Developer: Open URL');
  await quickInput.enter(`vscode://floe.floe-oci/open?ref=${encodeURIComponent(`oci://${image}`)}`);
  await notifications.dialog('Floe OCI');
  await screenshot('link');
  await notifications.answerDialog('Open');
  await workbench.waitForTab('ticket-sales@1.2.0.manifest.json');
  await workbench.runCommand('Developer: Open URL');
  await quickInput.enter('vscode://floe.floe-oci/open?ref=layout:/etc');
  await notifications.answerDialog('Open');
  await notifications.waitFor('This link to Floe OCI cannot be opened');
});

test('an artifact goes to the clipboard as a snippet', async () => {
  const { workbench } = scenario();
  for (const [tool, start, contained] of [
    ['Kubernetes', 'volumes:', `reference: "${image}"`],
    ['Flux', 'apiVersion: source.toolkit.fluxcd.io', `url: "oci://${registry.host}/floe/ticket-sales"`],
  ] as const) {
    const entry = 'Copy as Kubernetes, Helm or Flux Snippet…';
    await workbench.tree('Registries').contextMenu([...repository, '1.2.0'], entry);
    await workbench.quickInput.pick(tool);
    const text = await until('the snippet', async () => {
      const copied = await workbench.clipboard();
      return copied.startsWith(start) && copied;
    });
    expect(text).toContain(contained);
  }
});

test('another extension uses the API, and models the tools', async () => {
  const { workbench, folder, screenshot } = scenario();
  await workbench.runCommand('Consumer: Use Floe OCI');
  const content = await until('the report', async () => JSON.parse(await readFile(report, 'utf8')));
  const digest = registry.repository('floe/ticket-sales').tags.get('1.2.0');
  expect(content).toMatchObject({
    unknown: expect.stringContaining('version 1 of its API'),
    inspected: digest,
    listed: ['1.2.0'],
    pulled: [path.join(folder, 'by-api.json')],
    unlocked: 'application/vnd.example.test.v1',
    missing: expect.stringContaining('9.9.9'),
    tags: expect.stringContaining('<untrusted-registry-data>'),
    stranger: expect.stringContaining('connected'),
  });
  expect(content.tools.toSorted()).toEqual([
    'floe-oci_compare',
    'floe-oci_get_manifest',
    'floe-oci_list_tags',
    'floe-oci_pull',
  ]);
  expect(content.asked).toContain(locked.host);
  expect(await readFile(path.join(folder, 'by-api.json'))).toEqual(sample);
  // What it says of artifacts of its types is on their rows.
  await push('Local store', 'floe/local', workbench);
  await workbench.tree('Local Store').rows.filter({ hasText: 'by Consumer' }).first().waitFor();
  await screenshot('api');
});
