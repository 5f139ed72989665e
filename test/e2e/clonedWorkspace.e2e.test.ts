import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { type Scenario, useScenario } from './support/scenario.ts';

const hostile = await startRegistry({ auth: { username: 'ada', password: 'horse' } });
fill(hostile, 'team/product', artifact(1), '1.0.0');
const folder = await mkdtemp(path.join(os.tmpdir(), 'floe-oci-docker-'));
const auth = Buffer.from('ada:horse').toString('base64');
await writeFile(path.join(folder, 'config.json'), JSON.stringify({ auths: { [hostile.host]: { auth } } }));
afterAll(async () => {
  await hostile.close();
  await rm(folder, { recursive: true });
});

/** A secret that the author of the repository knows the name of, and the host it is wanted at. */
const manifest = {
  'manifest.yaml': `apiVersion: floe.dev/v1
artifacts:
  registry:
    uri: oci://${hostile.host}/team/product
    auth:
      type: basic
      credentials_ref:
        source: env
        name: orders-robot
`,
  'target/compiled_artifacts.json': '{}',
};
const env = { DOCKER_CONFIG: folder, FLOE_SECRET_ORDERS_ROBOT: 'ada:horse', FLOE_REGISTRY_TOKEN: 'horse' };

/** What anybody does first in a folder. */
async function lookAround({ workbench, screenshot }: Scenario): Promise<void> {
  const { quickInput } = workbench;
  await workbench.openContainer('Floe OCI');
  await workbench.tree('Local Store').welcome.getByRole('button', { name: 'Push to the Local Store' }).waitFor();
  await workbench.runCommand('Go to File...');
  await quickInput.fill('manifest.yaml');
  await quickInput.pick('manifest.yaml');
  await workbench.waitForTab('manifest.yaml');
  await workbench.runCommand('Floe OCI: Refresh');
  await workbench.runCommand('Floe OCI: Pull…');
  await quickInput.waitFor('Choose where');
  await screenshot('manifest');
  await quickInput.cancel();
}

describe('a cloned workspace that is not trusted', () => {
  const scenario = useScenario('cloned workspace', {
    trusted: false,
    userSettings: { 'security.workspace.trust.startupPrompt': 'never' },
    files: {
      ...manifest,
      '.vscode/settings.json': JSON.stringify({
        'floeOci.registries': [{ url: hostile.host, repositories: ['team/product'] }],
        'floeOci.credentials.sources': ['docker'],
      }),
    },
    env,
  });

  test('causes no request to the host that it names, and so gets no secret there', async () => {
    await lookAround(scenario());
    expect(hostile.lines()).toEqual([]);
  });

  test('shows which host it names, and does not connect it without a word', async () => {
    const { workbench, screenshot } = scenario();
    const tree = workbench.tree('Registries');
    expect(await tree.description(hostile.host)).toBe('Named by manifest.yaml: Connect…');
    await (await tree.row(hostile.host)).click();
    expect(await workbench.notifications.dialog()).toContain('You have not trusted this workspace');
    await screenshot('connect');
    await workbench.notifications.answerDialog('Cancel');
    await workbench.runCommand('Floe OCI: Refresh');
    expect(hostile.lines()).toEqual([]);
  });
});

describe('a cloned workspace that is trusted', () => {
  const { DOCKER_CONFIG: _, ...secrets } = env;
  const scenario = useScenario('trusted workspace', { files: manifest, env: secrets });

  test('causes no request before somebody has asked for one', async () => {
    await lookAround(scenario());
    expect(hostile.lines()).toEqual([]);
  });

  test('connects its registry once its host is confirmed, and sends the secret once that is, too', async () => {
    const { workbench, screenshot } = scenario();
    const { notifications } = workbench;
    const tree = workbench.tree('Registries');
    await (await tree.row(hostile.host)).click();
    expect(await notifications.dialog()).toContain(`manifest.yaml names the registry ${hostile.host}`);
    await screenshot('connect');
    await notifications.answerDialog('Connect');
    expect(await notifications.dialog('asks for the secret env/orders-robot')).toContain(hostile.host);
    await screenshot('secret');
    expect(hostile.requests().filter(({ headers }) => headers['authorization'] !== undefined)).toEqual([]);
    await notifications.answerDialog('Send It');
    await tree.row([hostile.host, 'team', 'product', '1.0.0']);
    expect(await tree.description(hostile.host)).toBe('from manifest.yaml');
    await screenshot('connected');
    expect(await tree.tooltip(hostile.host)).toContain('Credential from: env/orders-robot');
  });

  test('that comes to name a secret which is not there says which, and takes it', async () => {
    const { workbench, screenshot } = scenario();
    const { notifications, quickInput } = workbench;
    const tree = workbench.tree('Registries');
    const changed = manifest['manifest.yaml'].replace('orders-robot', 'stock-robot');
    await workbench.replaceText(changed);
    // A file may change with a `git pull`: no dialog opens because of that.
    const missing = [hostile.host, 'A secret is missing'];
    expect(await tree.description(missing)).toContain('you have not allowed it yet (Retry asks)');
    await screenshot('secret not allowed yet');
    await tree.inlineAction(missing, 'Retry');
    expect(await notifications.dialog('asks for the secret env/stock-robot')).toContain(hostile.host);
    await notifications.answerDialog('Send It');
    await tree.row(missing);
    await screenshot('missing secret');
    await tree.inlineAction([hostile.host, 'A secret is missing'], 'Set Secret…');
    await quickInput.waitFor('User name');
    await quickInput.enter('ada');
    await quickInput.waitFor('Password or access token');
    await quickInput.enter('horse');
    await tree.row([hostile.host, 'team', 'product', '1.0.0']);
  });
});
