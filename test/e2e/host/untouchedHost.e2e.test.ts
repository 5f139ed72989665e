import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startRegistry } from '../../support/registry/index.ts';
import { useScenario } from '../support/scenario.ts';
import { until } from '../support/until.ts';
import { packProbe } from './probe.ts';
import { connect, push, sample, sampleFile } from './steps.ts';

const registry = await startRegistry();
const probe = await packProbe();
afterAll(() => Promise.all([registry.close(), probe[Symbol.asyncDispose]()]));

const scenario = useScenario('untouched host', {
  files: { [sampleFile]: sample },
  extensions: [probe.vsix],
  env: probe.env,
  machineSettings: { 'floeOci.network.client': 'auto' },
  // Some of them leave names in the host too: as with all of them, that is before anybody looks.
  allBuiltIn: true,
});

test('with the network of VS Code, the extension leaves its host as it was', async () => {
  const { workbench, screenshot } = scenario();
  await probe.started();
  await connect(registry, workbench);
  await pushAndPull('by-fetch');
  await screenshot('auto');
  expect(sentByFetch()).toEqual(new Set([true]));
  await expectUntouched();
});

test('with a network client of its own, the extension leaves its host as it was', async () => {
  const { workbench, home, screenshot } = scenario();
  await writeFile(path.join(home, 'data/Machine/settings.json'), '{ "floeOci.network.client": "undici" }');
  // Another host, in which nothing has been sent. Ours is not to be active from its start, as a view in sight makes it.
  await until('a window that starts without our views', async () => {
    await workbench.openContainer('Explorer');
    // In a browser the last change of the layout may come too late to be kept.
    await workbench.reload();
    return (await workbench.page.locator('.sidebar .composite.title').innerText()).toLowerCase().includes('explorer');
  });
  await probe.started();
  registry.clearRequests();
  await connect(registry, workbench);
  await pushAndPull('by-undici');
  // Its locks bring in what hooks into the end of a process.
  await push('Local store', 'by-undici', workbench);
  await screenshot('undici');
  expect(sentByFetch()).toEqual(new Set([false]));
  await expectUntouched();
});

async function pushAndPull(repository: string): Promise<void> {
  const { workbench, folder } = scenario();
  const file = path.join(folder, `${repository}.json`);
  await push(registry.host, repository, workbench);
  await workbench.tree('Registries').contextMenu([registry.host, repository, '1.2.0'], 'Pull…');
  await workbench.quickInput.waitFor(`Pull ${registry.host}`);
  await workbench.quickInput.enterPath(file);
  await workbench.notifications.waitFor('Pulled');
  expect(await readFile(file)).toEqual(sample);
}

/** Of all clients only fetch says how it came to send a request. */
function sentByFetch(): ReadonlySet<boolean> {
  return new Set(registry.requests().map(({ headers }) => headers['sec-fetch-mode'] !== undefined));
}

async function expectUntouched(): Promise<void> {
  await scenario().workbench.runCommand('Probe: Look Again');
  const { before, after, put } = await probe.report();
  expect([before.isActive, after.isActive]).toEqual([false, true]);
  expect(after.shared).toEqual(before.shared);
  expect(put).toBe('PUT 4 four');
}
