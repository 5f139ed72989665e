import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLinePage } from '../../scripts/docs/commandLinePage.ts';
import { scenariosPage } from '../../scripts/docs/scenariosPage.ts';
import { settingsPage } from '../../scripts/docs/settingsPage.ts';
import { LayoutStore, MediaType } from '../../src/oci/index.ts';
import { dist, runProgram } from '../cli/support/binary.ts';
import { runCli } from '../cli/support/runCli.ts';
import { sample } from '../cli/support/workspace.ts';
import { artifact, type Graph, manifestOf, putGraph } from '../support/artifacts.ts';
import { makeFolder, removeFolder } from '../support/fileTree.ts';
import type { RegistryContent } from '../support/registry/content.ts';
import { startRegistry } from '../support/registry/index.ts';
import { commandBlocks } from './documentedCommands.ts';

const root = resolve(import.meta.dirname, '../..');
const docs = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).sort();
const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
/** What is typed after each other: on a page all of it, but the commands' own examples have nothing to do with each other. */
const sessions = await Promise.all(
  pages.map(async (page) => {
    const blocks = commandBlocks(await readFile(join(root, page), 'utf8'));
    if (page === 'docs/command-line.md') return blocks.map((block) => ({ page, ...block }));
    return blocks.slice(0, 1).map(({ line }) => ({ page, line, commands: blocks.flatMap(({ commands }) => commands) }));
  }),
);

/** A registry of ours on a page, which gets a port of its own, and is waited for. */
const TEST_REGISTRY = /^(floe-oci-test-registry .*)--port 5000(.*) &$/;

/** Commands that want an answer of a person, and say so where there is nobody. */
const ASKING = /^floe-oci (login ghcr\.io|delete (?!.*--yes).*)$/;

/** What the pages suppose to be there: a folder to work in, and what is in registries. */
let seed: string;
let mirrored: RegistryContent['repositories'];

beforeAll(async () => {
  seed = await makeFolder({
    'target/compiled_artifacts.json': sample,
    'report.pdf': '%PDF-1.7',
    'notes.txt': 'notes',
    'sbom.spdx.json': '{}',
    'token.txt': 'secret-of-nobody',
  });
  const push = async (tag: string, version: string, to: string): Promise<void> => {
    await writeFile(join(seed, 'document.json'), sample.toString('utf8').replaceAll('"1.2.0"', `"${version}"`));
    await run('push', '-a', 'document.json', '-r', to, '-t', tag);
  };
  const run = async (...argv: readonly string[]): Promise<void> => {
    const { code, stderr } = await runCli(argv, { cwd: seed, env: { FLOE_OCI_CACHE_DIR: join(seed, 'cache') } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };
  for (const version of ['1.2.0', '1.3.0', '1.2.0-rc.1']) await push(version, version, 'layout:./orders');
  await push('1.2.0', '1.2.0', 'layout:./backup');
  await run('push', '-r', 'layout:./reports', '-t', 'latest', 'report.pdf:application/pdf', 'notes.txt');
  await putGraph(await LayoutStore.open(join(seed, 'apps'), { create: true }), apps(), 'v1');
  await using shelf = await startRegistry();
  const places = { orders: 'acme/orders', reports: 'acme/report', apps: 'acme/app' };
  for (const [from, to] of Object.entries(places)) {
    const env = { FLOE_OCI_CACHE_DIR: join(seed, 'cache') };
    const { code } = await runCli(['mirror', `layout:./${from}`, `${shelf.host}/${to}`], { cwd: seed, env });
    expect(code).toBe(0);
  }
  mirrored = shelf.content.repositories;
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args], { cwd: seed, stdio: 'ignore' });
  git('init');
  git('add', 'target');
  git('commit', '-m', 'target: compile');
  git('remote', 'add', 'origin', 'https://example.com/acme/orders.git');
});
afterAll(() => removeFolder(seed));

describe.each(sessions.flat())('$page, line $line', ({ commands }) => {
  it('works as it is written', async () => {
    await using ghcr = await startRegistry();
    await using other = await startRegistry();
    const folder = await makeFolder();
    try {
      await cp(seed, folder, { recursive: true });
      const home = join(folder, 'home');
      await mkdir(home);
      for (const [name, file] of Object.entries({
        'floe-oci': 'cli.js',
        'floe-oci-test-registry': 'test-registry.mjs',
      })) {
        await writeFile(join(folder, name), `#!/bin/sh\nexec '${process.execPath}' '${join(dist, file)}' "$@"\n`);
        await chmod(join(folder, name), 0o755);
      }
      for (const { repository } of [ghcr, other]) {
        for (const [name, content] of mirrored) {
          const { blobs, manifests, tags } = repository(name);
          for (const [digest, blob] of content.blobs) blobs.set(digest, blob);
          for (const [digest, manifest] of content.manifests) manifests.set(digest, manifest);
          for (const [tag, digest] of content.tags) tags.set(tag, digest);
        }
      }
      const withOwn = commands.some((command) => command.includes('floe-oci-test-registry'));
      const here = (command: string): string =>
        command
          .replace('npx --package floe-oci ', '')
          .replace(TEST_REGISTRY, '$1$2 > address & until [ -s address ]; do sleep 0.1; done')
          .replace('localhost:5000', withOwn ? '$(sed s,^http://,, address)' : '$&')
          .replace(/ghcr\.io|europe-west1-docker\.pkg\.dev/g, ghcr.host)
          .replace(/registry\.example\.com(:5000)?|localhost:5000/g, other.host)
          .replaceAll('node dist/cli.js', 'floe-oci')
          .replace(/'?\/(tmp|mnt|artifacts)\//g, (path) => path.replace('/', './'))
          .replaceAll('samples/ticket-sales/', '');
      const script = commands.map((command) => {
        if (ASKING.test(command))
          return `! ${here(command)} 2> asked && grep -q -e '--yes' -e '--password-stdin' asked`;
        return command.startsWith('floe-oci diff ') ? `${here(command)} || [ $? -eq 1 ]` : here(command);
      });
      // Else a command that fails would leave it behind.
      if (withOwn) script.unshift("trap 'kill $! 2> kill || true' EXIT");
      await mkdir(join(folder, 'artifacts'));
      const env = { PATH: `${folder}:${process.env['PATH']}`, HOME: home, FLOE_OCI_CACHE_DIR: join(folder, 'cache') };
      const { code, stderr } = await runProgram('sh', ['-ec', script.join('\n')], folder, env);
      expect({ code, errors: stderr.split('\n').filter((line) => line.startsWith('error')) }).toEqual({
        code: 0,
        errors: [],
      });
    } finally {
      await removeFolder(folder);
    }
  }, 60_000);
});

it('the pages that are made from the code are as it is', async () => {
  const made = {
    'docs/command-line.md': commandLinePage(),
    'docs/settings.md': settingsPage(),
    'test/e2e/README.md': scenariosPage(join(root, 'test/e2e')),
  };
  for (const [page, text] of Object.entries(made)) {
    expect(text === (await readFile(join(root, page), 'utf8')), `${page} is made again by npm run docs`).toBe(true);
  }
});

/** An index of one artifact for each of two platforms. */
function apps(): Graph {
  const parts = [artifact(1), artifact(2)];
  const manifests = parts.map(({ root }, index) => ({
    ...root.descriptor,
    platform: { os: 'linux', architecture: index === 0 ? 'amd64' : 'arm64' },
  }));
  const root = manifestOf({ schemaVersion: 2, mediaType: MediaType.imageIndex, manifests });
  return { root, contents: [...new Set(parts.flatMap(({ contents }) => contents)), root] };
}
