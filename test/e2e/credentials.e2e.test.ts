import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { SecretSearch } from '../support/secretSearch.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';

const PASSWORD = 'a horse of course';
const WRONG = 'another horse';
const registry = await startRegistry({ auth: { username: 'ada', password: PASSWORD } });
const other = await startRegistry();
afterAll(() => Promise.all([registry.close(), other.close()]));
fill(registry, 'team/product', artifact(1), '1.0.0');
// Nobody looks at it while signed in: what was looked at is in the cache.
fill(registry, 'lab/sample', artifact(3), '1.0.0');
fill(other, 'crew/gadget', artifact(2), '2.0.0');

const scenario = useScenario('credentials', {
  userSettings: { 'floeOci.registries': [{ url: registry.host, repositories: [] }] },
});

async function signIn(password: string): Promise<void> {
  const { quickInput } = scenario().workbench;
  await quickInput.waitFor('User name');
  await quickInput.enter('ada');
  await quickInput.waitFor('Password or access token');
  await quickInput.enter(password);
}

test('a registry that wants a password says so, and takes one from its row', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  const tree = workbench.tree('Registries');
  await tree.row([registry.host, 'Sign in to see this']);
  await screenshot('sign in');
  await tree.inlineAction([registry.host, 'Sign in to see this'], 'Edit Credentials…');
  await signIn(PASSWORD);
  await tree.row([registry.host, 'team', 'product', '1.0.0']);
  await screenshot('signed in');
});

test('whose credential is used, and where it comes from, is in the tooltip', async () => {
  const { workbench, screenshot } = scenario();
  const text = await workbench.tree('Registries').tooltip(registry.host);
  await screenshot('tooltip');
  expect(text).toContain('Signed in as: ada');
  expect(text).toContain("VS Code's secret storage");
});

test('after a restart one is still signed in', async () => {
  const { workbench } = scenario();
  registry.clearRequests();
  await workbench.reload();
  await workbench.tree('Registries').row([registry.host, 'team', 'product', '1.0.0']);
  expect(registry.requests().some(({ status }) => status === 200)).toBe(true);
});

test('a wrong password is said to be wrong, and the right one stays in use', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await tree.contextMenu(registry.host, 'Edit Credentials…');
  await signIn(WRONG);
  await workbench.quickInput.waitFor('does not accept this user name with this password');
  await screenshot('wrong password');
  await workbench.quickInput.cancel();
  await workbench.quickInput.waitForClosed();
  await workbench.runCommand('Floe OCI: Refresh');
  await tree.row([registry.host, 'team', 'product', '1.0.0']);
});

test('signing out forgets the password', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  await tree.contextMenu(registry.host, 'Sign Out');
  await workbench.notifications.waitFor('Signed out');
  await tree.row([registry.host, 'Sign in to see this']);
});

test('a command that needs a password offers to edit it, and goes on', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.runCommand('Floe OCI: Open Reference…');
  await quickInput.waitFor('Reference of an artifact');
  await quickInput.enter(`oci://${registry.host}/lab/sample:1.0.0`);
  await notifications.waitFor('wants you to sign in');
  await screenshot('unauthorized');
  await notifications.press('wants you to sign in', 'Edit Credentials…');
  await signIn(PASSWORD);
  await workbench.waitForTab('sample@1.0.0.manifest.json');
});

test('a reference into a registry that is not connected asks first', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.runCommand('Floe OCI: Open Reference…');
  await quickInput.waitFor('Reference of an artifact');
  await quickInput.enter(`oci://${other.host}/crew/gadget:2.0.0`);
  await notifications.waitFor(`${other.host} is not connected`);
  await screenshot('not connected');
  expect(other.lines()).toEqual([]);
  await notifications.press(`${other.host} is not connected`, 'Connect');
  await workbench.waitForTab('gadget@2.0.0.manifest.json');
  await workbench.tree('Registries').row(other.host);
});

test('reference and digest go to the clipboard', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  const tag = [other.host, 'crew', 'gadget', '2.0.0'];
  await tree.contextMenu(tag, 'Copy Reference');
  await expect.poll(() => workbench.clipboard()).toBe(`oci://${other.host}/crew/gadget:2.0.0`);
  await tree.contextMenu(tag, 'Copy Digest');
  await expect.poll(() => workbench.clipboard()).toBe(artifact(2).root.descriptor.digest);
});

test('menus of rows hold what can be done with them', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  expect(await tree.contextMenuLabels([other.host, 'crew', 'gadget', '2.0.0'])).toEqual([
    'Pull…',
    'Copy to…',
    'Show What Would Move…',
    'Inspect',
    'Open Manifest',
    'Copy Reference',
    'Copy Digest',
    'Copy Pull Command',
    'Copy as Kubernetes, Helm or Flux Snippet…',
    'Add Tag…',
    'Attach Files…',
    'Validate',
    'Select for Compare',
    'Show Tag History…',
    'Refresh',
    'Delete Tag…',
    'Delete Manifest…',
  ]);
  expect(await tree.contextMenuLabels(other.host)).toEqual([
    'Push Compiled Artifacts Here…',
    'Push Files or a Folder…',
    'Restore from Backup…',
    'Search Repositories…',
    'Add Repository by Name…',
    'Registry Kind…',
    'Edit Credentials…',
    'Sign Out',
    'Refresh',
    'Disconnect Registry…',
  ]);
  await screenshot('menus');
});

test('a repository is added by name, and taken out again', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  await tree.contextMenu(other.host, 'Add Repository by Name…');
  await workbench.quickInput.waitFor('Its name, a reference');
  await workbench.quickInput.fill('Not A Name');
  await expect.poll(() => workbench.quickInput.message()).toContain('lower-case letters');
  await workbench.quickInput.enter('aaa/hidden');
  await tree.row([other.host, 'aaa', 'hidden']);
  await tree.contextMenu([other.host, 'aaa', 'hidden'], 'Remove Repository from View');
  await tree.waitForNoRow('aaa');
});

test('disconnecting asks, and leaves the registry as it is', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  other.clearRequests();
  await tree.contextMenu(other.host, 'Disconnect Registry…');
  expect(await workbench.notifications.dialog()).toContain(`Disconnect ${other.host}?`);
  await screenshot('disconnect');
  await workbench.notifications.answerDialog('Disconnect');
  await tree.waitForNoRow(other.host);
  expect(other.requests({ method: 'DELETE' })).toEqual([]);
});

test('no file that was written holds a password', async () => {
  const { home, folder } = scenario();
  const search = new SecretSearch();
  search.add('the password', PASSWORD);
  search.add('the wrong password', WRONG);
  // What is installed there was not written by it.
  const isLookedAt = (file: string): boolean => !file.startsWith(path.join(home, 'extensions'));
  expect(await search.leaksBelow(home, isLookedAt)).toEqual([]);
  expect(await search.leaksBelow(folder)).toEqual([]);

  const known = new SecretSearch();
  known.add('the registry', registry.host);
  // Otherwise it would have looked in the wrong place.
  expect(await known.leaksBelow(home, isLookedAt)).not.toEqual([]);
});
