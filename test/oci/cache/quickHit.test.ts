import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileNameOf, nameOf } from '../../../src/oci/cache/cacheKey.ts';
import { findQuickHit, type QuickHit, type QuickHitQuery } from '../../../src/oci/cache/quickHit.ts';
import { type Digest, digestOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { artifact, blob, emptyConfig, type Graph, imageManifest, tagOf } from '../../support/artifacts.ts';
import { blobFile, HOUR, publish, pull, setUp } from './support/caches.ts';

const BY = 'reader/1';
type Members = Record<string, unknown>;

/** A cache in which a reader has endorsed the only layer of an artifact, under the tag `latest`. */
async function endorsed(graph: Graph = artifact(1, { layers: 1 })) {
  const { remote, repository, path, clock } = await setUp();
  publish(remote, graph, 'latest');
  const { root } = graph;
  const manifest = root.descriptor;
  const layer = JSON.parse(Buffer.from(root.bytes).toString('utf8')).layers[0];
  const bytes = graph.contents.find(({ descriptor }) => descriptor.digest === layer.digest)?.bytes;
  if (bytes === undefined) throw new Error('no layer');
  const store = repository();
  const keep = async (reference: string): Promise<void> => {
    await pull(store, reference, graph);
    const name = reference.includes(':') ? (reference as Digest) : tagOf(reference);
    await store.endorse(name, manifest, { by: BY, digest: layer.digest });
  };
  await keep('latest');
  const query: QuickHitQuery = {
    path,
    registry: remote.server.host,
    repository: parseRepositoryName('team/product'),
    reference: tagOf('latest'),
    by: BY,
    maxSize: bytes.length,
    isOffline: false,
    now: clock.now,
    ttlHours: 24,
    isImmutable: () => false,
  };
  const record = join(path, 'references', fileNameOf(nameOf(query)));
  const hit: QuickHit = { manifest: manifest.digest, digest: layer.digest, bytes: Buffer.from(bytes), age: 0 };
  const files = { record, manifest: blobFile(path, manifest), layer: blobFile(path, layer) };
  return { query, hit, files, path, keep, members: JSON.parse(await readFile(record, 'utf8')) as Members };
}

describe('a quick hit', () => {
  it('is the endorsed content, for as long as the registry need not be asked', async () => {
    const { query, hit } = await endorsed();
    expect(findQuickHit(query)).toEqual(hit);
    const age = 24 * HOUR - 1;
    expect(findQuickHit({ ...query, now: query.now + age })).toEqual({ ...hit, age });
    const later = { ...query, now: query.now + age + 1 };
    expect(findQuickHit(later)).toBeUndefined();
    expect(findQuickHit({ ...later, isOffline: true })).toEqual({ ...hit, age: age + 1 });
    expect(findQuickHit({ ...later, isImmutable: () => true })).toEqual({ ...hit, age: age + 1 });
  });

  it('is no younger than now, however wrong a clock was', async () => {
    const { query, hit } = await endorsed();
    expect(findQuickHit({ ...query, now: query.now - HOUR })).toBeUndefined();
    expect(findQuickHit({ ...query, now: query.now - HOUR, isOffline: true })).toEqual(hit);
  });

  it('is found by digest, too', async () => {
    const { query, hit, keep } = await endorsed();
    await keep(hit.manifest);
    expect(findQuickHit({ ...query, reference: hit.manifest, now: query.now + 9999 * HOUR })).toMatchObject({
      digest: hit.digest,
      age: 9999 * HOUR,
    });
  });

  it('is noted as used, in all of its files', async () => {
    const { query, files } = await endorsed();
    findQuickHit({ ...query, now: query.now + HOUR });
    for (const file of Object.values(files)) expect((await stat(file)).mtimeMs).toBe(query.now + HOUR);
  });

  it('is nothing that another reader endorsed, or that is larger than asked for', async () => {
    const { query } = await endorsed();
    expect(findQuickHit({ ...query, by: 'reader/2' })).toBeUndefined();
    expect(findQuickHit({ ...query, maxSize: query.maxSize - 1 })).toBeUndefined();
  });

  it('has one layer', async () => {
    const { query } = await endorsed(artifact(1, { layers: 2 }));
    expect(findQuickHit(query)).toBeUndefined();
  });
});

describe('left to others is', () => {
  it('a cache of another format, or none', async () => {
    const { query, path } = await endorsed();
    for (const text of ['{"version":2}', 'null', '"1"', '{']) {
      await writeFile(join(path, 'floe-oci-cache.json'), text);
      expect([text, findQuickHit(query)]).toEqual([text, undefined]);
    }
    expect(findQuickHit({ ...query, path: join(path, 'missing') })).toBeUndefined();
  });

  it('a record that is not as we write it, or of something else', async () => {
    const { query, hit, files, members } = await endorsed();
    const { checksum, ...right } = members;
    const [descriptor, endorsement] = [right['descriptor'] as Members, right['endorsement'] as Members];
    const other = digestOf(Buffer.from('other'));
    const wrongs: Members[] = [
      { ...right, checksum, fetchedAt: '2026-01-01T00:00:00.001Z' },
      { ...right, registry: 'other.example' },
      { ...right, repository: 'team/other' },
      { ...right, reference: 'v2' },
      { ...right, endorsement: undefined },
      { ...right, endorsement: null },
      { ...right, endorsement: { ...endorsement, digest: other } },
      { ...right, descriptor: 'none' },
      { ...right, descriptor: { ...descriptor, mediaType: 'application/vnd.oci.image.index.v1+json' } },
      ...[undefined, 1, [descriptor['digest']], 'sha256:../x', other].map((digest) => ({
        ...right,
        descriptor: { ...descriptor, digest },
      })),
      ...[undefined, String(descriptor['size']), Number(descriptor['size']) + 1, Number(descriptor['size']) - 1].map(
        (size) => ({ ...right, descriptor: { ...descriptor, size } }),
      ),
      ...['checkedAt', 'fetchedAt'].flatMap((name) =>
        [undefined, query.now, '2026-01-01', ' 2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z '].map((time) => ({
          ...right,
          [name]: time,
        })),
      ),
      { ...right, padding: 'x'.repeat(16 * 1024) },
    ];
    for (const wrong of wrongs) {
      await writeFile(files.record, JSON.stringify(wrong));
      expect([wrong, findQuickHit({ ...query, isOffline: true })]).toEqual([wrong, undefined]);
    }
    await writeFile(files.record, JSON.stringify(right).padEnd(16 * 1024));
    expect(findQuickHit(query)).toEqual(hit);
    await writeFile(files.record, JSON.stringify(right).padEnd(16 * 1024 + 1));
    expect(findQuickHit(query)).toBeUndefined();
  });

  it('a record about a digest that leads to another', async () => {
    const { query, files, hit, members } = await endorsed();
    const { checksum: _, ...right } = members;
    const reference = digestOf(Buffer.from('other'));
    const record = join(query.path, 'references', fileNameOf(nameOf({ ...query, reference })));
    await writeFile(record, JSON.stringify({ ...right, reference }));
    expect(findQuickHit({ ...query, reference })).toBeUndefined();
    await writeFile(files.record, JSON.stringify(right));
    expect(findQuickHit(query)).toEqual(hit);
  });

  it.each(['manifest', 'layer'] as const)('what is damaged, too short, too long or no file: the %s', async (which) => {
    const { query, hit, files } = await endorsed();
    const file = files[which];
    const right = await readFile(file);
    const flipped = Buffer.from(right);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    for (const wrong of [flipped, right.subarray(1), Buffer.concat([right, Buffer.from(' ')]), Buffer.alloc(0)]) {
      await writeFile(file, wrong);
      expect(findQuickHit(query)).toBeUndefined();
    }
    await rm(file);
    expect(findQuickHit(query)).toBeUndefined();
    await mkdir(file);
    expect(findQuickHit(query)).toBeUndefined();
    await rm(file, { recursive: true });
    await writeFile(`${file}.elsewhere`, right);
    await symlink(`${file}.elsewhere`, file);
    expect(findQuickHit(query)).toBeUndefined();
    await rm(file);
    await writeFile(file, right);
    expect(findQuickHit(query)).toEqual(hit);
  });

  it('a manifest of more than 1 MiB', async () => {
    const ofSize = (long: number): Graph => {
      const layer = blob(1);
      const root = imageManifest([layer], { annotations: { long: 'x'.repeat(long) } });
      return { root, contents: [emptyConfig, layer, root] };
    };
    const rest = ofSize(0).root.bytes.length;
    const fits = await endorsed(ofSize(1024 * 1024 - rest));
    expect(findQuickHit(fits.query)).toEqual(fits.hit);
    const { query } = await endorsed(ofSize(1024 * 1024 - rest + 1));
    expect(findQuickHit(query)).toBeUndefined();
  });
});
