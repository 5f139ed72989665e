import { describe, expect, it } from 'vitest';
import { packCompiledArtifacts } from '../../src/floe/artifact.ts';
import type { DocumentFile } from '../../src/floe/jsonDocument.ts';
import { pushArtifact } from '../../src/floe/pushArtifact.ts';
import { TagPolicy } from '../../src/floe/tagPolicy.ts';
import {
  type CallOptions,
  digestOf,
  type ManifestDescriptor,
  MemoryStore,
  OciError,
  parseTag,
  readVerified,
  type Tag,
} from '../../src/oci/index.ts';
import { changed, documentOf, documentOfText, minimalDocument } from './documents.ts';

const v1 = parseTag('v1.0.0');
const latest = parseTag('latest');
const document = documentOf(minimalDocument());
const other = documentOf(changed(minimalDocument(), ['mode'], 'mesh'));
const leaky = documentOf(minimalDocument({ dbt_profiles: { db: { password: 'hunter2' } } }));

const tagsOf = async (store: MemoryStore): Promise<string[]> => Array.fromAsync(store.tags());

describe('pushing compiled artifacts', () => {
  it('writes document, config and manifest, and tells of them', async () => {
    const store = new MemoryStore('registry.example/ports/tides');
    const events: string[] = [];
    const result = await pushArtifact(store, v1, document, { onEvent: ({ kind }) => events.push(kind) });
    expect(result).toMatchObject({
      reference: 'registry.example/ports/tides:v1.0.0',
      size: document.bytes.length,
      outcome: 'pushed',
      warnings: [],
    });
    expect(result.blobs.map(({ outcome }) => outcome)).toEqual(['written', 'written']);
    expect(result.blobs.map(({ descriptor }) => descriptor.digest)).toContain(digestOf(document.bytes));
    expect(await store.resolve(v1)).toEqual(result.descriptor);
    expect(events).toContain('finished');
  });

  it.each(['v1.0.0', 'main', 'latest'])('changes nothing when %s names the same manifest already', async (name) => {
    const store = new CountingStore();
    const first = await pushArtifact(store, parseTag(name), document);
    const writes = store.writes;
    const again = await pushArtifact(store, parseTag(name), document);
    expect(again).toEqual({ ...first, outcome: 'unchanged', blobs: [] });
    expect(store.writes).toBe(writes);
  });

  it('never moves a protected tag to another manifest', async () => {
    const store = new MemoryStore();
    const first = await pushArtifact(store, v1, document);
    await expect(pushArtifact(store, v1, other)).rejects.toMatchObject({
      code: 'TAG_IMMUTABLE',
      details: {
        reference: 'memory:v1.0.0',
        existing: first.descriptor.digest,
        pushed: await digestOfPush(other),
        onlyAnnotationsDiffer: false,
      },
    });
    expect(await store.resolve(v1)).toEqual(first.descriptor);
  });

  it('says when only annotations differ', async () => {
    const store = new MemoryStore();
    await pushArtifact(store, v1, document);
    await expect(pushArtifact(store, v1, document, { annotations: { team: 'ports' } })).rejects.toMatchObject({
      code: 'TAG_IMMUTABLE',
      details: { onlyAnnotationsDiffer: true },
    });
  });

  it('protects a tag whose manifest nobody can read', async () => {
    const store = new MemoryStore();
    store.read = (descriptor) => {
      throw new OciError('NOT_FOUND', 'gone', { kind: 'manifest', what: descriptor.digest });
    };
    await pushArtifact(store, v1, document);
    await expect(pushArtifact(store, v1, other)).rejects.toMatchObject({
      code: 'TAG_IMMUTABLE',
      details: { onlyAnnotationsDiffer: false },
    });
  });

  it('moves a mutable tag, and what the policy says is one', async () => {
    const store = new MemoryStore();
    const main = parseTag('main');
    const tagPolicy = new TagPolicy({ immutable: [], mutable: ['main'] });
    for (const [tag, options] of [[latest, {}] as const, [main, { tagPolicy }] as const]) {
      await pushArtifact(store, tag, document, options);
      const { descriptor } = await pushArtifact(store, tag, other, options);
      expect(await store.resolve(tag)).toEqual(descriptor);
    }
  });

  it('looks at a protected tag once more after the push, and tells the loser of a race', async () => {
    const winner = await digestOfPush(other);
    const store = new (class extends MemoryStore {
      override async resolve(reference: Tag, options?: CallOptions): Promise<ManifestDescriptor> {
        const descriptor = await super.resolve(reference, options);
        return reference === v1 ? { ...descriptor, digest: winner } : descriptor;
      }
    })();
    await expect(pushArtifact(store, v1, document)).rejects.toMatchObject({
      code: 'TAG_RACE',
      details: { reference: 'memory:v1.0.0', expected: await digestOfPush(document), actual: winner },
    });
  });

  it.each([
    ['an invalid document', documentOf({ version: '0.10.0' }), 'INVALID_DOCUMENT'],
    ['text that is not JSON', documentOfText('{'), 'INVALID_DOCUMENT'],
    ['a document of a higher major version', documentOf(minimalDocument({ version: '1.0.0' })), 'UNSUPPORTED_VERSION'],
    ['a document with a secret', leaky, 'SECRET_IN_DOCUMENT'],
  ])('lets %s not leave the machine', async (_, bad, code) => {
    const store = new MemoryStore();
    await expect(pushArtifact(store, latest, bad)).rejects.toMatchObject({ code, details: { file: bad.file } });
    expect(await tagsOf(store)).toEqual([]);
  });

  it('pushes anything when told not to validate, but still no secret', async () => {
    const store = new MemoryStore();
    const text = documentOfText('not JSON at all');
    expect((await pushArtifact(store, latest, text, { validate: false })).outcome).toBe('pushed');
    const secret = documentOfText(`not JSON; ${'AKIA'}${'IOSFODNN7EXAMPLE'}`);
    await expect(pushArtifact(store, latest, secret, { validate: false })).rejects.toMatchObject({
      code: 'SECRET_IN_DOCUMENT',
      details: { paths: [''] },
    });
  });

  it('pushes a secret when told that it is none', async () => {
    const { outcome } = await pushArtifact(new MemoryStore(), latest, leaky, { allowSecrets: true });
    expect(outcome).toBe('pushed');
  });

  it('keeps unknown members byte for byte and warns of them', async () => {
    const store = new MemoryStore();
    const { blobs, warnings } = await pushArtifact(store, latest, documentOf(minimalDocument({ later: { x: 1 } })));
    expect(warnings).toEqual([{ path: 'later', message: 'is not known here', line: expect.any(Number) }]);
    const layers = await Promise.all(
      blobs.map(async ({ descriptor }) => (await readVerified(store, descriptor)).bytes),
    );
    expect(layers.some((bytes) => new TextDecoder().decode(bytes).includes('"later"'))).toBe(true);
  });

  it('does nothing once it is cancelled', async () => {
    const store = new MemoryStore();
    await expect(pushArtifact(store, v1, document, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(await tagsOf(store)).toEqual([]);
  });

  it('passes on what the target says, other than that it has no such tag', async () => {
    const store = new (class extends MemoryStore {
      override async resolve(): Promise<ManifestDescriptor> {
        throw new OciError('UNAUTHORIZED', 'no', { registry: 'registry.example', reason: 'no' });
      }
    })();
    await expect(pushArtifact(store, v1, document)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

async function digestOfPush({ bytes }: DocumentFile) {
  return (await packCompiledArtifacts(new MemoryStore(), bytes)).digest;
}

class CountingStore extends MemoryStore {
  writes = 0;

  override write(...parameters: Parameters<MemoryStore['write']>): ReturnType<MemoryStore['write']> {
    this.writes += 1;
    return super.write(...parameters);
  }

  override tag(...parameters: Parameters<MemoryStore['tag']>): ReturnType<MemoryStore['tag']> {
    this.writes += 1;
    return super.tag(...parameters);
  }
}
