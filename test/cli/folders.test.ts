import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oci/index.ts';
import { Link, readTree } from '../support/fileTree.ts';
import { startRegistry } from '../support/registry/index.ts';
import { tarOf } from '../support/tar.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace } from './support/workspace.ts';

const tree = { 'a.txt': 'a', empty: {}, sub: { b: 'b', link: new Link('../a.txt') } };

describe('a folder', () => {
  it('is pushed and pulled like a file, and comes back to the same place', async () => {
    await using workspace = await makeWorkspace({ docs: { guide: tree } });
    await using registry = await startRegistry();
    const place = `${registry.host}/team/docs:v1`;
    const pushed = await workspace.run('push', place, 'docs/guide', 'doc.json:application/json', '--json');
    expect(pushed.code).toBe(0);
    const { layers } = JSON.parse((await workspace.run('inspect', place, '--json')).stdout);
    expect(layers).toMatchObject([
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        annotations: { 'org.opencontainers.image.title': 'docs/guide', 'io.deis.oras.content.unpack': 'true' },
      },
      { mediaType: 'application/json' },
    ]);
    const pulled = await workspace.run('pull', place, '-o', 'out', '--json');
    expect(JSON.parse(pulled.stdout).files.map(({ path }: { path: string }) => path)).toEqual([
      workspace.path('out/doc.json'),
      workspace.path('out/docs/guide'),
    ]);
    expect(await readTree(workspace.path('out/docs/guide'))).toEqual(await readTree(workspace.path('docs/guide')));
  });

  it('gives the same digest every time, and nothing stays in the temporary folder', async () => {
    await using workspace = await makeWorkspace({ one: tree });
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith(`.floe-oci-${process.pid}-`));
    const first = await workspace.run('push', 'layout:l:v1', 'one');
    const second = await workspace.run('push', 'layout:l:v1', './one/', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ digest: first.stdout.trim(), outcome: 'unchanged' });
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith(`.floe-oci-${process.pid}-`));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  it('takes a media type, and the current folder its own name', async () => {
    await using workspace = await makeWorkspace({ one: tree });
    await workspace.run('push', 'layout:l:v1', 'one:application/vnd.acme.docs.tar+gzip');
    const typed = JSON.parse((await workspace.run('inspect', 'layout:l:v1', '--json')).stdout);
    expect(typed.layers).toMatchObject([{ mediaType: 'application/vnd.acme.docs.tar+gzip' }]);
    const place = `layout:${workspace.path('l')}:here`;
    expect((await workspace.runIn({ cwd: workspace.path('one') }, 'push', place, '.')).code).toBe(0);
    const here = JSON.parse((await workspace.run('inspect', 'layout:l:here', '--json')).stdout);
    expect(here.layers[0].annotations['org.opencontainers.image.title']).toBe('one');
    await workspace.run('pull', 'layout:l:v1', '-o', 'out');
    expect(await readTree(workspace.path('out/one'))).toEqual(await readTree(workspace.path('one')));
  });

  it('with something that nobody could unpack is refused before anything is sent', async () => {
    await using workspace = await makeWorkspace({ one: { link: new Link('/etc/passwd') } });
    await using registry = await startRegistry();
    const refused = await workspace.run('push', `${registry.host}/a:v1`, 'one', '--json');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(refused)).toMatchObject({ code: 'UNSAFE_PATH', details: { name: 'one/link' } });
    expect(registry.requests()).toEqual([]);
  });

  it('that is hostile is refused by name, and nothing is written', async () => {
    await using workspace = await makeWorkspace({ out: {} });
    await using registry = await startRegistry();
    const repository = registry.repository('evil');
    const tar = tarOf({ name: 'd/fine', content: 'x' }, { name: '../escaped', content: 'x' });
    repository.putBlob(tar);
    repository.putBlob('{}');
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    repository.putManifest(
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf('{}'), size: 2 },
        layers: [
          {
            mediaType: 'application/vnd.oci.image.layer.v1.tar',
            digest: digestOf(tar),
            size: tar.length,
            annotations: { 'org.opencontainers.image.title': 'd', 'io.deis.oras.content.unpack': 'true' },
          },
        ],
      }),
      mediaType,
      'v1',
    );
    const refused = await workspace.run('pull', `${registry.host}/evil:v1`, '-o', 'out', '--json', '--force');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(errorOf(refused)).toMatchObject({ code: 'UNSAFE_PATH', details: { name: '../escaped' } });
    expect(await readTree(workspace.path('out'))).toEqual({});
    expect(await readdir(join(workspace.folder))).not.toContain('escaped');
  });
});
