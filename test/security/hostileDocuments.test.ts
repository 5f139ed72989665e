import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../cli/support/workspace.ts';
import { manifestOf } from '../support/artifacts.ts';
import { readTree } from '../support/fileTree.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';

/*
 * Manifests, lists and tokens that lie, never end, or are made to exhaust whoever reads them: a named error in bounded time, and
 * nothing written.
 */

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const descriptor = { mediaType: 'application/octet-stream', digest: DIGEST, size: 1 };
const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: DIGEST, size: 2 };
const manifest = (members: object): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [], ...members });

const LYING: Readonly<Record<string, readonly [text: string, mediaType: string, code: string]>> = {
  'no JSON': ['{"schemaVersion": 2,', MANIFEST, 'INVALID_MANIFEST'],
  nothing: ['', MANIFEST, 'INVALID_MANIFEST'],
  'a list': ['[]', MANIFEST, 'INVALID_MANIFEST'],
  'no text': ['\u00ff\u00fe', MANIFEST, 'INVALID_MANIFEST'],
  'ten thousand levels': [`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, MANIFEST, 'INVALID_MANIFEST'],
  'manifest and index at once': [manifest({ manifests: [descriptor] }), MANIFEST, 'INVALID_MANIFEST'],
  'an index that calls itself a manifest': [
    JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, manifests: [] }),
    MANIFEST,
    'INVALID_MANIFEST',
  ],
  'a manifest under another media type': [manifest({}), INDEX, 'INVALID_MANIFEST'],
  'a negative size': [manifest({ layers: [{ ...descriptor, size: -1 }] }), MANIFEST, 'INVALID_MANIFEST'],
  'a size that is no whole number': [
    manifest({ layers: [{ ...descriptor, size: 1.5 }] }),
    MANIFEST,
    'INVALID_MANIFEST',
  ],
  'a size beyond what can be counted': [
    manifest({}).replace('"layers":[]', `"layers":[{"mediaType":"a/b","digest":"${DIGEST}","size":1e400}]`),
    MANIFEST,
    'INVALID_MANIFEST',
  ],
  'a size in a text': [manifest({ layers: [{ ...descriptor, size: '1' }] }), MANIFEST, 'INVALID_MANIFEST'],
  'a short digest': [manifest({ layers: [{ ...descriptor, digest: 'sha256:abc' }] }), MANIFEST, 'INVALID_MANIFEST'],
  'a digest that is a path': [
    manifest({ layers: [{ ...descriptor, digest: 'sha256:../../../../etc/passwd' }] }),
    MANIFEST,
    'INVALID_MANIFEST',
  ],
  'an algorithm of its own': [
    manifest({ layers: [{ ...descriptor, digest: `md5:${'a'.repeat(32)}` }] }),
    MANIFEST,
    'INVALID_MANIFEST',
  ],
  'layers that are no list': [manifest({ layers: { 0: descriptor, length: 1 } }), MANIFEST, 'INVALID_MANIFEST'],
  'annotations that are no texts': [manifest({ annotations: { a: { b: 'c' } } }), MANIFEST, 'INVALID_MANIFEST'],
};

async function holding(text: string, mediaType: string): Promise<TestRegistry> {
  const registry = await startRegistry();
  registry.repository('team/orders').putManifest(Buffer.from(text, 'latin1'), mediaType, 'v1');
  return registry;
}

describe.each(Object.entries(LYING))('a manifest that is %s', (_, [text, mediaType, expected]) => {
  it('is refused by name, and leaves nothing behind', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await holding(text, mediaType);
    const place = `${registry.host}/team/orders:v1`;
    for (const command of [
      ['pull', place, '-o', 'out'],
      ['inspect', place],
      ['copy', place, 'layout:copied:v1'],
    ]) {
      const { code, stdout, stderr } = await workspace.run(...command, '--json');
      expect({ code: code === 0, stdout, error: JSON.parse(stderr).error.code }).toEqual({
        code: false,
        stdout: '',
        error: expected,
      });
    }
    expect(Object.keys(await readTree(workspace.folder))).not.toContain('out');
  });
});

it('names that JavaScript has a meaning for are members like any others', async () => {
  await using workspace = await makeWorkspace();
  await using registry = await holding(
    manifest({}).replace('{', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},'),
    MANIFEST,
  );
  await workspace.run('inspect', `${registry.host}/team/orders:v1`, '--json');
  expect(({} as Readonly<Record<string, unknown>>)['polluted']).toBeUndefined();
});

describe('an answer that does not end', () => {
  it('is given up at the size that a manifest may have', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    registry.fail({
      path: /manifests/,
      fault: { kind: 'status', status: 200, headers: { 'content-type': MANIFEST }, body: ' '.repeat(9 * 1024 * 1024) },
    });
    const { code, stderr } = await workspace.run('inspect', `${registry.host}/team/orders:v1`, '--json');
    expect({ code: code !== 0, error: JSON.parse(stderr).error.code }).toEqual({ code: true, error: 'LIMIT_EXCEEDED' });
  });

  it.each([
    ['tags', /tags\/list/, { name: 'team/orders', tags: ['v1'] }, ['list', '/team/orders']],
    ['repositories', /_catalog/, { repositories: ['team/orders'] }, ['repos', '']],
  ])('of %s, whose every page leads to itself, is refused', async (_, path, body, [command = '', rest = '']) => {
    await using workspace = await makeWorkspace();
    await using registry = await holding(manifest({}), MANIFEST);
    registry.fail({
      path,
      fault: (_method, asked) => ({
        kind: 'status',
        status: 200,
        headers: { 'content-type': 'application/json', link: `<${asked}>; rel="next"` },
        body: JSON.stringify(body),
      }),
    });
    const { code } = await workspace.run(command, `${registry.host}${rest}`);
    expect(code).not.toBe(0);
    expect(registry.requests().length).toBeLessThan(20);
  });

  it('of an index that leads to indexes on and on is refused', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const repository = registry.repository('team/orders');
    let inner = manifestOf(manifest({ layers: [] }));
    for (let depth = 0; depth < 100; depth++) {
      repository.putManifest(inner.bytes, inner.descriptor.mediaType, depth === 99 ? 'v1' : undefined);
      inner = manifestOf({ schemaVersion: 2, mediaType: INDEX, manifests: [inner.descriptor] });
    }
    const { code, stderr } = await workspace.run(
      'copy',
      `${registry.host}/team/orders:v1`,
      'layout:copied:v1',
      '--json',
    );
    expect({ code: code !== 0, error: JSON.parse(stderr).error.code }).toEqual({ code: true, error: 'LIMIT_EXCEEDED' });
  });

  it('of a body that unfolds to a thousand times its size is not unfolded', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    registry.fail({
      path: /manifests/,
      fault: {
        kind: 'status',
        status: 200,
        headers: { 'content-type': MANIFEST, 'content-encoding': 'gzip' },
        body: bomb.toString('latin1'),
      },
    });
    const { code, stderr } = await workspace.run('inspect', `${registry.host}/team/orders:v1`);
    expect(code).not.toBe(0);
    expect(stderr).toContain('the answer is encoded (gzip), which was not asked for');
  });
});

describe('content', () => {
  it('is what the digest says, whatever a header says of it', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    await workspace.run('push', '-a', 'doc.json', '-r', `${registry.host}/team/orders`, '-t', 'v1.0.0');
    registry.fail({ path: /manifests/, fault: { kind: 'header', name: 'docker-content-digest', value: DIGEST } });
    const { code } = await workspace.run('pull', `${registry.host}/team/orders:v1.0.0`, '-o', 'out', '--no-cache');
    expect([1, 6]).toContain(code);
    expect(Object.keys(await readTree(workspace.folder))).not.toContain('out');
  });

  it('is fetched once for a tag, so that nothing is swapped between looking and taking', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    await workspace.run('push', '-a', 'doc.json', '-r', `${registry.host}/team/orders`, '-t', 'v1.0.0');
    registry.clearRequests();
    await workspace.run('pull', '-r', `${registry.host}/team/orders`, '-t', 'v1.0.0', '-o', 'out.json', '--no-cache');
    expect(registry.lines().filter((line) => line.includes('/manifests/'))).toEqual([
      'GET /v2/team/orders/manifests/v1.0.0',
    ]);
  });
});
