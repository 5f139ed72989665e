import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { version } from '../../src/oci/index.ts';
import { errorOf, runCli } from './support/runCli.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the command line', () => {
  it('shows its version and its help on stdout', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(await runCli(['-V'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    for (const argv of [['--help'], ['-h'], ['help']]) {
      const { code, stdout, stderr } = await runCli(argv);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const name of ['push', 'pull', 'inspect', 'list', 'resolve', 'validate', 'cache', 'login', 'logout'])
        expect(stdout).toContain(`  ${name} `);
    }
  });

  it('says so when its version cannot be written', async () => {
    const full = (): Writable =>
      new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space')) }).on('error', () => {});
    const io = { stderr: full(), env: {}, cwd: '/', signal: new AbortController().signal };
    expect(await run(['--version'], { ...io, stdout: full() })).toBe(73);
  });

  it('has help for every command, with examples and the options of all', async () => {
    for (const name of ['push', 'pull', 'inspect', 'list', 'resolve', 'validate', 'cache', 'login', 'logout']) {
      const { code, stdout } = await runCli([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`\n  floe-oci ${name} `);
      expect(stdout).toContain('--json');
      expect((await runCli(['help', name])).stdout).toBe(stdout);
    }
  });

  it('takes no password', async () => {
    for (const option of ['--password=x', '--token=x']) {
      const { code, stderr } = await runCli(['list', 'layout:x', option]);
      expect(code).toBe(64);
      expect(stderr).toContain(`'${option.split('=', 1)[0]}'`);
      expect(stderr).not.toContain('=x');
    }
  });

  it.each([
    [[], 'No command is given.'],
    [['pusj'], "Unknown command 'pusj'."],
    [['list', '--filte', 'x'], "Unknown option '--filte'."],
    [['list', 'layout:x', '--limit'], "Option '--limit <n>' argument missing."],
    [['list', 'layout:x', '--concurrency', '0'], 'A whole number from 1 to 64'],
    [['list', 'layout:x', '--timeout', '1.5'], 'A whole number from 1 to'],
    [['list', 'layout:x', '--max-attempts', '11'], 'A whole number from 1 to 10'],
    [['list', 'layout:x', '--log-format', 'xml'], 'text, json'],
    [['list', 'layout:x', '--cert', 'c.pem'], '--cert and --key'],
    [['list', 'oci://h.example/r', '--plain-http', '--insecure'], '--plain-http'],
    [['list', 'layout:x', '--offline', '--refresh'], '--refresh asks the registry'],
    [['list', 'layout:x', '--no-cache', '--refresh'], '--no-cache leaves the cache alone, and --refresh'],
    [['list', 'layout:x', '--no-cache', '--offline'], '--no-cache leaves the cache alone, and --offline'],
    [['list', 'layout:x', '--no-cache', '--cache-dir', 'c'], '--no-cache leaves the cache alone, and --cache-dir'],
    [['list', 'layout:x', '--cache-dir', ''], 'The path of a folder is accepted'],
    [['cache', 'status', '--no-cache'], '--no-cache leaves the cache alone'],
    [['cache', 'empty'], 'status, list, verify, prune, clear'],
    [['cache'], "Missing required argument 'TASK'"],
    [['list'], 'Nothing says which registry'],
    [['list', 'layout:x', 'layout:y'], 'Too many arguments'],
    [['push', '-a', 'x', 'layout:x'], 'No tag is given.'],
    [['push', '-a', 'x', `layout:x@${digest}`], 'A digest is given'],
    [['push', '-a', 'x', 'layout:x:1', '--annotation', 'novalue'], 'KEY=VALUE'],
    [['push', '-a', 'x', 'layout:x:1', '--annotation', '=v'], "'--annotation <key=value>' argument '=v' is invalid"],
    [['push', 'oci://r.invalid/a:v1', '-r', 'layout:x', '-t', 'v1', 'a.txt'], 'one thing too many'],
    [['attach', 'layout:x:1', 'oci://r.invalid/a:v1', '--artifact-type', 'a/b'], 'One REF is accepted'],
    [['push', '-a', 'x', 'layout:x:1', '--artifact-type', 'a/b'], '--artifact-type'],
    [['inspect', 'layout:x'], 'Neither a tag nor a digest'],
    [['resolve', '-r', 'layout:x'], 'Neither a tag nor a digest'],
    [['inspect', '-r', 'layout:x:1', '-t', '2'], '-r names a tag'],
    [['inspect', 'layout:x:1', '-r', 'layout:x', '-t', '1'], '"layout:x:1"'],
  ])('refuses %j', async (argv, words) => {
    const text = await runCli(argv);
    expect(text).toMatchObject({ code: 64, stdout: '' });
    expect(text.stderr).toContain(words);
    expect(text.stderr).toMatch(/^error: [^\n]+\nhint: [^\n]+\n$/);
    const json = await runCli([...argv, '--json']);
    expect(json.code).toBe(64);
    expect(errorOf(json)).toMatchObject({ code: 'WRONG_USAGE', details: {} });
  });

  it('suggests what may have been meant', async () => {
    expect((await runCli(['pusj'])).stderr).toContain('Did you mean push?');
    expect((await runCli(['list', '--filte', 'x'])).stderr).toMatch(/Did you mean --filter\?.*floe-oci list --help/);
  });

  it('takes the options of every command before and after its name', async () => {
    for (const argv of [
      ['--json', 'list', 'layout:/missing'],
      ['list', 'layout:/missing', '--json'],
    ]) {
      expect(errorOf(await runCli(argv)).code).toBe('NOT_FOUND');
    }
  });
});

describe('a reference', () => {
  it.each([
    ['alpine', 'registry'],
    ['ftp://host/repo:1', 'scheme'],
    ['oci://host:port/repo:1', 'registry'],
    ['oci://host', 'repository'],
    ['oci://host/Repo:1', 'repository'],
    ['oci://host/repo:.1', 'tag'],
    ['oci://host/repo@sha256:12', 'digest'],
    ['layout:', 'path'],
    ['layout:x:-', 'tag'],
    ['layout:x@sha256:zz', 'digest'],
  ])('%s has a wrong %s, and the error says so', async (reference, part) => {
    const result = await runCli(['resolve', reference, '--json']);
    expect(result).toMatchObject({ code: 65, stdout: '' });
    const { code, message, hint, details } = errorOf(result);
    expect({ code, details }).toMatchObject({ code: 'INVALID_REFERENCE', details: { part } });
    expect(message).toContain(part);
    expect(hint).toMatch(/^Accepted: /);
  });

  it('may be given as a tag that is none', async () => {
    const result = await runCli(['resolve', '-r', 'layout:x', '-t', 'a b', '--json']);
    expect(result.code).toBe(65);
    expect(errorOf(result)).toMatchObject({ code: 'INVALID_REFERENCE', details: { part: 'tag', input: 'a b' } });
  });

  it('with a password in it is refused without repeating the password', async () => {
    const typed = ['oci://user:hunter2@host/repo:1', 'oci://hunter2@host/repo', 'user:hunter2@host.example/repo:1'];
    for (const argv of typed.flatMap((reference) => [[reference], [reference, '--json']])) {
      const { code, stderr } = await runCli(['resolve', ...argv]);
      expect(code).toBe(65);
      expect(stderr).not.toContain('hunter2');
      expect(stderr).toContain('@host');
    }
  });
});
