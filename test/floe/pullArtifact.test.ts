import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packCompiledArtifacts } from '../../src/floe/artifact.ts';
import { checkPulledDocument, findDocument, pullDocument } from '../../src/floe/pullArtifact.ts';
import { digestOf, MemoryStore, packArtifact, parseTag } from '../../src/oci/index.ts';
import { documentOf, documentOfText, FULL_DOCUMENT, fixture, minimalDocument } from './documents.ts';
import { pushPythonForm } from './pythonForm.ts';

const tag = parseTag('v1.0.0');
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-pull-'));
  path = join(folder, 'document.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('pulling compiled artifacts', () => {
  const { bytes } = fixture(FULL_DOCUMENT);

  it.each([
    ['our own form', packCompiledArtifacts],
    [
      "the form of floe's Python client",
      (store: MemoryStore, content: Uint8Array, { tags }: { tags: [typeof tag] }) =>
        pushPythonForm(store, content, tags),
    ],
  ])('writes the exact bytes from %s', async (_, push) => {
    const store = new MemoryStore('registry.example/app');
    const descriptor = await push(store, bytes, { tags: [tag] });
    const pulled = await pullDocument(store, tag, path);
    expect(await readFile(path)).toEqual(Buffer.from(bytes));
    expect(pulled).toMatchObject({
      reference: 'registry.example/app:v1.0.0',
      descriptor: { digest: descriptor.digest },
      document: { digest: digestOf(bytes), size: bytes.length },
      warnings: [],
    });
  });

  it('tells progress', async () => {
    const store = new MemoryStore();
    await packCompiledArtifacts(store, bytes, { tags: [tag] });
    const events: string[] = [];
    await pullDocument(store, tag, path, { onEvent: ({ kind }) => events.push(kind) });
    expect(events).toEqual(['started', 'progress', 'finished']);
  });

  it('pulls what breaks the contract as it is, and says so', async () => {
    const store = new MemoryStore();
    const broken = documentOfText('{"version": "0.1.0"}');
    await packCompiledArtifacts(store, broken.bytes, { tags: [tag] });
    const { warnings } = await pullDocument(store, tag, path);
    expect(warnings.map(({ path: at }) => at)).toEqual(['metadata', 'identity', 'observability']);
    expect(await readFile(path, 'utf8')).toBe('{"version": "0.1.0"}');
  });

  it('says what an artifact is that is not compiled artifacts, and writes nothing', async () => {
    const store = new MemoryStore();
    await packArtifact(store, { artifactType: 'application/vnd.example.chart', layers: [] }, { tags: [tag] });
    await expect(pullDocument(store, tag, path)).rejects.toMatchObject({
      code: 'WRONG_ARTIFACT_TYPE',
      details: {
        reference: 'memory:v1.0.0',
        artifactType: 'application/vnd.example.chart',
        expected: 'application/vnd.floe.compiled-artifacts.v1+json',
      },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says when there is no such tag', async () => {
    await expect(findDocument(new MemoryStore(), tag)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what is said of a pulled document', () => {
  it('is what push would have said', () => {
    expect(checkPulledDocument('x', documentOf(minimalDocument()).bytes)).toEqual([]);
    expect(checkPulledDocument('x', documentOf(minimalDocument({ later: 1 })).bytes)).toMatchObject([
      { path: 'later' },
    ]);
    expect(checkPulledDocument('x', documentOf(minimalDocument({ version: '3.0.0' })).bytes)).toMatchObject([
      { path: 'version', message: expect.stringContaining('is 3.0.0') },
    ]);
    expect(checkPulledDocument('x', documentOfText('<html>').bytes)).toMatchObject([{ path: '' }]);
    expect(checkPulledDocument('x', undefined)).toEqual([{ path: '', message: 'is too large to be checked' }]);
  });
});
