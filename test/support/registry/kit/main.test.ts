import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../../cli/support/binary.ts';
import { makeFolder, removeFolder } from '../../fileTree.ts';
import { FAULTS } from '../namedFaults.ts';
import { PROFILES } from '../profiles.ts';
import { parseArguments } from './arguments.ts';

const program = join(import.meta.dirname, 'main.ts');

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

const run = async (...argv: readonly string[]) => {
  const { code, stdout, stderr } = await runProgram(process.execPath, [program, ...argv], folder);
  return { code, stdout: stdout.toString('utf8'), stderr };
};

/** The program while it serves. */
async function start(...argv: readonly string[]) {
  const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const printed: string[] = [];
  const lines = createInterface(child.stdout).on('line', (line) => printed.push(line));
  await once(lines, 'line');
  return {
    url: printed[0] ?? '',
    async end(signal: NodeJS.Signals) {
      child.kill(signal);
      return { exit: await exited, printed };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('the test registry as a program', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints its address alone, serves, and ends with 0 on %s', async (signal) => {
    await using server = await start();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${server.url}/v2/`)).status).toBe(200);
    expect(await server.end(signal)).toEqual({ exit: [0, null], printed: [server.url] });
    await expect(fetch(`${server.url}/v2/`)).rejects.toThrow();
  });

  it('behaves as its profile and goes wrong as its faults say, and its log holds no secret', async () => {
    const log = join(folder, 'requests.jsonl');
    await using server = await start(
      '--profile',
      'docker-hub',
      '--fault',
      'access-token',
      '--fault',
      'no-head',
      '--log',
      log,
    );
    const basic = Buffer.from('ann:secret').toString('base64');
    const given = await fetch(`${server.url}/token?scope=repository:a/b:pull&password=in-the-query`, {
      headers: { authorization: `Basic ${basic}`, cookie: 'sid=in-the-cookie', 'x-api-key': 'in-a-header' },
    });
    const tokens = (await given.json()) as { access_token: string };
    expect(Object.keys(tokens)).toEqual(['access_token']);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const answered = await fetch(`${server.url}/v2/a/b/manifests/v1`, { method: 'HEAD', headers });
    expect(answered.status).toBe(405);
    expect((await fetch(`${server.url}/v2/`)).headers.get('ratelimit-remaining')).toBe('76;w=21600');
    await server.end('SIGTERM');
    const text = await readFile(log, 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { method: 'GET', status: 200, headers: { authorization: 'Basic ***' } },
      { method: 'HEAD', path: '/v2/a/b/manifests/v1', status: 405, headers: { authorization: 'Bearer ***' } },
      { method: 'GET', path: '/v2/', status: 401 },
    ]);
    for (const secret of [basic, tokens.access_token, 'in-the-query', 'in-the-cookie', 'in-a-header']) {
      expect(text).not.toContain(secret);
    }
  });

  it('has the repositories that it wants made', async () => {
    await using server = await start('--profile', 'ecr');
    const authorization = `Basic ${Buffer.from('AWS:secret').toString('base64')}`;
    const begin = (name: string) =>
      fetch(`${server.url}/v2/${name}/blobs/uploads/`, { method: 'POST', headers: { authorization } });
    expect([(await begin('test/one')).status, (await begin('test/none')).status]).toEqual([202, 404]);
  });

  it('lists each profile and fault with its facts and their sources', async () => {
    const { code, stdout } = await run('--list');
    expect(code).toBe(0);
    const facts = Object.values(PROFILES).flatMap(({ facts }) => facts.flat());
    const faults = Object.entries(FAULTS).flatMap(([name, { fact, source }]) => [`${name}: ${fact}`, source]);
    expect([...facts, ...faults].filter((text) => !stdout.includes(text))).toEqual([]);
  });

  it('says what it takes', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const option of ['--profile', '--fault', '--list', '--host', '--port', '--log'])
      expect(stdout).toContain(option);
  });

  it.each([
    [['--profile', 'harbour'], 'there is no profile "harbour"; there are distribution, zot, harbor'],
    [['--fault', 'toString'], 'there is no fault "toString"; there are absolute-location'],
    [['--port', '70000'], 'not a port: "70000"; accepted are 0 to 65535'],
    [['--prot', '1'], "Unknown option '--prot'"],
  ])('does not understand %j, and says what it takes', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(message);
  });

  it.each([
    [['--profile', 'harbour'], 64, /^error: there is no profile "harbour"; .*\nfloe-oci-test-registry --help says/],
    [['--host', '192.0.2.1'], 69, /^error: cannot listen at 192\.0\.2\.1, port 0/],
    [['--log', 'none/requests.jsonl'], 73, /^error: cannot write none\/requests\.jsonl/],
  ])('ends at once with %j', async (argv, code, message) => {
    const result = await run(...argv);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' });
    expect(result.stderr).toMatch(message);
  });
});
