import { expect, test } from 'vitest';
import { useScenario } from './support/scenario.ts';

const scenario = useScenario('activation', { allBuiltIn: true });

test('the packed extension is installed, shows its container and activates', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  expect(await workbench.activation('Floe OCI')).toMatch(/^Activation: \d+ms$/);
  await screenshot('activated');
});
