// 100 processes pull 20 artifacts through one cache, and a third of them is killed at random moments; needs dist/:
//     node test/bench/soak/cacheSoak.ts [PROCESSES [ROUNDS]]
// Ends with 0 when all who lived got everything, nothing in the cache is wrong, and nobody waited for ever.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { artifact } from '../../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';

const [processes = 100, rounds = 1] = process.argv.slice(2).map(Number);
const ARTIFACTS = 20;
/** Bytes of each of the two layers of an artifact. */
const SIZE = 200_000;
/** Milliseconds after which somebody waits for ever; a hundred processes on two processors need a fraction. */
const TOO_LONG = 300_000;

const program = join(import.meta.dirname, '../../oci/cache/support/pullThrough.ts');
const cli = join(import.meta.dirname, '../../../dist/cli.js');

interface Puller {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly isDoomed: boolean;
}

function publish(registry: TestRegistry): readonly string[] {
  const content = registry.repository('team/product');
  return Array.from({ length: ARTIFACTS }, (_, i) => {
    const { root, contents } = artifact(i + 1, { size: SIZE });
    for (const { descriptor, bytes } of contents) {
      if (descriptor === root.descriptor) content.putManifest(bytes, descriptor.mediaType);
      else content.putBlob(bytes);
    }
    const tag = `v${i}.0.0`;
    content.tags.set(tag, root.descriptor.digest);
    return tag;
  });
}

function start(cache: string, host: string, tags: readonly string[], index: number, compiled: string): Puller {
  const own = [...tags.slice(index % tags.length), ...tags.slice(0, index % tags.length)];
  const child = spawn(process.execPath, [program, cache, host, 'Infinity', ...own], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return { child, ended, isDoomed: index % 3 === 0 };
}

/** Problems, in words. */
async function round(folder: string): Promise<readonly string[]> {
  const cache = join(folder, 'cache');
  await using registry = await startRegistry();
  const tags = publish(registry);
  const pullers = Array.from({ length: processes }, (_, i) =>
    start(cache, registry.host, tags, i, join(folder, 'compiled')),
  );
  const kills = pullers
    .filter(({ isDoomed }) => isDoomed)
    .map(async ({ child }) => {
      await sleep(Math.random() * processes * 300);
      child.kill('SIGKILL');
    });
  const alive = pullers.filter(({ isDoomed }) => !isDoomed);
  const timer = new AbortController();
  const codes = await Promise.race([
    Promise.all(alive.map(({ ended }) => ended)),
    sleep(TOO_LONG, undefined, { signal: timer.signal }),
  ]);
  timer.abort();
  for (const { child } of pullers) child.kill('SIGKILL');
  await Promise.all([...kills, ...pullers.map(({ ended }) => ended)]);
  if (codes === undefined) return ['somebody waits for ever'];
  const killed = pullers.filter(({ child, isDoomed }) => isDoomed && child.signalCode !== null).length;
  const failed = codes.filter((code) => code !== 0).length;
  const verify = promisify(execFile)(process.execPath, [cli, 'cache', 'verify', '--cache-dir', cache]);
  const said = await verify.then(
    ({ stdout }) => stdout.trim(),
    (error: { stdout: string }) => `WRONG ${error.stdout}`,
  );
  const left = (await readdir(cache)).filter((name) => name.endsWith('.tmp'));
  console.log(`${processes} processes, ${killed} killed, ${failed} failed; ${said}`);
  return [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(said.endsWith('all as they should be') ? [] : [said]),
    ...(left.length > 0 ? [`${left.length} temporary files are left`] : []),
  ];
}

const problems: string[] = [];
for (let i = 0; i < rounds; i++) {
  const folder = await mkdtemp(join(tmpdir(), 'cache-soak-'));
  try {
    problems.push(...(await round(folder)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
