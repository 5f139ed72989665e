import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findProgram, PlainError } from '../../../scripts/lib/terminal.mjs';
import { patience } from './until.ts';

/**
 * What is done without: pages for an address bar that nobody sees, and a process kept ready, each of which takes a tenth
 * of what a window takes. The last list on Chromium's command line is the one that counts, so the others are Playwright's.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/**
 * No sandbox because tests run as root. A window does not live long enough to earn back what it costs to optimise its
 * scripts, nor are there processors to do it on the side. The rest keeps Chromium from talking to anyone but the page's
 * server.
 */
const flags = [
  '--no-sandbox',
  '--js-flags=--no-opt --no-maglev --single-threaded',
  `--disable-features=${disabledFeatures.join(',')}`,
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The size of a window: wide enough for a side bar, an editor and notifications beside each other. */
export const viewport = { width: 1280, height: 800 };

/**
 * Starts the machine's own Chromium without a window.
 *
 * @throws {PlainError} when there is none
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findProgram('chromium');
  if (executablePath === undefined) throw new PlainError('Chromium is missing (Debian: apt-get install chromium).');
  return await chromium.launch({ executablePath, args: flags });
}

/** A profile of its own: no storage shared with another, the clipboard readable. */
export async function newProfile(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  context.setDefaultTimeout(patience);
  return context;
}

/**
 * Lets VS Code in the browser keep secrets over a reload: it encrypts them with a key that it asks the server for, at
 * the path a cookie names. Without the cookie it keeps them in memory.
 */
export async function keepSecrets(context: BrowserContext, origin: string): Promise<void> {
  await context.addCookies([{ name: 'vscode-secret-key-path', value: '/mint-key', url: origin }]);
  const key = Buffer.alloc(32, 7);
  await context.route('**/mint-key', (route) => route.fulfill({ body: key, contentType: 'application/octet-stream' }));
}
