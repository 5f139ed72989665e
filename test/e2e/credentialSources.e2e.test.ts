import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience, until } from './support/until.ts';

const user = { username: 'ada', password: 'horse' };
const known = await startRegistry({ auth: user });
const stale = await startRegistry({ auth: { ...user, scheme: 'bearer', anonymousPull: true } });
const tokens = await startRegistry({ auth: { ...user, scheme: 'bearer' } });
/** Takes the tokens of nobody; what counts is where it sends for them. */
const foreign = await startRegistry({ auth: { ...user, scheme: 'bearer', realm: `${tokens.url}/token` } });
// Rows are found by their labels, so each registry has its own.
const repositories = new Map([
  [known, 'mine/product'],
  [stale, 'public/gadget'],
  [foreign, 'foreign/thing'],
]);
for (const [registry, repository] of repositories) fill(registry, repository, artifact(1), '1.0.0');

const dockerConfig = await mkdtemp(path.join(os.tmpdir(), 'floe-oci-docker-'));
const auth = (password: string) => ({ auth: Buffer.from(`ada:${password}`).toString('base64') });
const auths = {
  [known.host]: auth('horse'),
  [stale.host]: auth('an old horse'),
  [foreign.host]: auth('horse'),
};
await writeFile(path.join(dockerConfig, 'config.json'), JSON.stringify({ auths }));

afterAll(async () => {
  await Promise.all([known, stale, tokens, foreign].map((registry) => registry.close()));
  await rm(dockerConfig, { recursive: true });
});

const scenario = useScenario('credential sources', {
  userSettings: {
    'floeOci.registries': [...repositories].map(([{ host }, name]) => ({ url: host, repositories: [name] })),
  },
  env: { DOCKER_CONFIG: dockerConfig },
});

test('what Docker has signed in to is used, and its row says where that is from', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  const tree = workbench.tree('Registries');
  await tree.row([known.host, 'mine', 'product', '1.0.0']);
  const text = await tree.tooltip(known.host);
  await screenshot('docker');
  expect(text).toContain('Signed in as: ada');
  expect(text).toContain(path.join(dockerConfig, 'config.json'));
});

test('credentials for part of a registry are asked for on the row of that part', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  await workbench.tree('Registries').contextMenu([known.host, 'mine'], 'Edit Credentials…');
  await quickInput.waitFor('What are the credentials for?');
  expect(await quickInput.labels()).toEqual([known.host, `${known.host}/mine`]);
  await screenshot('reach');
  await quickInput.cancel();
});

test('a credential that is refused is done without where content is public, and the row says so', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await tree.row([stale.host, 'public', 'gadget', '1.0.0']);
  await expect
    .poll(() => tree.description(stale.host), { timeout: patience })
    .toBe('credentials refused, reading what is public');
  await screenshot('refused');
});

test('the row offers to edit it, and is well again with the right one', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  const tree = workbench.tree('Registries');
  await tree.inlineAction(stale.host, 'Edit Credentials…');
  await quickInput.waitFor('User name');
  await quickInput.enter('ada');
  await quickInput.waitFor('Password or access token');
  await quickInput.enter('horse');
  await quickInput.waitForClosed();
  await expect.poll(() => tree.description(stale.host), { timeout: patience }).toBe('');
  await tree.row([stale.host, 'public', 'gadget', '1.0.0']);
  await screenshot('edited');
});

describe('a token server on another host', () => {
  test('gets no password before the user has allowed it', async () => {
    const { workbench, screenshot } = scenario();
    const { notifications } = workbench;
    const tree = workbench.tree('Registries');
    await tree.expand(foreign.host);
    expect(await notifications.dialog()).toContain(`${foreign.host} wants your credentials sent to ${tokens.url}.`);
    await screenshot('token server');
    await notifications.answerDialog('Cancel');
    const told = `wants your credentials sent to ${new URL(tokens.url).host}, which you have not allowed`;
    await until('the row to say so', async () => {
      if ((await tree.texts()).some((text) => text.includes(told))) return true;
      // VS Code folds a row that is drawn anew while its children are asked for; unfolded, it may ask once more.
      if (await workbench.page.locator('.monaco-dialog-box').isVisible()) await notifications.answerDialog('Cancel');
      else await tree.expand(foreign.host);
      return false;
    });
    await screenshot('token server refused');
    expect(tokens.lines()).toEqual([]);
  });

  test('is asked about again when the user tries again, and gets it when allowed', async () => {
    const { workbench } = scenario();
    await workbench.runCommand('Floe OCI: Refresh');
    expect(await workbench.notifications.dialog()).toContain(tokens.url);
    await workbench.notifications.answerDialog('Send');
    await expect.poll(() => tokens.lines().length, { timeout: patience }).toBeGreaterThan(0);
  });

  test('is not asked about again in another window', async () => {
    const { workbench } = scenario();
    tokens.clearRequests();
    await workbench.reload();
    await workbench.tree('Registries').expand(foreign.host);
    await expect.poll(() => tokens.lines().length, { timeout: patience }).toBeGreaterThan(0);
  });
});
