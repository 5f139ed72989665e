import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryName } from '../../../src/oci/index.ts';
import { backUp } from '../../../src/views/commands/backup.ts';
import { restore } from '../../../src/views/commands/restore.ts';
import { artifact, emptyConfig, imageManifest, putGraph } from '../../support/artifacts.ts';
import { answers, asked } from '../../support/vscode.ts';
import { transferParts } from '../support/transferParts.ts';

const repository = parseRepositoryName('team/product');
const copy = parseRepositoryName('team/copy');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'floe-oci-backup-'));
  answers.length = 0;
  asked.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

async function setUp() {
  const { parts, place, titles } = transferParts();
  const store = place.repository(repository);
  await putGraph(store, artifact(1), '1.0.0');
  await putGraph(store, artifact(2), '2.0.0');
  const signature = imageManifest([], { subject: artifact(1).root.descriptor });
  await putGraph(store, { root: signature, contents: [emptyConfig, signature] });
  const backUpInto = async (into: string, filter = '') => {
    answers.push(filter, into);
    await backUp(parts, { place, repository });
    return asked.at(-1);
  };
  const restoreFrom = async (from: string, ...more: readonly string[]) => {
    answers.push(from, ...more, '');
    await restore(parts, { place, repository: copy });
    return asked.at(-1);
  };
  return { parts, place, titles, backUpInto, restoreFrom };
}

describe('a backup', () => {
  it('is an image layout below the folder, named as the repository, with what refers to it, and every digest checked', async () => {
    const { backUpInto, titles } = await setUp();
    const said = await backUpInto(folder);
    const place = path.join(folder, 'team/product');
    expect(said).toContain(`Backed up r.example/team/product to layout:${place}: 2 of 2 tags; `);
    expect(said).toMatch(/ All \d+ blobs and manifests in it are as they should be\.$/);
    expect(await readdir(place)).toEqual(expect.arrayContaining(['blobs', 'index.json', 'oci-layout']));
    expect(titles).toEqual([`Backing up r.example/team/product to layout:${place}`]);
  });

  it('is added to where the folder is one already, and moves nothing twice', async () => {
    const { backUpInto } = await setUp();
    await backUpInto(folder, '1.*');
    const place = path.join(folder, 'team/product');
    const said = await backUpInto(place);
    expect(said).toContain(`to layout:${place}: 1 of 2 tags, 1 was there already; `);
    expect(await readdir(folder)).toEqual(['team']);
  });

  it('is not begun when the user leaves a prompt', async () => {
    const { parts, place, titles } = await setUp();
    answers.push('');
    await backUp(parts, { place, repository });
    expect([titles, await readdir(folder)]).toEqual([[], []]);
  });
});

describe('a restore', () => {
  it('gives back the tags and what refers to them, from the one backup below a folder', async () => {
    const { backUpInto, restoreFrom, place } = await setUp();
    await backUpInto(folder);
    expect(await restoreFrom(folder)).toContain(
      `Restored layout:${path.join(folder, 'team/product')} to r.example/team/copy: 2 of 2 tags; `,
    );
    const store = place.repository(copy);
    const { digest } = artifact(1).root.descriptor;
    expect((await store.resolve('1.0.0' as never)).digest).toBe(digest);
    expect(await Array.fromAsync(store.referrers(digest))).toHaveLength(1);
  });

  it('asks which, of several below a folder', async () => {
    const { parts, place, backUpInto, restoreFrom } = await setUp();
    await backUpInto(folder);
    await putGraph(place.repository('team/other'), artifact(3), '3.0.0');
    answers.push('', folder);
    await backUp(parts, { place, repository: parseRepositoryName('team/other') });
    expect(await restoreFrom(folder, 'team/other')).toContain('1 of 1 tags');
    expect(asked).toContain('Choose the repository to restore');
    expect(await Array.fromAsync(place.repository(copy).tags())).toEqual(['3.0.0']);
  });

  it.each([
    ['is empty', async () => {}],
    ['is of something else', async () => writeFile(path.join(folder, 'notes.txt'), 'x')],
  ])('from a folder that %s says that there is no backup', async (_what, fill) => {
    const { restoreFrom } = await setUp();
    await fill();
    await expect(restoreFrom(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
