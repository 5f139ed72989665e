import { appendFile, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { Annotation } from '../../../src/oci/spec/annotations.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { blobFile, type CacheSetup, publish, pull, setUp } from './support/caches.ts';

const graph = artifact(1, { layers: 1, size: 5000 });
/** Larger than what is kept in memory while it is checked. */
const large = artifact(2, { layers: 1, size: 3_000_000 });
const manifest = graph.root.descriptor;

async function pulled(): Promise<CacheSetup> {
  const setup = await setUp();
  publish(setup.remote, graph, 'v1.0.0');
  publish(setup.remote, large, 'v2.0.0');
  await pull(setup.repository(), 'v1.0.0', graph);
  await pull(setup.repository(), 'v2.0.0', large);
  setup.asked();
  return setup;
}

const HARM: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'has another byte': async (file) => {
    const bytes = await readFile(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(file, bytes);
  },
  'is cut off': (file) => truncate(file, 100),
  'has grown': (file) => appendFile(file, 'more'),
  'is empty': (file) => truncate(file, 0),
  'is gone': (file) => rm(file),
  'is a link to something else': async (file) => {
    await rm(file);
    await symlink('/etc/hostname', file);
  },
};

describe.each([
  ['small', graph, 'v1.0.0'],
  ['large', large, 'v2.0.0'],
] as const)('a %s blob', (_, artifactOfSize, tag) => {
  const layer = artifactOfSize.contents[1]?.descriptor ?? expect.fail();

  it.each(Object.keys(HARM))('that %s is fetched again, said, and right from then on', async (harm) => {
    const { repository, path, asked, log } = await pulled();
    await HARM[harm]?.(blobFile(path, layer));
    await pull(repository(), tag, artifactOfSize);
    expect(asked()).toEqual([`GET /v2/team/product/blobs/${layer.digest}`]);
    const warnings = log.filter(({ level }) => level === 'warn').map(({ event }) => event);
    expect(warnings).toEqual(harm === 'is gone' ? [] : ['cache_corruption_detected']);
    await pull(repository({ mode: 'offline' }), tag, artifactOfSize);
    expect(digestOf(await readFile(blobFile(path, layer)))).toBe(layer.digest);
  });
});

describe('other damage', () => {
  it('a manifest that is another is fetched again by its digest', async () => {
    const { repository, path, asked } = await pulled();
    await writeFile(blobFile(path, manifest), '{}');
    await pull(repository(), 'v1.0.0', graph);
    expect(asked()).toEqual([`GET /v2/team/product/manifests/${manifest.digest}`]);
  });

  it('a corrupt blob is not served offline', async () => {
    const { repository, path } = await pulled();
    const layer = graph.contents[1]?.descriptor ?? expect.fail();
    await HARM['has another byte']?.(blobFile(path, layer));
    await expect(bytesOf(repository({ mode: 'offline' }).read(layer))).rejects.toEqual(failure('NOT_FOUND'));
  });

  it.each(['', '{', '[]', '{"registry":"x"}', `{"padding":"${'x'.repeat(20_000)}"}`])(
    'a record that says %j is asked for again',
    async (text) => {
      const { repository, path, asked, events } = await pulled();
      for (const name of await readdir(join(path, 'references'))) {
        await writeFile(join(path, 'references', name), text);
      }
      await pull(repository(), 'v1.0.0', graph);
      expect(asked()).toEqual(['GET /v2/team/product/manifests/v1.0.0']);
      expect(events()).toContain('cache_corruption_detected');
      await pull(repository({ mode: 'offline' }), 'v1.0.0', graph);
    },
  );

  it('the record of another reference does not count', async () => {
    const { repository, path } = await pulled();
    const folder = join(path, 'references');
    const [a = '', b = ''] = await readdir(folder);
    const [textA, textB] = [await readFile(join(folder, a)), await readFile(join(folder, b))];
    await writeFile(join(folder, a), textB);
    await writeFile(join(folder, b), textA);
    await pull(repository(), 'v1.0.0', graph);
    await pull(repository(), 'v2.0.0', large);
  });

  it('a record by digest that leads elsewhere does not count', async () => {
    const { repository, path } = await pulled();
    await repository({ mode: 'checked' }).resolve(manifest.digest);
    const folder = join(path, 'references');
    for (const name of await readdir(folder)) {
      const { checksum: _, ...record } = JSON.parse(await readFile(join(folder, name), 'utf8'));
      if (record.reference !== manifest.digest) continue;
      await writeFile(join(folder, name), JSON.stringify({ ...record, descriptor: large.root.descriptor }));
    }
    expect((await repository().resolve(manifest.digest)).digest).toBe(manifest.digest);
  });

  it.each([
    ['an index.json that is none', (path: string) => writeFile(join(path, 'index.json'), 'nonsense')],
    ['an index.json that was lost', (path: string) => rm(join(path, 'index.json'))],
    ['a marker that is none', (path: string) => writeFile(join(path, 'oci-layout'), '{}')],
  ])('%s hurts nobody, and all is listed anew with the next that is', async (_, harm) => {
    const { repository, open, path, remote, log } = await pulled();
    await open().verify();
    await harm(path);
    const other = artifact(3);
    publish(remote, other, 'v3.0.0');
    const cache = open();
    await pull(repository({ cache }), 'v3.0.0', other);
    await cache.close();
    await pull(repository({ mode: 'offline' }), 'v1.0.0', graph);
    const index = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'));
    expect(index.manifests).toHaveLength(3);
    // By either of the caches that were at it.
    const fields = { path, reason: expect.any(String) };
    expect(log).toContainEqual({ level: 'info', event: 'cache_relisted', fields });
    await harm(path);
    expect((await cache.verify()).removed).toEqual([]);
    expect(JSON.parse(await readFile(join(path, 'index.json'), 'utf8')).manifests).toHaveLength(3);
  });

  it('an index.json that cannot be changed hurts nobody, and it is said why', async () => {
    const { remote, repository, open, path, log } = await setUp();
    publish(remote, graph, 'v1.0.0');
    publish(remote, large, 'v2.0.0');
    const cache = open();
    await pull(repository({ cache }), 'v1.0.0', graph);
    await cache.close();
    await writeFile(join(path, 'index.json.lock'), 'a file');
    await pull(repository({ cache }), 'v2.0.0', large);
    await cache.close();
    const fields = { path, reason: expect.stringContaining('index.json.lock') };
    expect(log).toContainEqual({ level: 'debug', event: 'cache_unlisted', fields });
    await pull(repository({ mode: 'offline' }), 'v2.0.0', large);
  });

  it('an index.json that is made anew says what there is', async () => {
    const { remote, repository, open, path } = await setUp();
    publish(remote, graph, 'v1.0.0');
    publish(remote, large, 'v2.0.0');
    const cache = open();
    await pull(repository({ cache }), 'v1.0.0', graph);
    await cache.close();
    await rm(blobFile(path, manifest));
    await rm(join(path, 'index.json'));
    await pull(repository({ cache }), 'v2.0.0', large);
    await cache.close();
    const index = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'));
    const annotations = { [Annotation.refName]: `${remote.server.host}/team/product:v2.0.0` };
    expect(index.manifests).toEqual([expect.objectContaining({ annotations })]);
  });

  it('a cache whose folder is removed under it starts again', async () => {
    const { repository, path, asked } = await pulled();
    await rm(path, { recursive: true });
    await pull(repository(), 'v1.0.0', graph);
    asked();
    await mkdir(path, { recursive: true });
    await pull(repository(), 'v1.0.0', graph);
    await repository().resolve(tagOf('v1.0.0'));
  });
});
