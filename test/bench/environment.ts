import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';
import type { Peers } from '../../scripts/peers/preparePeers.ts';
import { goPrograms } from '../../scripts/peers/releases.ts';
import type { Bench } from './bench.ts';

/** Memory where the system lends it as a folder: a disk that others use too would be measured instead. */
const SHARED_MEMORY = '/dev/shm';
const GIB = 1024 ** 3;

/** Where the working folder goes. */
export function temporaryRoot(): string {
  return existsSync(SHARED_MEMORY) ? SHARED_MEMORY : os.tmpdir();
}

/** The head of the page: what ran where and when, and how to repeat it. */
export async function describeRun(bench: Bench, { missing }: Peers, work: string): Promise<string> {
  const versions = await Promise.all(
    bench.clients.map(async ({ name, version: { program, args } }) => {
      const { stdout } = await promisify(execFile)(program, [...args]);
      return `- ${name} ${/v?\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim()}`;
    }),
  );
  const [cpu] = os.cpus();
  const distribution = await prettyName();
  return `# Benchmarks

Every client does every job in turn, ${bench.options.rounds} rounds, each round in another order and with random content that nobody
has seen. Clients start as processes of their own with an empty home. Repeat it with

    npm run bench

on a machine that does nothing else; \`npm run bench -- --quick\` shows whether it works, and says nothing about speed.
Registries, layouts and files are in ${work.startsWith(SHARED_MEMORY) ? 'memory (tmpfs)' : 'the temporary folder'}, so that no disk is measured, and all of them share the processors.

- ${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} processors (${cpu?.model.trim()}), ${Math.round(os.totalmem() / GIB)} GiB
- ${distribution}, Linux ${os.release()}, Node ${process.version}
${versions.join('\n')}
- registries: docker-registry of Debian (distribution 2.8), distribution ${goPrograms.distribution.version}
${[...missing].map(([peer, reason]) => `- not there: ${peer} (${reason})`).join('\n')}
`;
}

async function prettyName(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? os.platform();
}
