import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, inject, test } from 'vitest';
import {
  type EditorServer,
  type EditorServerOptions,
  installExtension,
  startEditorServer,
} from '../../../scripts/editor/editorServer.ts';
import { prepareEditor } from '../../../scripts/editor/prepareEditor.ts';
import type { EditorVersion } from '../../../scripts/editor/releases.ts';
import { root } from '../../../scripts/lib/terminal.mjs';
import { keepSecrets, launchBrowser, newProfile } from './browser.ts';
import { Workbench } from './workbench.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The VS Code that this run of the scenarios is about. */
    readonly editorVersion: EditorVersion;
    /** A folder of extensions with ours in it. */
    readonly installed: string;
    /** Where one server leaves what it has compiled of VS Code to the next. */
    readonly compiled: string;
  }
}

/**
 * What scenarios use of the hundred extensions that VS Code brings: its themes, and the languages that they write in.
 * To read the others takes a fifth of what each start and each reload takes.
 */
const builtIn = [
  'configuration-editing',
  'json',
  'json-language-features',
  'markdown-basics',
  'theme-defaults',
  'theme-seti',
  'yaml',
];

/** Nothing moves for its looks: every picture of a movement is drawn by the processors that the window itself needs. */
const calm = { 'workbench.reduceMotion': 'on' };

/** One browser for all the files that a worker runs; each has a profile of its own. */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads in the pattern what a fixture needs.
const withBrowser = test.extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const browser = await launchBrowser();
  onCleanup(() => browser.close());
  return browser;
});

/** What a scenario starts from. */
export interface ScenarioOptions extends Omit<EditorServerOptions, 'builtIn' | 'editor' | 'home' | 'port'> {
  /** Whether VS Code has all the extensions that it brings, as a user's has. Default: those that scenarios use. */
  readonly allBuiltIn?: boolean;
  /** Files of the workspace folder, by relative path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Another package than the extension's. */
  readonly vsix?: string;
  /** Packages installed besides. */
  readonly extensions?: readonly string[];
  /** What the window tells extensions that its language is, as the page of a language pack would. Default: English. */
  readonly language?: string;
}

/** A VS Code with the packed extension installed, its window open on a workspace folder of its own. */
export interface Scenario {
  readonly workbench: Workbench;
  readonly server: EditorServer;
  readonly context: BrowserContext;
  /** The workspace folder. */
  readonly folder: string;
  /** The server's own folder; the extension's storage is `data/User/globalStorage/floe.floe-oci` in it. */
  readonly home: string;
  /** Writes `test-results/e2e/<version>/<scenario>-<step>.png`. */
  screenshot(step: string): Promise<void>;
}

/**
 * Gives the tests of one file (or `describe`) a fresh VS Code that they share, in the order they are written in. A
 * failed test leaves a screenshot. The answer is a function because the window exists only while tests run.
 */
export function useScenario(name: string, options: ScenarioOptions = {}): () => Scenario {
  const resources = new AsyncDisposableStack();
  let scenario: Scenario | undefined;

  withBrowser.beforeAll(async ({ browser }) => {
    scenario = await openScenario(name, options, browser, resources);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await scenario?.screenshot(`failed ${task.name}`);
  });
  afterAll(async () => {
    await resources.disposeAsync();
  });

  return () => {
    if (scenario === undefined) throw new Error('A scenario exists only while its tests run');
    return scenario;
  };
}

async function openScenario(
  name: string,
  options: ScenarioOptions,
  browser: Browser,
  resources: AsyncDisposableStack,
): Promise<Scenario> {
  const { allBuiltIn = false, files = {}, vsix, extensions = [], language, ...serverOptions } = options;
  const userSettings = { ...calm, ...serverOptions.userSettings };
  const version = inject('editorVersion');
  const folders = await realpath(await mkdtemp(path.join(os.tmpdir(), 'floe-oci-e2e-')));
  resources.defer(() => rm(folders, { recursive: true, force: true, maxRetries: 5 }));
  const home = path.join(folders, 'vscode');
  const folder = path.join(folders, 'workspace');
  await mkdir(home);
  await writeFiles(folder, files);

  const editor = await prepareEditor(version);
  if (vsix === undefined) await cp(inject('installed'), path.join(home, 'extensions'), { recursive: true });
  for (const each of [...(vsix === undefined ? [] : [vsix]), ...extensions]) await installExtension(editor, home, each);
  // The credentials of whoever runs the tests are none of theirs.
  const own = { HOME: home, XDG_RUNTIME_DIR: home, DOCKER_CONFIG: path.join(home, '.docker') };
  const env = { ...own, NODE_COMPILE_CACHE: inject('compiled'), ...serverOptions.env };
  const server = resources.use(
    await startEditorServer({ ...serverOptions, ...(allBuiltIn ? {} : { builtIn }), userSettings, env, editor, home }),
  );
  const context = await newProfile(browser);
  resources.defer(() => context.close());
  await keepSecrets(context, server.url(folder));
  if (language !== undefined) await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${language}'`);
  const workbench = await Workbench.open(context, server.url(folder));
  const screenshot = (step: string) =>
    workbench.screenshot(path.join(root, 'test-results/e2e', version, `${fileName(`${name} ${step}`)}.png`));
  return { workbench, server, context, folder, home, screenshot };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

function fileName(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 100);
}
