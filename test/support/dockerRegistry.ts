import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import bcrypt from 'bcryptjs';

/** How Debian's `docker-registry`, or another version of it, is started. */
export interface DockerRegistryOptions {
  /** Default: the `docker-registry` on the PATH, which is distribution 2.8. */
  readonly program?: string;
  /** Requires Basic authentication with one of these passwords, by user name. Default: anonymous. */
  readonly users?: Readonly<Record<string, string>>;
  /** Merged over the registry's configuration, section by section (`http`, `storage`, `auth`, …). */
  readonly config?: Readonly<Record<string, object>>;
}

/** A real registry on the loopback interface, with storage of its own. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as it stands in a reference; stays the same over a restart. */
  readonly host: string;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** What the registry has logged so far: one line a request. */
  log(): string;
  /** Ends the process; content stays. Safe to call twice. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same content. */
  start(): Promise<void>;
}

/** The least that bcrypt takes: these passwords guard nothing. */
const bcryptCost = 4;
/** A start takes a tenth of a second; this is for a machine that swaps. */
const startLimit = 30_000;

/**
 * Starts a registry on a free port. Deletion is on, and there is no referrers API.
 *
 * @throws Error with the registry's own words when it does not start
 */
export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docker-registry-'));
  const output: string[] = [];
  let port = 0;
  let running: ChildProcess | undefined;

  async function start(): Promise<void> {
    if (running !== undefined) return;
    const file = await writeConfig(folder, port, options);
    running = spawn(options.program ?? 'docker-registry', ['serve', file], {
      // The variables of a surrounding registry would override the file.
      env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    process.once('exit', killWithUs);
    port = await boundPort(running, output);
  }

  async function stop(): Promise<void> {
    const child = running;
    running = undefined;
    process.removeListener('exit', killWithUs);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // It holds nothing that a clean end would save; connections are cut, as by a crash.
    child.kill('SIGKILL');
    await ended;
  }

  function killWithUs(): void {
    running?.kill('SIGKILL');
  }

  async function remove(): Promise<void> {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  const host = `127.0.0.1:${port}`;
  return { host, url: `http://${host}`, log: () => output.join(''), start, stop, [Symbol.asyncDispose]: remove };
}

/** The configuration is YAML, which JSON is a part of. */
async function writeConfig(folder: string, port: number, { users, config }: DockerRegistryOptions): Promise<string> {
  const htpasswd = path.join(folder, 'htpasswd');
  const lines = Object.entries(users ?? {}).map(
    ([name, password]) => `${name}:${bcrypt.hashSync(password, bcryptCost)}\n`,
  );
  await writeFile(htpasswd, lines.join(''));
  const file = path.join(folder, 'config.yml');
  const content = {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: path.join(folder, 'storage') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, secret: 'only needed by several registries behind one address' },
    ...(users === undefined ? {} : { auth: { htpasswd: { realm: 'test', path: htpasswd } } }),
  };
  for (const [section, values] of Object.entries(config ?? {})) {
    Object.assign(content, { [section]: { ...Reflect.get(content, section), ...values } });
  }
  await writeFile(file, JSON.stringify(content));
  return file;
}

/** The registry is told port 0 the first time, and logs the one it got. */
function boundPort(child: ChildProcess, output: string[]): Promise<number> {
  const before = output.length;
  const said = () => output.slice(before).join('');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('was silent'), startLimit);
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`docker-registry ${what}: ${said()}`));
    };
    const listen = (chunk: Buffer) => {
      output.push(chunk.toString('utf8'));
      const bound = /listening on 127\.0\.0\.1:(\d+)/.exec(said());
      if (bound === null) return;
      clearTimeout(timer);
      resolve(Number(bound[1]));
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) => fail(`cannot be run (${error.message})`));
    child.once('exit', (code, signal) => fail(`ended (${signal ?? code})`));
  });
}
