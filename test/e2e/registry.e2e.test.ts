import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { type DockerRegistry, startDockerRegistry } from '../support/dockerRegistry.ts';
import { useScenario } from './support/scenario.ts';
import { sha256 } from './support/sha256.ts';
import { patience } from './support/until.ts';

const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'));
const user = { name: 'ada', password: 'correct horse' };

let registry: DockerRegistry;
beforeAll(async () => {
  registry = await startDockerRegistry({ users: { [user.name]: user.password } });
});
afterAll(() => registry[Symbol.asyncDispose]());

const scenario = useScenario('registry', { files: { 'target/compiled_artifacts.json': sample } });

let digest = '';

test('leaving a prompt is silence', async () => {
  const { workbench } = scenario();
  await workbench.runCommand('Floe OCI: Connect a Registry…');
  await workbench.quickInput.waitFor('Host, address, or a reference');
  await workbench.quickInput.cancel();
  await workbench.quickInput.waitForClosed();
  expect(await workbench.notifications.all.count()).toBe(0);
});

test('an address that names no registry is refused while it is typed', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.runCommand('Floe OCI: Connect a Registry…');
  await workbench.quickInput.waitFor('Host, address, or a reference');
  await workbench.quickInput.fill('not a host');
  await expect.poll(() => workbench.quickInput.message()).toContain('"not a host" is not a reference');
  await screenshot('invalid address');
  await workbench.quickInput.cancel();
});

test('a wrong password is said to be wrong and asked for again', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  await workbench.runCommand('Floe OCI: Connect a Registry…');
  await quickInput.waitFor('Host, address, or a reference');
  await quickInput.enter(registry.host);
  await quickInput.waitFor('User name');
  await quickInput.enter(user.name);
  await quickInput.waitFor('Password or access token');
  await quickInput.enter('wrong horse');
  await quickInput.waitFor('does not accept this user name with this password');
  await screenshot('wrong password');
});

test('the right one connects the registry', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  await quickInput.enter(user.name);
  await quickInput.waitFor('Password or access token');
  await quickInput.enter(user.password);
  await quickInput.waitForClosed();
  await workbench.tree('Registries').row(registry.host);
  await screenshot('connected');
});

test('a push from the palette shows the new tag', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.runCommand('Floe OCI: Push Compiled Artifacts…');
  await quickInput.waitFor('Choose a compiled_artifacts.json');
  await screenshot('push file');
  await quickInput.pick('target/compiled_artifacts.json');
  await quickInput.waitFor('Choose where');
  await screenshot('push where');
  await quickInput.pick(registry.host);
  await quickInput.waitFor('Choose a repository');
  await quickInput.enter('floe/ticket-sales');
  await quickInput.waitFor('Type a tag');
  await screenshot('push tag');
  await quickInput.pick('1.2.0');
  const said = await notifications.waitFor('Pushed');
  digest = /sha256:[0-9a-f]{64}/.exec(said)?.[0] ?? '';
  await workbench.tree('Registries').row([registry.host, 'floe', 'ticket-sales', '1.2.0', 'compiled_artifacts.json']);
  await screenshot('pushed');
  expect(await digestInRegistry()).toBe(digest);
});

test('inspecting shows what was pushed, and the text of its manifest hashes to the digest', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.notifications.press('Pushed', 'Inspect');
  await workbench.overview.getByRole('button', { name: 'Open Manifest' }).click();
  expect(sha256(await workbench.editorText())).toBe(digest);
  await screenshot('manifest');
});

test('a reload keeps the tab, the password and the filter', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  const repository = [registry.host, 'floe', 'ticket-sales'];
  await tree.contextMenu(repository, 'Filter Tags…');
  await workbench.quickInput.waitFor('Part of the tag');
  await workbench.quickInput.enter('1.*');
  await workbench.reload();
  await workbench.waitForTab('ticket-sales@1.2.0.manifest.json');
  expect(sha256(await workbench.editorText())).toBe(digest);
  await workbench.openContainer('Floe OCI');
  await expect.poll(() => tree.description([...repository, '1.2.0']), { timeout: patience }).toContain('floe');
  expect(await tree.description(repository)).toBe('1.*: 1 of 1');
  await screenshot('reloaded');
});

test('pulling writes the same bytes', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.tree('Registries').contextMenu([registry.host, 'floe', 'ticket-sales', '1.2.0'], 'Pull…');
  await quickInput.waitFor(`Pull ${registry.host}`);
  await quickInput.enterPath(path.join(folder, 'pulled.json'));
  await notifications.waitFor('Pulled');
  await screenshot('pulled');
  expect(await readFile(path.join(folder, 'pulled.json'))).toEqual(sample);
});

test('a stopped registry is a row that says so, and leaves the Local store alone', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await registry.stop();
  await tree.titleAction('Refresh');
  await tree.expand(registry.host);
  await tree.row([registry.host, 'Cannot be reached']);
  await screenshot('stopped');
  await workbench.tree('Local Store').welcome.getByRole('button', { name: 'Push to the Local Store' }).waitFor();
  await registry.start();
  await tree.inlineAction([registry.host, 'Cannot be reached'], 'Retry');
  await tree.row([registry.host, 'floe']);
  await screenshot('started again');
});

async function digestInRegistry(): Promise<string | null> {
  const response = await fetch(`${registry.url}/v2/floe/ticket-sales/manifests/1.2.0`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.oci.image.manifest.v1+json',
      authorization: `Basic ${btoa(`${user.name}:${user.password}`)}`,
    },
  });
  return response.headers.get('docker-content-digest');
}
