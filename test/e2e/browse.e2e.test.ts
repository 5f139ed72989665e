import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { artifact, multiPlatform } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience, until } from './support/until.ts';

const open = await startRegistry();
const closed = await startRegistry({
  faults: [{ path: /_catalog/, fault: { kind: 'status', status: 403, code: 'DENIED' } }],
});
const gone = await startRegistry();
await gone.close();
/** One behind a page to sign in at, one that wants a password, and one that takes its time. */
const web = await startRegistry({ faults: [{ fault: { kind: 'html' } }] });
const guarded = await startRegistry({ auth: { username: 'ada', password: 'horse' } });
const slow = await startRegistry({ faults: [{ fault: { kind: 'delay', milliseconds: 600_000 } }] });
afterAll(() => Promise.all([open, closed, web, guarded, slow].map((each) => each.close())));

for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0']) fill(open, 'acme/tools/lint', artifact(1), version);
fill(open, 'acme/images/base', multiPlatform(2), 'latest');
fill(open, 'a-new-one', artifact(3));
fill(closed, 'team/product', artifact(4), '2.0.0');

const scenario = useScenario('browse', {
  userSettings: {
    'floeOci.registries': [
      { name: 'Open', url: `oci://${open.host}`, repositories: [] },
      { name: 'Closed', url: `oci://${closed.host}`, repositories: ['team/product'] },
      { name: 'Gone', url: gone.host, repositories: [] },
      { name: 'Web', url: web.host, repositories: [] },
      { name: 'Guarded', url: guarded.host, repositories: [] },
      { name: 'Slow', url: slow.host, repositories: [] },
    ],
    'floeOci.tree.pageSize': 3,
    'workbench.colorTheme': 'Default Dark Modern',
  },
});

test('registries show without a request', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  await workbench.tree('Registries').row('Gone');
  expect(await workbench.tree('Registries').texts()).toEqual([
    `Open ${open.host}`,
    `Closed ${closed.host}`,
    `Gone ${gone.host}`,
    `Web ${web.host}`,
    `Guarded ${guarded.host}`,
    `Slow ${slow.host}`,
  ]);
  await screenshot('registries');
  expect([...open.lines(), ...closed.lines()]).toEqual([]);
});

test('repositories are nested by their names, tags come page by page', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await tree.expand(['Open', 'acme', 'tools', 'lint']);
  await tree.row(['Open', 'acme', 'tools', 'lint', '1.1.0']);
  await screenshot('first page');
  await (await tree.row(['Open', 'acme', 'tools', 'lint', 'Load more…'])).click();
  await tree.row(['Open', 'acme', 'tools', 'lint', '1.0.0']);
  await tree.waitForNoRow('Load more…');
  await screenshot('second page');
});

test('an index shows its manifests, and they what they consist of', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await tree.expand(['Open', 'acme', 'images', 'base', 'latest', 'manifest']);
  await tree.row(['Open', 'acme', 'images', 'base', 'latest', 'manifest', 'file-0.bin']);
  await screenshot('index');
});

test('a repository without tags says so', async () => {
  const { workbench } = scenario();
  const tree = workbench.tree('Registries');
  await tree.expand(['Open', 'a-new-one']);
  await expect.poll(() => tree.description(['Open', 'a-new-one']), { timeout: patience }).toBe('no tags');
});

test('a registry that does not list its repositories says so, and shows those added by name', async () => {
  const { workbench, screenshot } = scenario();
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await tree.row(['Closed', 'Repositories not listed: Add…']);
  await tree.row(['Closed', 'team', 'product', '2.0.0']);
  await screenshot('closed catalog');
});

test('any artifact is pulled into a folder', async () => {
  const { workbench, folder, screenshot } = scenario();
  const { quickInput, notifications } = workbench;
  await workbench.tree('Registries').contextMenu(['Closed', 'team', 'product', '2.0.0'], 'Pull…');
  await quickInput.waitFor('into a folder');
  await screenshot('pull into');
  await quickInput.accept();
  await notifications.waitFor('Pulled 2 files');
  const [, first, second] = artifact(4).contents;
  expect(await readFile(path.join(folder, 'file-0.bin'))).toEqual(Buffer.from(first?.bytes ?? []));
  expect(await readFile(path.join(folder, 'file-1.bin'))).toEqual(Buffer.from(second?.bytes ?? []));
});

test('registries that are down, slow, no registry, or refuse say so in a row each, with what can be done, and leave the others alone', async () => {
  const { workbench, screenshot } = scenario();
  const { page } = workbench;
  const tree = workbench.tree('Registries');
  await tree.titleAction('Collapse All');
  await tree.expand('Slow');
  await until('the slow one to be asked', async () => slow.requests().length > 0);
  expect(await tree.description(['Gone', 'Cannot be reached'])).toContain(gone.host);
  expect(await tree.description(['Web', 'Not an answer of a registry'])).toContain(web.host);
  expect(await tree.contextMenuLabels(['Guarded', 'Sign in to see this'])).toEqual(['Show Log']);
  await tree.row(['Open', 'acme']);
  await screenshot('problems');
  for (const [label, actions] of [
    ['Cannot be reached', ['Retry']],
    ['Sign in to see this', ['Retry', 'Edit Credentials…']],
  ] as const) {
    const row = await tree.row(label);
    await row.hover();
    const buttons = row.locator('.actions .action-label');
    await buttons.first().waitFor();
    expect(await buttons.evaluateAll((each) => each.map((button) => button.getAttribute('aria-label')))).toEqual(
      actions,
    );
  }
  web.clearFaults();
  await tree.inlineAction(['Web', 'Not an answer of a registry'], 'Retry');
  await tree.row(['Web', 'No repositories: Push…']);
  await tree.contextMenu(['Gone', 'Cannot be reached'], 'Show Log');
  const channel = page.locator('.panel select option:checked', { hasText: 'Floe OCI' });
  await channel.first().waitFor({ state: 'attached' });
  await screenshot('log');
});
