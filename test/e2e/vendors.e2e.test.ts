import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { artifact } from '../support/artifacts.ts';
import { ecrEnvironment, startEcrApi } from '../support/cloud/ecrApi.ts';
import { acrApi, garTags, harborApi } from '../support/registry/apis.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { PROFILES } from '../support/registry/profiles.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience } from './support/until.ts';

const sample = readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'));
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const robot = { ...PROFILES.Harbor.options.auth, username: 'robot$acme+ci' };
const projects = new Map([['acme', { immutable: /^v1\./ }]]);

const { Harbor, ECR, ACR, GAR } = PROFILES;
const harbor = await startRegistry({
  ...Harbor.options,
  auth: robot,
  adapters: [harborApi(robot, projects), ...(Harbor.options.adapters ?? [])],
});
const ecr = await startRegistry(ECR.options);
const api = await startEcrApi({ keys, account: undefined, content: ecr.content });
const acr = await startRegistry({
  ...ACR.options,
  adapters: [acrApi({ locked: /^v1\./ }), ...(ACR.options.adapters ?? [])],
});
const gar = await startRegistry({ ...GAR.options, adapters: [garTags, ...(GAR.options.adapters ?? [])] });

const vendors = [
  { name: 'Harbor', server: harbor, auth: robot, title: 'Harbor' },
  { name: 'ECR', server: ecr, auth: ECR.options.auth, title: 'Amazon ECR' },
  { name: 'ACR', server: acr, auth: ACR.options.auth, title: 'Azure Container Registry' },
  { name: 'GAR', server: gar, auth: GAR.options.auth, title: 'Google Artifact Registry' },
] as const;
for (const { server } of vendors) {
  fill(server, 'acme/prod/orders', artifact(1, { layers: 2, size: 40_000 }), 'v1.0.0');
  fill(server, 'acme/prod/orders', artifact(2, { layers: 1, size: 20_000 }), 'v2.0.0', 'latest');
}

const dockerConfig = await mkdtemp(path.join(os.tmpdir(), 'floe-oci-vendors-'));
const auths = vendors.map(({ server, auth: { username, password } }) => {
  return [server.host, { auth: Buffer.from(`${username}:${password}`).toString('base64') }];
});
await writeFile(path.join(dockerConfig, 'config.json'), JSON.stringify({ auths: Object.fromEntries(auths) }));

afterAll(async () => {
  await Promise.all(vendors.map(({ server }) => server.close()));
  await api[Symbol.asyncDispose]();
  await rm(dockerConfig, { recursive: true });
});

const scenario = useScenario('vendors', {
  files: { 'target/compiled_artifacts.json': sample },
  userSettings: {
    'floeOci.registries': vendors.map(({ name, server }) => ({ name, url: server.host, repositories: [] })),
  },
  // Their names are those of this machine; Harbor is found out by what it answers.
  machineSettings: { 'floeOci.registryOptions': { [ecr.host]: { provider: 'ecr' }, [gar.host]: { provider: 'gar' } } },
  env: {
    DOCKER_CONFIG: dockerConfig,
    ...ecrEnvironment(api, keys),
  },
});

const ORDERS = ['acme', 'prod', 'orders'] as const;
const read = (server: TestRegistry) => server.requests().filter(({ path: at }) => at.includes('/manifests/'));

test('a registry is what the user says that it is', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput } = workbench;
  const tree = workbench.tree('Registries');
  await workbench.openContainer('Floe OCI');
  await tree.contextMenu('ACR', 'Registry Kind…');
  await quickInput.waitFor('Choose what it is');
  await screenshot('kinds');
  await quickInput.pick('Azure Container Registry');
  await expect
    .poll(() => tree.description('ACR'), { timeout: patience })
    .toBe(`Azure Container Registry · ${acr.host}`);
});

test('a registry that lists only by project says so, and lists the one that is added', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  const closed = await tree.row(['GAR', 'Repositories not listed: Add…']);
  await screenshot('closed');
  await closed.click();
  await workbench.quickInput.waitFor('PROJECT/* for all of a project');
  await workbench.quickInput.enter('acme/*');
  await tree.row(['GAR', ...ORDERS]);
  await tree.row(['GAR', 'Others not listed: Add…']);
  expect(await workbench.notifications.all.count()).toBe(0);
  await screenshot('project');
});

describe.each(vendors)('$name', ({ name, server, title }) => {
  test('lists its repositories and describes their tags without a request for each', async () => {
    const { workbench, screenshot } = scenario();
    const tree = workbench.tree('Registries');
    await tree.titleAction('Collapse All');
    const described = await tree.description([name, ...ORDERS, 'v2.0.0']);
    expect(described).toMatch(name === 'ACR' ? /.* ago · [0-9a-f]{12}$/ : /20 kB · .* ago · [0-9a-f]{12}$/);
    expect(read(server)).toEqual([]);
    expect(await tree.description(name)).toBe(`${title} · ${server.host}`);
    await screenshot(`${name} tags`);
  });

  test('takes a push, and after a question makes the repository where a push does not', async () => {
    const { workbench, screenshot } = scenario();
    const { quickInput, notifications } = workbench;
    const tree = workbench.tree('Registries');
    const isNew = name === 'ECR';
    await tree.contextMenu(isNew ? name : [name, ...ORDERS], 'Push Compiled Artifacts Here…');
    await quickInput.waitFor('Choose a compiled_artifacts.json');
    await quickInput.pick('target/compiled_artifacts.json');
    if (isNew) {
      await quickInput.waitFor('Choose a repository');
      await quickInput.enter('acme/new');
    }
    await quickInput.waitFor('Type a tag');
    await quickInput.enter('3.0.0');
    if (isNew) {
      expect(await notifications.dialog()).toContain('ECR has no repository acme/new yet. Create it?');
      await screenshot('create repository');
      await notifications.answerDialog('Create Repository');
    }
    const repository = isNew ? 'acme/new' : 'acme/prod/orders';
    const isThere = () => server.content.repositories.get(repository)?.tags.has('3.0.0');
    await expect.poll(isThere, { timeout: patience }).toBe(true);
  });

  // Bytes come alike from all, so two stand for them: one with tokens, and one with a repository made just now.
  if (name === 'Harbor' || name === 'ECR') {
    test('is inspected and pulled from', async () => {
      const { workbench, folder } = scenario();
      const { quickInput, notifications } = workbench;
      const tree = workbench.tree('Registries');
      const repository = name === 'ECR' ? ['acme', 'new'] : ORDERS;
      await tree.contextMenu([name, ...repository, '3.0.0'], 'Open Manifest');
      await workbench.waitForTab(`${repository.at(-1)}@3.0.0.manifest.json`);
      await tree.contextMenu([name, ...repository, '3.0.0'], 'Pull…');
      await quickInput.waitFor('Pull ');
      await quickInput.enterPath(path.join(folder, `${name}.json`));
      await notifications.waitFor(`to ${name}.json`);
      expect(await readFile(path.join(folder, `${name}.json`))).toEqual(sample);
    });
  }

  test('loses a tag in its own way, and keeps what a rule keeps', async () => {
    const { workbench, screenshot } = scenario();
    const { notifications } = workbench;
    const tree = workbench.tree('Registries');
    const tagsOf = () => [...server.repository('acme/prod/orders').tags.keys()];
    await tree.contextMenu([name, ...ORDERS, 'latest'], 'Delete Tag…');
    await notifications.dialog('Delete the tag latest');
    await notifications.answerDialog('Delete Tag');
    await expect.poll(tagsOf, { timeout: patience }).not.toContain('latest');
    await tree.waitForNoRow('latest');
    if (name === 'GAR') return;
    await tree.contextMenu([name, ...ORDERS, 'v1.0.0'], 'Delete Tag…');
    const dialog = await notifications.dialog('Delete the tag v1.0.0');
    if (name === 'Harbor') expect(dialog).toContain('Some of its tags are immutable');
    await screenshot(`${name} delete`);
    await notifications.answerDialog('Delete Tag');
    const reason = name === 'ECR' ? 'cannot delete the tag v1.0.0' : 'v1.0.0 stays: a rule of the registry keeps';
    await notifications.waitFor(reason);
    await screenshot(`${name} kept`);
    expect(tagsOf()).toContain('v1.0.0');
  });
});

test('the page of the registry opens in the browser', async () => {
  const { workbench, context } = scenario();
  const tree = workbench.tree('Registries');
  const [page] = await Promise.all([
    context.waitForEvent('page'),
    tree.contextMenu(['Harbor', ...ORDERS, 'v2.0.0'], 'Open in Browser'),
  ]);
  // The server of a browser's VS Code stands in for its own machine, and then writes the address anew; an older one forgets its path.
  const address =
    /(\/harbor\/projects\/1\/repositories\/prod(?:%2F|\/)orders\/artifacts-tab\/artifacts\/v2\.0\.0|:\d+\/proxy\/\d+\/)$/;
  await expect.poll(() => page.url(), { timeout: patience }).toMatch(address);
  await page.close();
});

test('its tooltip says what it is and can do, in the dark too', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await workbench.runCommand('Preferences: Color Theme');
  await workbench.quickInput.fill('Dark Modern');
  await workbench.quickInput.pick('Dark Modern');
  await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
  const text = await tree.tooltip('Harbor');
  expect(text).toContain('Kind: Harbor');
  expect(text).toContain('delete tags');
  expect(text).toContain('robot$acme+ci');
  await screenshot('tooltip dark');
});
