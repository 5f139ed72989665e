import { afterAll, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience } from './support/until.ts';

const registry = await startRegistry();
afterAll(() => registry.close());
fill(registry, 'team/product', artifact(1), '1.0.0', '2.0.0', '3.0.0');

const scenario = useScenario('unfold', {
  userSettings: {
    'floeOci.registries': [{ url: registry.host, repositories: [] }],
    'floeOci.cache.enabled': false,
    'floeOci.tree.pageSize': 1,
  },
});
const product = [registry.host, 'team', 'product'];

/** How many tags show what they consist of. */
const unfolded = async (): Promise<number> =>
  (await scenario().workbench.tree('Registries').texts()).filter((text) => text.startsWith('config ')).length;

test('a tag that is being unfolded while its repository gets more rows shows its own', async () => {
  const { workbench } = scenario();
  await workbench.openContainer('Floe OCI');
  const tree = workbench.tree('Registries');
  await tree.row([...product, '3.0.0']);
  registry.fail({ path: /manifests\//, fault: { kind: 'delay', milliseconds: 3_000 } });
  await tree.expand([...product, '3.0.0']);
  await (await tree.row('Load more…')).click();
  await tree.row([...product, '2.0.0']);
  await expect.poll(unfolded, { timeout: patience }).toBe(1);
  registry.clearFaults();
  // The tooltip of what came under the pointer would be in the way.
  await workbench.page.mouse.move(0, 0);
});

test('and so does one while the row of its registry says that it is paused', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  const fault = { kind: 'status', status: 429, headers: { 'retry-after': '2' } } as const;
  registry.fail({ path: /manifests\//, fault, times: 1 });
  await tree.expand([...product, '2.0.0']);
  await expect.poll(unfolded, { timeout: patience }).toBe(2);
});
