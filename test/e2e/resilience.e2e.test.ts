import { afterAll, describe, expect, test } from 'vitest';
import { artifact } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience } from './support/until.ts';

const registry = await startRegistry();
afterAll(() => registry.close());
fill(registry, 'team/product', artifact(1, { layers: 2, size: 40_000 }), '1.0.0', 'latest');

const scenario = useScenario('resilience', {
  userSettings: {
    'floeOci.registries': [{ url: registry.host, repositories: [] }],
    'floeOci.retry.maxAttempts': 1,
    'floeOci.retry.backoffMultiplier': 9,
    'floeOci.circuitBreaker.failureThreshold': 2,
  },
});

const tag = (name: string) => [registry.host, 'team', 'product', name];
const manifestsAsked = () => registry.requests().filter(({ path }) => path.includes('/manifests/')).length;

test('a setting out of range is named, with what is accepted', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  const said = await workbench.notifications.waitFor('backoffMultiplier');
  expect(said).toContain('floeOci.retry.backoffMultiplier is 9. Accepted is a number from 1 to 5');
  await screenshot('setting');
});

describe('the cache', () => {
  test('says that there is nothing in it yet', async () => {
    const { workbench, screenshot } = scenario();
    const cache = workbench.tree('Cache');
    await workbench.runCommand('Floe OCI: Show Cache');
    await cache.welcome.getByText('Nothing is cached yet').waitFor();
    await screenshot('cache empty');
  });

  test('shows what was looked at, with size, age and expiry', async () => {
    const { workbench, screenshot } = scenario();
    const [tree, cache] = [workbench.tree('Registries'), workbench.tree('Cache')];
    for (const name of ['1.0.0', 'latest']) await tree.expand(tag(name));
    const entries = `${registry.host}/team/product`;
    expect(await cache.description([entries, '1.0.0'])).toMatch(/ kB · checked just now · never expires$/);
    expect(await cache.description([entries, 'latest'])).toMatch(/ · expires in \d+ hours$/);
    await screenshot('cache filled');
    await workbench.runCommand('Preferences: Color Theme');
    await workbench.quickInput.fill('Dark Modern');
    await workbench.quickInput.pick('Dark Modern');
    await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
    await screenshot('cache filled dark');
  });

  test('answers in the next window, without a request', async () => {
    const { workbench } = scenario();
    await workbench.reload();
    registry.clearRequests();
    const tree = workbench.tree('Registries');
    await tree.row([...tag('latest'), 'config']);
    expect(manifestsAsked()).toBe(0);
    await workbench.runCommand('Floe OCI: Refresh');
    await expect.poll(manifestsAsked).toBeGreaterThan(0);
  });

  test('is verified, and cleared after a question', async () => {
    const { workbench, screenshot } = scenario();
    const { notifications } = workbench;
    await workbench.runCommand('Floe OCI: Verify Cache');
    expect(await notifications.waitFor('checked; all are as they should be')).toMatch(/^\d+ files? checked/);
    await workbench.runCommand('Floe OCI: Clear Cache…');
    expect(await notifications.dialog()).toContain('nothing changes in any registry');
    await screenshot('cache clear');
    await notifications.answerDialog('Clear');
    await workbench.tree('Cache').welcome.getByText('Nothing is cached yet').waitFor();
  });
});

describe('a registry that does not answer', () => {
  const row = async () => await scenario().workbench.tree('Registries').description(registry.host);
  const bar = () => scenario().workbench.page.locator('.statusbar-item[id$="floeOci.availability"]');

  test('is left alone, which its row, the badge and the status bar say', async () => {
    const { workbench, screenshot } = scenario();
    const tree = workbench.tree('Registries');
    registry.fail({ fault: { kind: 'status', status: 503 } });
    for (const _ of [1, 2]) {
      await tree.inlineAction(registry.host, 'Refresh');
      await tree.row([registry.host, 'Cannot be reached']);
    }
    await expect.poll(row).toMatch(/^not answering, next try at /);
    await bar().waitFor();
    expect(await bar().textContent()).toContain(`${registry.host} not answering`);
    await screenshot('not answering dark');
    await bar().hover();
    expect(await tree.tooltip(registry.host)).toContain('did not answer 2 times in a row');
    await screenshot('not answering tooltip dark');
  });

  test('is tried again when the user wants it, and then all is well', async () => {
    const { workbench, screenshot } = scenario();
    registry.clearFaults();
    await bar().click();
    await screenshot('retry dark');
    await workbench.notifications.press('did not answer 2 times', 'Retry Now');
    await workbench.tree('Registries').row(tag('1.0.0'));
    await bar().waitFor({ state: 'detached' });
    expect(await row()).toBe('');
  });

  test('that asks for patience is paused until it is over', async () => {
    const { workbench, screenshot } = scenario();
    const headers = { 'retry-after': '8' };
    registry.fail({ fault: { kind: 'status', status: 429, headers }, times: 1 });
    await workbench.tree('Registries').inlineAction(registry.host, 'Refresh');
    await expect.poll(row, { timeout: patience }).toMatch(/^paused until /);
    await screenshot('paused dark');
    await bar().waitFor({ state: 'detached' });
    expect(await row()).toBe('');
  });
});
