import { afterAll, expect, test } from 'vitest';
import { startRegistry } from '../support/registry/index.ts';
import { useScenario } from './support/scenario.ts';

const named = await startRegistry();
afterAll(() => named.close());

const scenario = useScenario('restricted', {
  trusted: false,
  userSettings: { 'security.workspace.trust.startupPrompt': 'never' },
  files: {
    '.vscode/settings.json': JSON.stringify({
      'floeOci.registries': [{ name: 'Named by the folder', url: named.host, repositories: ['a/b'] }],
    }),
  },
});

test('a folder that is not trusted names no registry, and nothing is sent because of it', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  await workbench.tree('Registries').welcome.getByRole('button', { name: 'Connect a Registry' }).waitFor();
  await workbench.tree('Local Store').welcome.getByRole('button', { name: 'Push to the Local Store' }).waitFor();
  await screenshot('views');
  expect(named.lines()).toEqual([]);
});

test('registries that the user connects work in it', async () => {
  const { workbench } = scenario();
  await workbench.runCommand('Floe OCI: Connect a Registry…');
  await workbench.quickInput.waitFor('Host, address, or a reference');
  await workbench.quickInput.enter(named.host);
  await workbench.tree('Registries').row(named.host);
});
