import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { PlainError, runQuietly, say } from '../lib/terminal.mjs';
import { fetchPackage } from './fetchPackage.ts';
import { type EditorRelease, type EditorVersion, editorReleases, type PinnedPackage, type Repair } from './releases.ts';

const packageEntry = z.looseObject({ dependencies: z.optional(z.record(z.string(), z.string())) });
const shrinkwrapFile = z.looseObject({ packages: z.record(z.string(), packageEntry) });

/** A VS Code server ready to be started. */
export interface Editor {
  readonly version: EditorVersion;
  /** The Node binary it runs on. */
  readonly node: string;
  /** Its start file, to be run by that Node. */
  readonly server: string;
}

/**
 * Downloads a VS Code server from npm into `.cache/` and completes it; does nothing when that was done before.
 * The server is code-server's `lib/vscode`: its own wrapper around it would need a native module built.
 *
 * @throws {PlainError} when a package cannot be had, differs from the pinned one, or is not for this machine
 */
export async function prepareEditor(version: EditorVersion): Promise<Editor> {
  const release: EditorRelease = editorReleases[version];
  if (release.node !== undefined && (process.platform !== 'linux' || process.arch !== 'x64')) {
    throw new PlainError(
      `VS Code ${version} is pinned for Linux on x64 only; this is ${process.platform} ${process.arch}.`,
    );
  }
  const node = release.node === undefined ? process.execPath : path.join(await fetchPackage(release.node), 'bin/node');
  const folder = await fetchPackage(release.codeServer, async (unpacked) => {
    say(`Setup: preparing VS Code ${version} (code-server ${release.codeServer.version} from npm) …`);
    await installDependencies(path.join(unpacked, 'lib/vscode'), release.repairs);
  });
  if (release.ripgrep !== undefined) await placeRipgrep(folder, release.ripgrep);
  return { version, node, server: path.join(folder, 'lib/vscode/out/server-main.js') };
}

async function placeRipgrep(folder: string, ripgrep: PinnedPackage): Promise<void> {
  const from = path.join(await fetchPackage(ripgrep), 'bin/rg');
  const to = path.join(folder, 'lib/vscode/node_modules/@vscode/ripgrep/bin/rg');
  await cp(from, to, { force: false });
}

/** No install script runs: the native modules they would build are optional to the server, each missing one logs a line. */
async function installDependencies(folder: string, repairs: readonly Repair[]): Promise<void> {
  const manifest = path.join(folder, 'package.json');
  const shrinkwrap = path.join(folder, 'npm-shrinkwrap.json');
  const root = packageEntry.parse(await readJson(manifest));
  const tree = shrinkwrapFile.parse(await readJson(shrinkwrap));
  for (const { name, version, integrity } of repairs) {
    for (const dependencies of [root.dependencies, tree.packages['']?.dependencies]) {
      if (dependencies?.[name] !== undefined) dependencies[name] = version;
    }
    const { resolved: _, ...known } = tree.packages[`node_modules/${name}`] ?? {};
    tree.packages[`node_modules/${name}`] = { ...known, version, integrity };
  }
  await writeFile(manifest, JSON.stringify(root, null, 2));
  await writeFile(shrinkwrap, JSON.stringify(tree, null, 2));
  await runQuietly('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
