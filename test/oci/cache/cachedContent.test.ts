import { rm, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';
import { blobFile, publish, setUp } from './support/caches.ts';

const graph = artifact(1, { size: 5000 });
const [layer, other] = graph.contents
  .slice(1)
  .map(({ descriptor }) => descriptor)
  .filter(({ size }) => size >= 5000);
if (layer === undefined || other === undefined) throw new Error('two layers are needed');

describe('content that does not arrive', () => {
  it('fails for who asked the repository that failed, and comes from their own for others who had joined', async () => {
    const { remote, open, asked } = await setUp();
    for (const name of ['team/product', 'team/other']) publish(remote, graph, 'latest', name);
    remote.server.fail({ path: /team\/product\/blobs/, times: 1, fault: { kind: 'status', status: 404 } });
    const { content } = open();
    const [ofProduct, ofOther] = ['team/product', 'team/other'].map((name) =>
      bytesOf(content.fetch(layer, remote.fresh(name))),
    );
    await expect(ofProduct).rejects.toEqual(failure('NOT_FOUND'));
    expect(digestOf((await ofOther) ?? expect.fail())).toBe(layer.digest);
    expect(asked()).toEqual(['team/product', 'team/other'].map((name) => `GET /v2/${name}/blobs/${layer.digest}`));
  });

  it('is no trouble of the cache, even where the source is a folder, too', async () => {
    const { open, log } = await setUp();
    const path = temporaryFolder();
    const layout = await LayoutStore.open(path, { create: true });
    await putGraph(layout, graph, 'latest');
    await rm(blobFile(path, layer));
    await symlink('/etc/hostname', blobFile(path, layer));
    const { content } = open();
    await expect(bytesOf(content.fetch(layer, layout))).rejects.toEqual(failure('INVALID_LAYOUT'));
    expect(await content.has(layer)).toBe(false);
    await bytesOf(content.fetch(other, layout));
    expect(await content.has(other)).toBe(true);
    expect(log.filter(({ level }) => level === 'warn')).toEqual([]);
  });
});
