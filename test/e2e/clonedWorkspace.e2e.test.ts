import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startRegistry } from '../support/registry/index.ts';
import { type Scenario, useScenario } from './support/scenario.ts';

const hostile = await startRegistry({ auth: { username: 'ada', password: 'horse' } });
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
});

describe('a cloned workspace that is trusted', () => {
  const scenario = useScenario('trusted workspace', { files: manifest, env });

  test('causes no request before somebody has asked for one', async () => {
    await lookAround(scenario());
    expect(hostile.lines()).toEqual([]);
  });
});
