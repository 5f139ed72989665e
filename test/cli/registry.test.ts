import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oci/index.ts';
import { type FaultRule, startRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, sample } from './support/workspace.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const basic = { username: 'me', password: 'right-password' };
const env = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: 'right-password' };
/** The default waits a second before it tries again. */
const oneAttempt = ['--max-attempts', '1'];

describe('a registry', () => {
  it('takes, lists, shows and gives back the same bytes under one digest', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = `oci://${registry.host}/team/orders`;
    const pushed = await workspace.run('push', '-a', 'doc.json', '-r', place, '-t', 'v1.0.0');
    expect(pushed).toMatchObject({ code: 0, stderr: '' });
    const digest = pushed.stdout.trim();
    const stored = registry.repository('team/orders');
    expect(stored.tags.get('v1.0.0')).toBe(digest);

    const list = JSON.parse((await workspace.run('list', place, '--json')).stdout);
    expect(list).toMatchObject({ repository: place, tags: [{ name: 'v1.0.0', digest }] });
    expect(JSON.parse((await workspace.run('inspect', `${place}:v1.0.0`, '--json')).stdout)).toMatchObject({ digest });
    const raw = (await workspace.run('inspect', `${registry.host}/team/orders:v1.0.0`, '--raw')).bytes;
    expect(raw).toEqual(stored.manifests.get(digest)?.bytes);
    expect((await workspace.run('pull', '-r', place, '-t', 'v1.0.0')).bytes).toEqual(sample);
    expect((await workspace.run('validate', `${place}@${digest}`)).code).toBe(0);
  });

  it('is asked for the manifest alone by inspect', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = `oci://${registry.host}/team/orders:v1.0.0`;
    await workspace.run('push', '-a', 'doc.json', place);
    registry.clearRequests();
    await workspace.run('inspect', place);
    expect(registry.requests().length).toBe(1);
    expect(registry.requests({ path: /blobs/ })).toEqual([]);
  });

  it('that does not know a repository is exit 3, and one without tags an empty list', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const unknown = await workspace.run('list', `oci://${registry.host}/team/none`, '--json');
    expect(unknown).toMatchObject({ code: 3, stdout: '' });
    expect(errorOf(unknown).code).toBe('NOT_FOUND');
    registry.repository('team/empty').putBlob('x');
    const empty = await workspace.run('list', `oci://${registry.host}/team/empty`);
    expect(empty).toMatchObject({ code: 0, stdout: 'TAG  DIGEST  SIZE  CREATED\n' });
  });

  it('that is not there is exit 5, with a hint', async () => {
    await using workspace = await makeWorkspace();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const result = await workspace.run('list', `oci://127.0.0.1:${port}/r`, '--json', ...oneAttempt);
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(errorOf(result)).toMatchObject({
      code: 'REGISTRY_UNAVAILABLE',
      message: expect.stringContaining(`:${port}`),
    });
  });

  it.each<[what: string, code: number, error: string, rule: FaultRule['fault'], size?: number]>([
    ['fails', 5, 'REGISTRY_UNAVAILABLE', { kind: 'status', status: 503 }],
    ['denies', 2, 'DENIED', { kind: 'status', status: 403, code: 'DENIED' }],
    ['answers a page of HTML', 1, 'INVALID_RESPONSE', { kind: 'html' }],
    ['answers another manifest', 6, 'DIGEST_MISMATCH', { kind: 'corrupt', at: 5 }],
    ['cuts its answer short', 5, 'REGISTRY_UNAVAILABLE', { kind: 'truncate', afterBytes: 10 }],
    ['redirects nowhere', 1, 'REDIRECT_REFUSED', { kind: 'redirect', location: 'ftp://elsewhere.example/' }],
  ])('that %s is exit %i, with nothing written', async (_, code, error, fault) => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const reference = `oci://${registry.host}/team/orders:v1.0.0`;
    const digest = (await workspace.run('push', '-a', 'doc.json', reference)).stdout.trim();
    registry.fail({ method: 'GET', path: /\/manifests\//, fault }, { method: 'HEAD', path: /\/manifests\//, fault });
    const before = await readdir(workspace.folder);
    const place = `oci://${registry.host}/team/orders@${digest}`;
    for (const argv of [
      ['pull', '-r', place, '-o', 'out.json'],
      ['pull', place, '-o', 'out'],
    ]) {
      const result = await workspace.run(...argv, '--json', ...oneAttempt);
      expect([errorOf(result).code, result.code]).toEqual([error, code]);
      expect(result.stdout).toBe('');
    }
    expect(await readdir(workspace.folder)).toEqual(before);
  });

  it('that gives a damaged document is exit 6, and nothing reaches stdout or a file', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];
    await workspace.run('push', '-a', 'doc.json', ...place);
    registry.fail({ method: 'GET', path: /\/blobs\//, fault: { kind: 'corrupt', at: 100 } });
    expect(await workspace.run('pull', ...place)).toMatchObject({ code: 6, stdout: '' });
    expect((await workspace.run('pull', ...place, '-o', 'out.json')).code).toBe(6);
    expect(existsSync(workspace.path('out.json'))).toBe(false);
  });

  it('that gives a manifest beyond all measure, or none at all, is an error with a code', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const repository = registry.repository('team/odd');
    repository.putManifest(Buffer.alloc(9 * 1024 * 1024, 0x20), MANIFEST, 'huge');
    repository.putManifest('{"schemaVersion": 2, ', MANIFEST, 'cut');
    repository.putManifest('[]', MANIFEST, 'list');
    for (const [tag, code] of [
      ['huge', 'LIMIT_EXCEEDED'],
      ['cut', 'INVALID_MANIFEST'],
      ['list', 'INVALID_MANIFEST'],
    ]) {
      const result = await workspace.run('inspect', `oci://${registry.host}/team/odd:${tag}`, '--json');
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(errorOf(result).code).toBe(code);
    }
    const list = await workspace.run('list', `oci://${registry.host}/team/odd`, '--json');
    expect(list.code).toBe(1);
    expect(JSON.parse(list.stdout)).toMatchObject({
      tags: [],
      errors: [{ tag: 'cut' }, { tag: 'huge' }, { tag: 'list' }],
    });
  });

  it('writes names that lead out of the folder in vain', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const repository = registry.repository('team/evil');
    const layer = {
      mediaType: 'text/plain',
      digest: repository.putBlob('evil'),
      size: 4,
      annotations: { 'org.opencontainers.image.title': '../evil.txt' },
    };
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: repository.putBlob('{}'), size: 2 };
    repository.putManifest(
      JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }),
      MANIFEST,
      'v1',
    );
    const result = await workspace.run('pull', `oci://${registry.host}/team/evil:v1`, '-o', 'out', '--json');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(result)).toMatchObject({ code: 'UNSAFE_PATH', details: { name: '../evil.txt' } });
    expect(await readdir(workspace.folder)).toEqual(['changed.json', 'doc.json']);
  });
});

describe('credentials of the environment', () => {
  it('open a registry that asks for them', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ auth: basic });
    const push = ['push', '-a', 'doc.json', `oci://${registry.host}/team/orders:v1.0.0`];
    const anonymous = await workspace.run(...push, '--json');
    expect(anonymous).toMatchObject({ code: 2, stdout: '' });
    expect(errorOf(anonymous).code).toBe('UNAUTHORIZED');
    const wrong = await workspace.runIn({ env: { ...env, FLOE_REGISTRY_PASSWORD: 'wrong-password' } }, ...push);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).not.toContain('wrong-password');
    expect((await workspace.runIn({ env }, ...push, '--verbose')).stderr).not.toMatch(/right-password|bWU6/);
    expect((await workspace.runIn({ env }, ...push)).code).toBe(0);
  });

  it('are bound to one host by FLOE_REGISTRY_HOST', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ auth: basic });
    const list = ['list', `oci://${registry.host}/team/orders`];
    const elsewhere = await workspace.runIn({ env: { ...env, FLOE_REGISTRY_HOST: 'other.example' } }, ...list);
    expect(elsewhere.code).toBe(2);
    const here = await workspace.runIn({ env: { ...env, FLOE_REGISTRY_HOST: registry.host } }, ...list);
    expect(here.code).toBe(3);
    const authorized = registry.requests().filter(({ headers }) => headers['authorization'] !== undefined);
    expect(authorized.length).toBeGreaterThan(0);
  });

  it('that are half there are exit 2, and name what is missing', async () => {
    await using workspace = await makeWorkspace();
    const half = { FLOE_REGISTRY_USERNAME: 'me' };
    const result = await workspace.runIn({ env: half }, 'list', 'oci://127.0.0.1:1/r', '--json');
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: 'FLOE_REGISTRY_PASSWORD' },
    });
  });

  it('do not disturb a layout', async () => {
    await using workspace = await makeWorkspace();
    expect((await workspace.runIn({ env }, 'push', '-a', 'doc.json', 'layout:out:v1')).code).toBe(0);
  });
});

describe('a log', () => {
  it('of every request is written to stderr with --verbose, as text or JSON', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf('{}'), size: 2 };
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [] });
    registry.repository('r').putManifest(manifest, MANIFEST, 'v1');
    const resolve = ['resolve', `oci://${registry.host}/r:v1`, '--verbose'];
    const text = await workspace.run(...resolve);
    expect(text.stdout).toBe(`${digestOf(manifest)}\n`);
    expect(text.stderr).toMatch(
      /^trace: http_request method=(?:HEAD|GET) url=http:\/\/127\.0\.0\.1:\d+\/v2\/r\/manifests\/v1 /m,
    );
    const json = await workspace.run(...resolve, '--no-cache', '--log-format', 'json');
    const lines = json.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ level: 'trace', event: 'http_request', status: 200 }));
  });

  it('as JSON has the error as JSON, too', async () => {
    await using workspace = await makeWorkspace();
    for (const format of [['--log-format', 'json'], ['--log-format=json']]) {
      const result = await workspace.run('list', 'layout:missing', ...format);
      expect(errorOf(result).code).toBe('NOT_FOUND');
    }
  });
});
