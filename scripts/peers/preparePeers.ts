import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cache, findProgram, PlainError, runQuietly, say } from '../lib/terminal.mjs';
import { collector, debianPrograms, type GoPeer, type GoProgram, goPrograms, orasPy, type Peer } from './releases.ts';

/** The programs of other people that this machine has. */
export interface Peers {
  /** Absolute path of each program that can be run; for oras-py, of the Python that has it. */
  readonly programs: ReadonlyMap<Peer, string>;
  /** Why each of the others is not there, in one line. */
  readonly missing: ReadonlyMap<Peer, string>;
}

const folder = path.join(cache, 'peers');

/**
 * Builds and installs what is pinned into `.cache/peers`, and finds what Debian has; does nothing for what is there.
 * What cannot be had is no failure: it is missing, with the reason. A program of that name on the PATH is then taken.
 */
export async function preparePeers(wanted: readonly Peer[]): Promise<Peers> {
  const programs = new Map<Peer, string>();
  const missing = new Map<Peer, string>();
  // One after the other: each build uses every core.
  for (const peer of wanted) {
    try {
      programs.set(peer, await prepare(peer));
    } catch (error) {
      if (!(error instanceof PlainError)) throw error;
      missing.set(peer, reasonIn(error.message));
    }
  }
  return { programs, missing };
}

function prepare(peer: Peer): Promise<string> | string {
  if (peer === orasPy.name) return preparePython();
  if (peer === collector.name) return prepareCollector();
  if (isGoPeer(peer)) return prepareGo(peer, goPrograms[peer]);
  const program = findProgram(debianPrograms[peer]);
  if (program === undefined) throw new PlainError(`${peer} is not on the PATH`);
  return program;
}

async function prepareCollector(): Promise<string> {
  const { name, version, builder, receiver, exporter } = collector;
  const home = path.join(folder, `${name}-${version}`);
  const built = path.join(home, name);
  if (existsSync(built)) return built;
  const program = await prepareGo(`${name}-builder`, builder);
  say(`Setup: building ${name} ${version} with its builder …`);
  await whole(home, async (work) => {
    const manifest = path.join(work, 'builder.json');
    // YAML is a superset of JSON.
    const content = {
      dist: { name, output_path: work },
      receivers: [{ gomod: `${receiver} ${version}` }],
      exporters: [{ gomod: `${exporter} ${version}` }],
    };
    await writeFile(manifest, JSON.stringify(content));
    await runQuietly(program, ['--config', manifest], {
      env: { ...process.env, GOTOOLCHAIN: 'auto', GOFLAGS: '-buildvcs=false' },
    });
  });
  return built;
}

async function prepareGo(peer: string, { program, package: name, version }: GoProgram): Promise<string> {
  const home = path.join(folder, `${peer}-${version}`);
  const built = path.join(home, program);
  if (existsSync(built)) return built;
  const found = findProgram(program);
  const go = findProgram('go');
  try {
    if (go === undefined) throw new PlainError('there is no "go" on the PATH to build it with');
    say(`Setup: building ${peer} ${version} with Go …`);
    await whole(home, (work) =>
      runQuietly(go, ['install', '-trimpath', `${name}@${version}`], {
        // Modules whose "go" line is newer than the Go of this machine bring their own, if it can be had.
        env: { ...process.env, GOBIN: work, GOTOOLCHAIN: 'auto', GOFLAGS: '-buildvcs=false' },
      }),
    );
  } catch (error) {
    if (found === undefined) throw error;
    return found;
  }
  return built;
}

async function preparePython(): Promise<string> {
  const home = path.join(folder, `${orasPy.name}-${orasPy.version}`);
  const python = path.join(home, 'bin/python');
  if (existsSync(python)) return python;
  const system = findProgram('python3');
  if (system === undefined) throw new PlainError('there is no "python3" on the PATH');
  say(`Setup: installing ${orasPy.name} ${orasPy.version} with pip …`);
  // A virtual environment cannot be moved, so it is made where it stays and taken away when it is not whole.
  try {
    await runQuietly(system, ['-m', 'venv', home]);
    const requirements = path.join(import.meta.dirname, 'requirements.txt');
    await runQuietly(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
  return python;
}

/** Gives a folder its final name only when it is filled, so that a half-made one is never taken for a whole. */
async function whole(home: string, fill: (work: string) => Promise<unknown>): Promise<void> {
  const work = `${home}.${process.pid}`;
  try {
    await mkdir(work, { recursive: true });
    await fill(work);
    await rename(work, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The line of a build's output that says why, without the address of anybody's mirror. */
function reasonIn(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  const telling = lines.findLast((line) => /forbidden|not found|no matching|requires go|denied|error/i.test(line));
  return (telling ?? lines[0] ?? '').replace(/https?:\/\/\S+?:?(?=\s|$)/g, 'the module proxy:');
}

function isGoPeer(peer: Peer): peer is GoPeer {
  return Object.hasOwn(goPrograms, peer);
}
