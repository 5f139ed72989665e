import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser, newProfile } from '../../test/e2e/support/browser.ts';
import { Workbench } from '../../test/e2e/support/workbench.ts';
import { type EditorServer, installExtension, startEditorServer } from '../editor/editorServer.ts';
import { type Editor, prepareEditor } from '../editor/prepareEditor.ts';
import { newestEditor } from '../editor/releases.ts';
import { cache, PlainError, root, say } from '../lib/terminal.mjs';

/** The title of the extension and of its container in the activity bar. */
const extension = 'Floe OCI';

/** The browser keeps window state by address, so the same one each time is kinder; nothing else is known to use it. */
const preferredPort = 41706;

/**
 * Serves VS Code with the extension installed and the sample workspace open, until Ctrl+C.
 *
 * @throws {PlainError} when VS Code does not start, or ends by itself
 */
export async function serveWindow(vsix: string): Promise<void> {
  const editor = await prepareEditor(newestEditor);
  // What a person sets up in this VS Code is kept for the next start.
  const home = path.join(cache, 'start');
  await using server = await openSample(editor, { home, vsix, port: await freePort() });
  say(`VS Code ${editor.version} with ${extension} and a sample workspace:\n\n    ${server.url(sampleIn(home))}\n`);
  say(
    `Open it in a browser; ${extension} is in the activity bar on the left. Passwords typed there are kept until the`,
  );
  say('page is loaded again. Ctrl+C ends it.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), server.ended.then(unexpectedEnd)]);
  say('\nVS Code is stopped.');
}

/**
 * Opens the same in a browser without a window and checks that the extension activates.
 *
 * @throws {PlainError} when it does not
 */
export async function checkWindow(vsix: string): Promise<void> {
  const editor = await prepareEditor(newestEditor);
  await using resources = new AsyncDisposableStack();
  const home = await mkdtemp(path.join(os.tmpdir(), 'floe-oci-start-'));
  resources.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const server = resources.use(await openSample(editor, { home, vsix, port: 0 }));
  const browser = await launchBrowser();
  resources.defer(() => browser.close());
  const workbench = await Workbench.open(await newProfile(browser), server.url(sampleIn(home)));
  const picture = path.join(root, 'test-results/start.png');
  try {
    await workbench.openContainer(extension);
    const activation = await workbench.activation(extension);
    say(`VS Code ${editor.version} has activated ${extension} (${activation}).`);
  } catch (error) {
    throw new PlainError(`VS Code ${editor.version} did not activate ${extension}: ${error}`);
  } finally {
    await workbench.screenshot(picture);
    say(`Picture of the window: ${path.relative(root, picture)}`);
  }
}

interface Sample {
  readonly home: string;
  readonly vsix: string;
  readonly port: number;
}

async function openSample(editor: Editor, { home, vsix, port }: Sample): Promise<EditorServer> {
  await mkdir(home, { recursive: true });
  await cp(path.join(root, 'samples/ticket-sales'), sampleIn(home), { recursive: true });
  await installExtension(editor, home, vsix);
  return await startEditorServer({ editor, home, port });
}

/** A copy, so that what is pulled into the workspace does not land in the checkout. */
function sampleIn(home: string): string {
  return path.join(home, 'ticket-sales');
}

/** The preferred port, or 0 for any when another program has it. */
async function freePort(): Promise<number> {
  const probe = net.createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(preferredPort, '127.0.0.1', () => resolve(true));
  });
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free ? preferredPort : 0;
}

function unexpectedEnd(): never {
  throw new PlainError('VS Code ended by itself.');
}
