// Brings a fresh checkout to the point where everything else can run: npm packages, the pinned Node, Debian packages.
// Plain JavaScript for Node 20 with node: imports only, because none of that exists yet.
import { spawn } from 'node:child_process';
import { lstatSync, readFileSync, realpathSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, main, PlainError, root, runQuietly, say } from './lib/terminal.mjs';

const modules = path.join(root, 'node_modules');
const pinnedNode = path.join(modules, 'node/bin/node');

/** Debian's package for each program that tests drive. */
const debianPackages = { chromium: 'chromium', 'docker-registry': 'docker-registry', skopeo: 'skopeo', time: 'time' };

/**
 * Makes sure that what is needed is there, doing nothing for what is up to date, and that the calling script runs on
 * the pinned Node: on another one it is started again, and this process ends with its exit code.
 *
 * @param {{ script: string, programs?: readonly (keyof typeof debianPackages)[] }} options `script` is the caller's
 *   `import.meta.url`; `programs` are those it will drive.
 */
export async function setUp({ script, programs = [] }) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major === undefined || major < 20)
    throw new PlainError(`Node 20 or newer is needed; this is ${process.version}.`);
  await installNpmPackages();
  await installPinnedNode();
  await installDebianPackages(programs);
  if (!onPinnedNode()) process.exit(await runOnPinnedNode(script));
}

/** The version counts too: the binary under a running process may have been replaced just now. */
function onPinnedNode() {
  return realPath(process.execPath) === realPath(pinnedNode) && process.version === `v${pinnedVersion()}`;
}

/** @returns {string} */
function pinnedVersion() {
  return JSON.parse(readFileSync(path.join(modules, 'node/package.json'), 'utf8')).version;
}

/** npm's own record of what it installed is written after the lockfile, so an older one means there is work to do. */
async function installNpmPackages() {
  if (modified(path.join(modules, '.package-lock.json')) >= modified(path.join(root, 'package-lock.json'))) return;
  say('Setup: installing npm packages (npm ci) …');
  // No package's install script is needed but that of the pinned Node, which is run below.
  await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** The npm package `node` fetches the binary for this platform in its install script; run by ourselves, that works with every npm. */
async function installPinnedNode() {
  const version = pinnedVersion();
  if ((await nodeVersion()) !== `v${version}`) {
    say(`Setup: installing Node ${version} from npm …`);
    await runQuietly('node', ['installArchSpecificPackage.js'], {
      cwd: path.join(modules, 'node'),
      env: outsideNpm(),
    });
    const installed = await nodeVersion();
    if (installed !== `v${version}`) {
      throw new PlainError(
        `npm has no working Node ${version} for ${process.platform} ${process.arch} (got ${installed ?? 'none'}).`,
      );
    }
  }
  linkForNpmScripts();
}

async function nodeVersion() {
  try {
    return (await runQuietly(pinnedNode, ['--version'])).trim();
  } catch {
    return undefined;
  }
}

/** Puts the pinned Node where npm looks first for the programs of package.json's scripts. */
function linkForNpmScripts() {
  const link = path.join(modules, '.bin/node');
  if (process.platform === 'win32' || realPath(link) === realPath(pinnedNode)) return;
  if (lstatSync(link, { throwIfNoEntry: false })) unlinkSync(link);
  symlinkSync('../node/bin/node', link);
}

/** @param {readonly (keyof typeof debianPackages)[]} programs */
async function installDebianPackages(programs) {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) return;
  const packages = missing.map((program) => debianPackages[program]);
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (findProgram('apt-get') === undefined || process.getuid?.() !== 0) {
    throw new PlainError(`Missing on this machine: ${missing.join(', ')}. On Debian, as root: ${command}`);
  }
  say(`Setup: installing Debian packages ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update', '-q'], { env });
  await runQuietly('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env });
}

/**
 * Starts the script again, hands it what signals come, and gives its exit code.
 *
 * @param {string} script
 * @returns {Promise<number>}
 */
function runOnPinnedNode(script) {
  const folders = [path.dirname(pinnedNode), path.join(modules, '.bin'), process.env['PATH']];
  const child = spawn(pinnedNode, [fileURLToPath(script), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: folders.join(path.delimiter) },
  });
  // The terminal sends Ctrl+C to the child as well, and how that ends it decides our exit code.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)));
  });
}

/** @param {string[]} args */
async function npm(args) {
  await runQuietly('npm', args, { env: outsideNpm() });
}

/** The environment without what an enclosing `npm run` put there: its Node is replaced while we work, its project is not the inner npm's. */
function outsideNpm() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(lifecycle|package|node|command|execpath|config_local_prefix|config_prefix|config_global)/.test(name)) {
      delete env[name];
    }
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => !folder.startsWith(modules));
  return { ...env, PATH: folders.join(path.delimiter) };
}

/** @param {string} file */
function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** @param {string} file */
function realPath(file) {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(() => setUp({ script: import.meta.url, programs: ['chromium', 'docker-registry', 'skopeo'] }));
}
