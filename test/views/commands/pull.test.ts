import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMPILED_ARTIFACTS_TYPE } from '../../../src/floe/mediaTypes.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/index.ts';
import { pull, pullFile } from '../../../src/views/commands/pull.ts';
import { artifact, blob, emptyConfig, imageManifest, putGraph } from '../../support/artifacts.ts';
import { answers, asked, folders } from '../../support/vscode.ts';
import { transferParts } from '../support/transferParts.ts';

const repository = parseRepositoryName('team/x');
const tag = parseTag('1.0.0');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'floe-oci-pull-'));
  folders.files.clear();
  answers.length = 0;
  asked.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

async function setUp() {
  const { parts, place } = transferParts();
  await putGraph(place.repository(repository), artifact(1), tag);
  return { parts, place, address: { place, repository, tag } };
}

describe('the command Pull', () => {
  it('writes the files of an artifact into a folder, and says so', async () => {
    const { parts, address } = await setUp();
    answers.push(folder);
    await pull(parts, address);
    expect(await readdir(folder)).toEqual(['file-0.bin', 'file-1.bin']);
    expect(asked.at(-1)).toBe(`Pulled 2 files of r.example/team/x:1.0.0 to ${folder}.`);
  });

  it('replaces files with other content only when the user says so', async () => {
    const { parts, address } = await setUp();
    const file = path.join(folder, 'file-0.bin');
    await writeFile(file, 'mine');
    answers.push(folder, undefined);
    await pull(parts, address);
    expect(asked.at(-1)).toMatch(/file-0\.bin exists with other content\.$/);
    expect([await readFile(file, 'utf8'), await readdir(folder)]).toEqual(['mine', ['file-0.bin']]);
    answers.push(folder, 'Replace');
    await pull(parts, address);
    expect(await readFile(file, 'utf8')).not.toBe('mine');
  });

  it('writes compiled artifacts into a file, and warns where they break the contract', async () => {
    const { parts, place, address } = await setUp();
    const layer = blob('{}', { mediaType: COMPILED_ARTIFACTS_TYPE, title: 'compiled_artifacts.json' });
    const root = imageManifest([layer], { artifactType: COMPILED_ARTIFACTS_TYPE });
    await putGraph(place.repository(repository), { root, contents: [emptyConfig, layer, root] }, '2.0.0');
    const file = path.join(folder, 'pulled.json');
    // The editor sees the file once it is there.
    folders.files.set(file, '{}');
    answers.push(file);
    await pull(parts, { ...address, tag: parseTag('2.0.0') });
    expect(await readFile(file, 'utf8')).toBe('{}');
    expect(asked.at(-1)).toMatch(
      /^Pulled r\.example\/team\/x:2\.0\.0 to .*pulled\.json\. sha256:\w+ It does not keep floe's/,
    );
  });

  it('writes a single layer into a file, without a request for the manifest where no policy asks for it', async () => {
    const { parts, place } = await setUp();
    const [, layer] = artifact(1).contents;
    if (layer === undefined) throw new Error('An artifact has a layer');
    const { digest } = layer.descriptor;
    const file = path.join(folder, 'layer.bin');
    place.requests = 0;
    answers.push(file);
    await pullFile(parts, {
      address: { place, repository, digest },
      manifest: artifact(1).root.descriptor.digest,
      descriptor: layer.descriptor,
      name: 'layer.bin',
    });
    expect((await readFile(file)).equals(Buffer.from(layer.bytes))).toBe(true);
    expect(place.requests).toBe(1);
  });

  it('is silent when the user leaves a prompt', async () => {
    const { parts, address } = await setUp();
    await pull(parts, address);
    expect(asked).toEqual(['Pull the files of r.example/team/x:1.0.0 into a folder']);
  });
});
