import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonJsNames, keepProcessUntouched, leastOfUndici } from '../../scripts/build/bundling.mjs';

const run = promisify(execFile);
const src = resolve(import.meta.dirname, '../../src');
let folder: string;

/** Loads and uses all that could touch the process, and prints what differs afterwards. */
const program = `
import fs from 'node:fs';
import { createServer } from 'node:http';

const slots = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2', 'undici.globalOrigin.1'].map((name) => Symbol.for(name));
const look = () => new Map([
  ...slots.map((slot) => [String(slot), globalThis[slot]]),
  ...['cwd', 'chdir', 'emit', 'reallyExit', 'exit'].map((name) => ['process.' + name, process[name]]),
  ...['fetch', 'Headers', 'Response', 'Request'].map((name) => [name, globalThis[name]]),
  ...['close', 'closeSync', 'open', 'readFile', 'writeFile', 'rename'].map((name) => ['fs.' + name, fs[name]]),
  ...['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((event) => ['listeners of ' + event, process.listenerCount(event)]),
  ['own symbols', Object.getOwnPropertySymbols(globalThis).map(String).sort().join()],
  ['own names', Object.getOwnPropertyNames(globalThis).sort().join()],
]);

const server = createServer((request, response) => request.resume().on('end', () => response.end(request.headers['content-length'])));
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const url = new URL('http://127.0.0.1:' + server.address().port + '/');
const put = async () => (await fetch(url, { method: 'PUT', body: 'four', headers: { 'content-length': '4' } })).text();

FIRST_FETCH
const before = look();
const { createUndiciTransport, LayoutStore, writeFileFrom } = await import('ENTRY');
const transport = createUndiciTransport({});
const answer = await transport.send({ method: 'GET', url });
await answer.discard();
await transport.close();
await LayoutStore.open(process.argv[2] + '/layout', { create: true });
const after = look();
const differing = [...after].filter(([name, value]) => before.get(name) !== value).map(([name, value]) => typeof value === 'string' ? name + ': ' + value.split(',').filter((own) => !before.get(name).split(',').includes(own)) : name);
const answered = await put();
server.closeAllConnections();
server.close();
console.log(JSON.stringify({ differing, answered }));
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'untouched-'));
  await build({
    stdin: {
      contents: `
        export { createUndiciTransport } from './oci/transport/engines/undici.ts';
        export { LayoutStore, writeFileFrom } from './oci/index.ts';`,
      resolveDir: src,
    },
    outfile: join(folder, 'entry.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: commonJsNames },
    define: { FLOE_OCI_VERSION: '"0.0.0-test"' },
    plugins: [keepProcessUntouched, leastOfUndici],
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function inFreshProcess(name: string, firstFetch: string): Promise<unknown> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, program.replace('FIRST_FETCH', firstFetch).replace('ENTRY', './entry.mjs'));
  const { stdout } = await run(process.execPath, [file, folder]);
  return JSON.parse(stdout);
}

describe('the bundled dependencies', () => {
  it('leave the process as it was when nobody has used fetch before', async () => {
    expect(await inFreshProcess('late', '')).toEqual({ differing: [], answered: '4' });
  });

  it('leave the process as it was when somebody has used fetch before', async () => {
    expect(await inFreshProcess('early', 'await put();')).toEqual({ differing: [], answered: '4' });
  });
});
