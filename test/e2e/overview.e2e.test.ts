import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/terminal.mjs';
import { COMPILED_ARTIFACTS_TYPE } from '../../src/floe/mediaTypes.ts';
import { artifact, blob, emptyConfig, type Graph, imageIndex, imageManifest } from '../support/artifacts.ts';
import { startRegistry } from '../support/registry/index.ts';
import { fill } from './support/fill.ts';
import { useScenario } from './support/scenario.ts';
import { patience } from './support/until.ts';

const sample = JSON.parse(readFileSync(path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json'), 'utf8'));

interface Model {
  readonly name: string;
  readonly depends_on?: readonly string[];
  readonly quality_tier?: string;
}

/** What a person would see of a product of middling size. */
const MODELS: readonly Model[] = [
  { name: 'stg_bookings', depends_on: ['raw_bookings'], quality_tier: 'bronze' },
  { name: 'stg_sailings', depends_on: ['raw_sailings'], quality_tier: 'bronze' },
  { name: 'stg_vessels', quality_tier: 'bronze' },
  { name: 'stg_payments', quality_tier: 'bronze' },
  { name: 'int_bookings_paid', depends_on: ['stg_bookings', 'stg_payments'], quality_tier: 'silver' },
  { name: 'int_sailing_capacity', depends_on: ['stg_sailings', 'stg_vessels'], quality_tier: 'silver' },
  { name: 'fct_tickets_per_sailing', depends_on: ['int_bookings_paid', 'int_sailing_capacity'], quality_tier: 'gold' },
  { name: 'fct_revenue_per_route', depends_on: ['int_bookings_paid', 'stg_sailings'], quality_tier: 'gold' },
  { name: 'rpt_daily_sales', depends_on: ['fct_tickets_per_sailing', 'fct_revenue_per_route'] },
];

/** As large a product as anybody has: staging models, and twice two layers upon them. */
const LARGE: readonly Model[] = Array.from({ length: 600 }, (_, at) => ({
  name: `model_${at}`,
  quality_tier: ['bronze', 'silver', 'gold'][Math.min(2, Math.floor(at / 240))] ?? 'gold',
  ...(at >= 240 && { depends_on: [`model_${(at * 7) % 240}`, `model_${at - 120}`] }),
}));

const HOSTILE = '<img src=x onerror="document.title=1"> [click](command:workbench.action.quit) $(flame) \u202egnp.exe';

function floe(models: readonly Model[], annotations: Readonly<Record<string, string>> = {}): Graph {
  const transforms = { ...sample.transforms, models: models.map((model) => ({ compute: 'duckdb', ...model })) };
  const document = JSON.stringify({ ...sample, transforms }, undefined, 2);
  const layer = blob(document, { mediaType: COMPILED_ARTIFACTS_TYPE, title: 'compiled_artifacts.json' });
  const manifest = imageManifest([layer], {
    artifactType: COMPILED_ARTIFACTS_TYPE,
    annotations: {
      'io.floe.product.name': 'ticket-sales',
      'org.opencontainers.image.created': '2026-05-06T09:30:00Z',
      ...annotations,
    },
  });
  return { root: manifest, contents: [emptyConfig, layer, manifest] };
}

const registry = await startRegistry();
afterAll(() => registry.close());

const sales = floe(MODELS, {
  'org.opencontainers.image.source': 'https://github.com/tidewater-ferries/ticket-sales',
  'org.opencontainers.image.revision': '3b1f6f0c52a7c0a6b8f0d5b9c6a1d2e47f8093a4',
  'com.example.note': HOSTILE,
});
const { digest, mediaType, size } = sales.root.descriptor;
const about = { subject: { digest, mediaType, size } };
const signature = imageManifest([blob(90)], { artifactType: 'application/vnd.cncf.notary.signature', ...about });
const sbom = imageManifest([blob(91)], { artifactType: 'application/spdx+json', ...about });
fill(registry, 'floe/ticket-sales', sales, '1.2.0', 'latest', '1.2.0-prod');
for (const each of [signature, sbom]) {
  fill(registry, 'floe/ticket-sales', { root: each, contents: [blob(90), blob(91), each] });
}
fill(registry, 'floe/lake', floe(LARGE), '2.0.0');
/** One more than is drawn. */
const HUGE: readonly Model[] = Array.from({ length: 1_001 }, (_, at) => LARGE[at] ?? { name: `model_${at}` });
fill(registry, 'floe/lake', floe(HUGE), '3.0.0');
const layered = [9_000_000, 3_000_000, 400_000, 2_000].map((bytes, at) =>
  blob(100 + at, { size: bytes, title: `layer-${at}.bin` }),
);
const many = imageManifest(layered, { artifactType: 'application/vnd.example.test.v1' });
const platforms = ['amd64', 'arm64'].map((architecture, at) => {
  const { root, contents } = artifact(at);
  return { contents, root: { ...root, descriptor: { ...root.descriptor, platform: { os: 'linux', architecture } } } };
});
const index = imageIndex(platforms.map((each) => each.root));
fill(
  registry,
  'acme/image',
  { root: index, contents: [...platforms.flatMap(({ contents }) => contents), index] },
  'latest',
);
fill(registry, 'acme/image', { root: many, contents: [emptyConfig, ...layered, many] }, 'layered');

const scenario = useScenario('overview', {
  userSettings: {
    'floeOci.registries': [{ name: 'Acme', url: registry.host, repositories: [] }],
    'workbench.colorTheme': 'Default Dark Modern',
  },
});

const SALES = ['Acme', 'floe', 'ticket-sales', '1.2.0'] as const;

/** What the window can look like, and how VS Code marks that. */
const THEMES = [
  ['Light Modern', 'vs'],
  ['Dark High Contrast', 'hc-black'],
  ['Light High Contrast', 'hc-light'],
] as const;

async function inspect(row: readonly string[]): Promise<void> {
  await scenario().workbench.tree('Registries').contextMenu(row, 'Inspect');
}

test('a floe artifact shows what it is, who signed it and what its models are, and what it says is text', async () => {
  const { workbench, screenshot } = scenario();
  await workbench.openContainer('Floe OCI');
  await inspect(SALES);
  await workbench.waitForTab('ticket-sales@1.2.0.manifest.json');
  const page = scenario().workbench.overview;
  await page.getByRole('heading', { name: 'ticket-sales:1.2.0', level: 1 }).waitFor();
  await page.getByText('Present, not verified').waitFor();
  await page.getByText('Promoted to prod').waitFor();
  await page.getByRole('button', { name: /^model fct_revenue_per_route, gold tier/ }).waitFor();
  const text = await page.locator('body').innerText();
  expect(text).toContain('<img src=x onerror="document.title=1"> [click](command:workbench.action.quit)');
  expect(text).toContain('\\u{202e}gnp.exe');
  expect(await page.locator('img').count()).toBe(0);
  // High enough for all that there is to see.
  await workbench.page.setViewportSize({ width: 1280, height: 1400 });
  await screenshot('readme');
});

test('models are found and walked through by the keyboard, and open where they stand in the document', async () => {
  const { workbench, screenshot } = scenario();
  const { keyboard } = workbench.page;
  const page = scenario().workbench.overview;
  await page.getByRole('searchbox', { name: 'Search models' }).fill('fct_');
  await page.getByText('2 of 11').waitFor();
  await screenshot('search');
  await keyboard.press('Enter');
  await keyboard.press('ArrowLeft');
  await expect.poll(() => page.locator('.node:focus').getAttribute('aria-label')).toContain('model int_bookings_paid');
  await screenshot('walk');
  await keyboard.press('Enter');
  await workbench.waitForTab('ticket-sales@1.2.0.compiled_artifacts.json');
  await workbench.page.locator('.statusbar-item', { hasText: /selected\)/ }).waitFor();
  await screenshot('model');
  await workbench.runCommand('View: Close Editor');
});

test('layers are compared by size, and the manifests of an index lead on', async () => {
  const { screenshot } = scenario();
  await inspect(['Acme', 'acme', 'image', 'layered']);
  await scenario().workbench.overview.getByText('3 MB, 24 %', { exact: true }).waitFor();
  await screenshot('layers');
  await inspect(['Acme', 'acme', 'image', 'latest']);
  const page = scenario().workbench.overview;
  await page.getByRole('heading', { name: 'image:latest', level: 1 }).waitFor();
  await page.getByText('None was found').waitFor();
  await screenshot('index');
  await page.getByRole('button', { name: 'linux/arm64' }).click();
  await scenario()
    .workbench.overview.getByRole('heading', { name: /^image@[0-9a-f]{12}$/, level: 1 })
    .waitFor();
});

test('what cannot be read says why in its place, and is tried again', async () => {
  const { screenshot } = scenario();
  registry.fail({ method: 'GET', path: /\/referrers\//, fault: { kind: 'status', status: 403, code: 'DENIED' } });
  await inspect(['Acme', 'floe', 'lake', '2.0.0']);
  const page = scenario().workbench.overview;
  const alert = page.getByRole('alert');
  await alert.getByText('does not allow this').waitFor();
  await page.getByRole('button', { name: /^model model_599,/ }).waitFor();
  await screenshot('failed part');
  registry.clearFaults();
  await alert.getByRole('button', { name: 'Retry' }).click();
  await page.getByText('Nothing refers to this manifest.').waitFor();
  await page.getByRole('searchbox', { name: 'Search models' }).fill('model_599');
  await page.getByText('1 of 600').waitFor();
  await page.locator('.graph').scrollIntoViewIfNeeded();
  await screenshot('600 models');
});

test('models that are too many for a drawing are a list, which is searched and walked through by the keyboard', async () => {
  const { workbench, screenshot } = scenario();
  await inspect(['Acme', 'floe', 'lake', '3.0.0']);
  const page = workbench.overview;
  await page.getByText('More than 1000 models are listed and not drawn.').waitFor();
  await page.getByText('These are the first 500. Search for the others.').waitFor();
  const search = page.getByRole('searchbox', { name: 'Search models' });
  await search.fill('model_59');
  await page.getByText('11 of 1001').waitFor();
  await search.scrollIntoViewIfNeeded();
  await screenshot('list of models');
  await search.press('Enter');
  await page.getByRole('button', { name: /^model model_59, bronze tier,/ }).press('ArrowDown');
  await page.getByRole('button', { name: /^model model_590, gold tier,/ }).press('Enter');
  await workbench.waitForTab('lake@3.0.0.compiled_artifacts.json');
  await workbench.page.locator('.statusbar-item', { hasText: /selected\)/ }).waitFor();
  await workbench.runCommand('View: Close Editor');
});

test('it comes back with the window, in every kind of theme, and is reopened as text', async () => {
  const { workbench, screenshot } = scenario();
  const { quickInput, page } = workbench;
  await workbench.runCommand('View: Close All Editors');
  await inspect(SALES);
  await workbench.waitForTab('ticket-sales@1.2.0.manifest.json');
  await workbench.reload();
  // The window, its extension host and the page start one after the other.
  await workbench.overview.getByText('Present, not verified').waitFor({ timeout: 2 * patience });
  for (const [theme, kind] of THEMES) {
    await workbench.runCommand('Preferences: Color Theme');
    await quickInput.pick(theme);
    await page.locator(`.monaco-workbench.${kind}`).waitFor();
    await scenario().workbench.overview.locator('.node').first().waitFor();
    await screenshot(theme);
  }
  await workbench.runCommand('View: Reopen Editor With...');
  await quickInput.waitFor('Select editor for');
  await quickInput.pick('Text Editor');
  expect(JSON.parse(await workbench.editorText())).toMatchObject({ schemaVersion: 2 });
});
