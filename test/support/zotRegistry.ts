import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A zot on the loopback interface, with storage of its own. */
export interface ZotRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
}

/** It opens its storage first, which takes a second on a cold machine; this is for one that swaps. */
const START_LIMIT_MS = 30_000;
const POLL_MS = 50;

/**
 * Starts the zot in the file `program` on a free port.
 *
 * @throws Error with its own words when it does not start
 */
export async function startZot(program: string): Promise<ZotRegistry> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'zot-'));
  const port = await freePort();
  const config = path.join(folder, 'config.json');
  const content = {
    storage: { rootDirectory: path.join(folder, 'storage') },
    http: { address: '127.0.0.1', port: String(port) },
    log: { level: 'warn' },
  };
  await writeFile(config, JSON.stringify(content));
  const child = spawn(program, ['serve', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const dispose = async (): Promise<void> => {
    process.removeListener('exit', kill);
    if (child.exitCode === null && child.signalCode === null && kill()) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  const host = `127.0.0.1:${port}`;
  try {
    await untilReady(child, host);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { host, [Symbol.asyncDispose]: dispose };
}

async function untilReady(child: ChildProcess, host: string): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  let failure: unknown;
  child.once('error', (error) => (failure = error));
  for (const end = Date.now() + START_LIMIT_MS; Date.now() < end; await sleep(POLL_MS)) {
    if (failure !== undefined || child.exitCode !== null) break;
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`zot did not start: ${failure ?? said}`);
}

/** One that was free just now: zot names the port that it was given, and no other. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
