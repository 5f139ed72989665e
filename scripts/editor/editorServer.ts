import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PlainError, runQuietly } from '../lib/terminal.mjs';
import type { Editor } from './prepareEditor.ts';

/** What an editor server is started with. */
export interface EditorServerOptions {
  readonly editor: Editor;
  /** Holds all that the server writes: settings, extensions, storage, its log `server.log`. */
  readonly home: string;
  /** The settings a user would write; `http.*` belongs here. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** Settings of scope `machine`, which a server ignores in the user's file. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** Added to the server's environment, which the extension host inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder names of those extensions that VS Code brings itself and is to have. Default: all of them. */
  readonly builtIn?: readonly string[];
  /** False starts folders in restricted mode. Default true: every folder is trusted without a question. */
  readonly trusted?: boolean;
  /** Default 0: a free one. */
  readonly port?: number;
}

/** A running VS Code server on the loopback interface. */
export interface EditorServer extends AsyncDisposable {
  readonly port: number;
  /** The address that opens `folder` in a browser. */
  url(folder: string): string;
  /** Fulfilled when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Ends the server and its extension hosts. Safe to call twice. */
  stop(): Promise<void>;
}

/** Longest start seen on two busy cores is 6 s. */
const startLimit = 60_000;
/** How long a server may take to end by itself before it is killed. */
const stopLimit = 5_000;

/** Nothing that talks to the network, asks, or moves while a person or a test looks at the window. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'remote.autoForwardPorts': false,
  // With the other source, the default, it lists all processes and what they have open, again and again.
  'remote.autoForwardPortsSource': 'output',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Installs a VSIX the way a user does.
 *
 * @throws {PlainError} with what VS Code says when it refuses the package
 */
export async function installExtension(editor: Editor, home: string, vsix: string): Promise<void> {
  const args = [editor.server, ...folderArgs(home), '--install-extension', vsix, '--force'];
  const said = await runQuietly(editor.node, args, { env: cleanEnvironment() });
  // It has ended with exit code 0 after a refusal.
  if (!said.includes('successfully installed')) throw new PlainError(`VS Code did not install ${vsix}:\n${said}`);
}

/**
 * Starts a VS Code server and returns when it answers.
 *
 * @throws {PlainError} when it ends or stays silent instead, with the name of its log
 */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const { editor, home, trusted = true } = options;
  await writeSettings(path.join(home, 'data/User'), { ...quietSettings, ...options.userSettings });
  await writeSettings(path.join(home, 'data/Machine'), options.machineSettings ?? {});
  const args = [
    editor.server,
    ...folderArgs(home),
    ...(options.builtIn === undefined ? [] : await builtInArgs(editor, home, options.builtIn)),
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    ...['--without-connection-token', '--accept-server-license-terms', '--telemetry-level', 'off'],
    // Else each window waits for a login shell, for variables of a profile that are ours already.
    '--force-disable-user-env',
    ...(trusted ? ['--disable-workspace-trust'] : []),
  ];
  const child = spawn(editor.node, args, {
    cwd: home,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.once('exit', () => process.removeListener('exit', killWithUs));
  const log = path.join(home, 'server.log');
  const port = await boundPort(child, log).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });
  const stop = () => end(child);
  return {
    port,
    url: (folder) => `http://127.0.0.1:${port}/?folder=${encodeURI(folder)}`,
    ended,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The server is told port 0 and prints the one it got. */
function boundPort(child: ChildProcess, logFile: string): Promise<number> {
  const log = createWriteStream(logFile, { flags: 'a' });
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => fail('said nothing'), startLimit);
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new PlainError(`VS Code's server ${what} before it was ready; its log is ${logFile}.`));
    };
    const listen = (chunk: Buffer) => {
      log.write(chunk);
      if (text.length > 100_000) return;
      text += chunk.toString('utf8');
      const bound = /Server bound to [^\s]+:(\d+)[\s\S]*Extension host agent started/.exec(text);
      if (bound === null) return;
      clearTimeout(timer);
      resolve(Number(bound[1]));
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) => fail(`could not start (${error.message})`));
    child.once('close', (code) => {
      log.end();
      fail(`ended (exit ${code})`);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const waiting = new AbortController();
  const late = delay(stopLimit, 'late' as const, { signal: waiting.signal }).catch(() => undefined);
  if ((await Promise.race([ended, late])) === 'late') child.kill('SIGKILL');
  await ended;
  waiting.abort();
}

async function writeSettings(folder: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

function folderArgs(home: string): string[] {
  return ['--server-data-dir', home, '--extensions-dir', path.join(home, 'extensions')];
}

async function builtInArgs(editor: Editor, home: string, names: readonly string[]): Promise<string[]> {
  const all = path.join(path.dirname(editor.server), '../extensions');
  const folder = path.join(home, 'built-in');
  await mkdir(folder, { recursive: true });
  for (const name of names) await symlink(path.join(all, name), path.join(folder, name));
  return ['--builtin-extensions-dir', folder];
}

/** Variables of npm, of vitest, and of a VS Code that we may be running inside would change the one we start. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_ENV$|VITEST|npm_)/.test(name),
  );
  return Object.fromEntries(kept);
}
