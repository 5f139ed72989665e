import { describe, expect, it } from 'vitest';
import { packCompiledArtifacts } from '../../src/floe/artifact.ts';
import { listTags } from '../../src/floe/listTags.ts';
import {
  type CallOptions,
  isDigest,
  type ManifestDescriptor,
  MemoryStore,
  OciError,
  packArtifact,
  parseDigest,
  parseTag,
  type Tag,
  type TagEntry,
} from '../../src/oci/index.ts';
import { changed, documentOf, minimalDocument } from './documents.ts';

/** A store with one artifact per tag, each compiled a day after the one before. */
async function storeWith(...names: string[]): Promise<CountingStore> {
  const store = new CountingStore();
  for (const [day, name] of names.entries()) {
    const compiledAt = `2026-03-0${day + 1}T00:00:00Z`;
    const { bytes } = documentOf(changed(minimalDocument(), ['metadata', 'compiled_at'], compiledAt));
    await packCompiledArtifacts(store, bytes, { tags: [parseTag(name)] });
  }
  return store;
}

class CountingStore extends MemoryStore {
  readonly resolved: string[] = [];
  broken: ReadonlySet<string> = new Set();

  override async resolve(reference: Tag, options?: CallOptions): Promise<ManifestDescriptor> {
    if (!isDigest(reference)) this.resolved.push(reference);
    if (this.broken.has(reference)) throw new OciError('UNSUPPORTED', 'broken', { what: reference });
    return super.resolve(reference, options);
  }
}

const namesOf = (list: { tags: readonly { name: string }[] }): string[] => list.tags.map(({ name }) => name);

describe('listing tags', () => {
  it('gives a row for each tag', async () => {
    const store = await storeWith('v1.0.0', 'latest');
    const { digest, size } = await store.resolve(parseTag('latest')).then(async (descriptor) => ({
      digest: descriptor.digest,
      size: documentOf(minimalDocument()).bytes.length,
    }));
    const { tags, errors } = await listTags(store);
    expect(errors).toEqual([]);
    expect(tags[0]).toEqual({
      name: 'latest',
      digest,
      size,
      created: '2026-03-02T00:00:00Z',
      artifactType: 'application/vnd.floe.compiled-artifacts.v1+json',
      product: { name: 'tides', version: '1.4.0' },
      immutable: false,
    });
    expect(tags[1]).toMatchObject({ name: 'v1.0.0', immutable: true });
  });

  it('can be of one product', async () => {
    const store = await storeWith('v1.0.0', 'v1.1.0');
    await packArtifact(store, { artifactType: 'text/x', layers: [] }, { tags: [parseTag('v2.0.0')] });
    expect(namesOf(await listTags(store, { product: 'tid*', sort: 'version', limit: 1 }))).toEqual(['v1.1.0']);
    expect(namesOf(await listTags(store, { product: 'other' }))).toEqual([]);
  });

  it('gives an empty list where there are no tags, and an error where there is no repository', async () => {
    expect(await listTags(new MemoryStore())).toEqual({ tags: [], errors: [], hidden: 0 });
    const nowhere = new MemoryStore();
    nowhere.tags = () => {
      throw new OciError('NOT_FOUND', 'no', { kind: 'repository', what: 'nowhere' });
    };
    await expect(listTags(nowhere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  const NAMES = ['v1.10.0', 'latest', 'v1.9.0', '1.9.0', 'main', 'v1.10.0-rc.2', 'v1.10.0-rc.10'];

  it('sorts by name, by version with the highest first, or by date with the newest first', async () => {
    const store = await storeWith(...NAMES);
    await packArtifact(store, { artifactType: 'text/x', layers: [] }, { tags: [parseTag('dateless')] });
    expect(namesOf(await listTags(store))).toEqual([...NAMES, 'dateless'].sort());
    expect(namesOf(await listTags(store, { sort: 'version' }))).toEqual([
      'v1.10.0',
      'v1.10.0-rc.10',
      'v1.10.0-rc.2',
      '1.9.0',
      'v1.9.0',
      'dateless',
      'latest',
      'main',
    ]);
    expect(namesOf(await listTags(store, { sort: 'created' }))).toEqual([...NAMES.toReversed(), 'dateless']);
  });

  it('filters by glob before anything is asked for', async () => {
    const store = await storeWith(...NAMES);
    expect(namesOf(await listTags(store, { filter: 'v1.1?.*' }))).toEqual(['v1.10.0', 'v1.10.0-rc.10', 'v1.10.0-rc.2']);
    expect(store.resolved).toHaveLength(3);
  });

  it('asks for no manifest beyond the limit where names decide', async () => {
    const store = await storeWith(...NAMES);
    expect(namesOf(await listTags(store, { sort: 'version', limit: 2 }))).toEqual(['v1.10.0', 'v1.10.0-rc.10']);
    expect(store.resolved).toEqual(['v1.10.0', 'v1.10.0-rc.10']);
    expect(namesOf(await listTags(store, { sort: 'created', limit: 1 }))).toEqual(['v1.10.0-rc.10']);
    expect(namesOf(await listTags(store, { limit: 0 }))).toEqual([]);
  });

  it('reports a tag that cannot be read and lists the others', async () => {
    const store = await storeWith(...NAMES);
    store.broken = new Set(['main', 'v1.9.0']);
    const { tags, errors } = await listTags(store);
    expect(tags).toHaveLength(NAMES.length - 2);
    expect(errors).toEqual([
      { tag: 'main', code: 'UNSUPPORTED', message: 'broken' },
      { tag: 'v1.9.0', code: 'UNSUPPORTED', message: 'broken' },
    ]);
  });

  it.each([{ filter: '' }, { limit: -1 }, { limit: Number.NaN }, { concurrency: 0 }])('refuses %j', async (options) => {
    await expect(listTags(new MemoryStore(), options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('ends when it is cancelled, with what was under way', async () => {
    const store = await storeWith('a', 'b', 'c');
    const controller = new AbortController();
    const asked: string[] = [];
    store.resolve = async (reference, options = {}) => {
      asked.push(reference);
      controller.abort();
      options.signal?.throwIfAborted();
      throw new Error('not aborted');
    };
    const list = listTags(store, { signal: controller.signal, concurrency: 1 });
    await expect(list).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(asked).toEqual(['a']);
  });
});

describe('tags that the registry describes', () => {
  const size = 7;
  const pushedAt = '2026-03-09T00:00:00Z';
  const digest = parseDigest(`sha256:${'a'.repeat(64)}`);

  /** On two pages. */
  const described = (...given: readonly (Partial<Omit<TagEntry, 'name'>> & { readonly name?: string })[]) => {
    const entries = given.map(
      ({ name = 'v1.0.0', ...rest }): TagEntry => ({ name: parseTag(name), digest, size, ...rest }),
    );
    return async function* () {
      yield entries.slice(0, 1);
      yield entries.slice(1);
    };
  };

  it('are listed without a request for each', async () => {
    const store = await storeWith('v1.0.0');
    const createdAt = '2026-03-01T00:00:00Z';
    const list = await listTags(store, {
      described: described({ createdAt, pushedAt, artifactType: 'text/x' }, { name: 'main', pushedAt }),
    });
    const common = { digest, size, product: null };
    expect(list.tags).toEqual([
      { ...common, name: 'main', created: pushedAt, artifactType: null, immutable: true },
      { ...common, name: 'v1.0.0', created: createdAt, artifactType: 'text/x', immutable: true },
    ]);
    expect(store.resolved).toEqual([]);
  });

  it('are immutable where floe or the registry says so', async () => {
    const { tags } = await listTags(new MemoryStore(), {
      described: described({ name: 'dev', pushedAt }, { name: 'latest', pushedAt, isImmutable: true }, { pushedAt }),
    });
    expect(tags.map(({ name, immutable }) => [name, immutable])).toEqual([
      ['dev', false],
      ['latest', true],
      ['v1.0.0', true],
    ]);
  });

  it.each(['digest', 'size', 'pushedAt'])('are read where the %s is not told', async (lacking) => {
    const store = await storeWith('v1.0.0');
    const whole = Object.entries({ digest, size, pushedAt });
    const entry: TagEntry = {
      name: parseTag('v1.0.0'),
      ...Object.fromEntries(whole.filter(([key]) => key !== lacking)),
    };
    const { tags } = await listTags(store, {
      described: async function* () {
        yield [entry];
      },
    });
    expect(tags).toEqual((await listTags(store)).tags);
    expect(store.resolved).toEqual(['v1.0.0', 'v1.0.0']);
  });

  it('are read where products matter, which no registry knows', async () => {
    const store = await storeWith('v1.0.0');
    const options = { product: 'tides', described: described({ name: 'main', pushedAt }) };
    expect(namesOf(await listTags(store, options))).toEqual(['v1.0.0']);
  });

  it('are filtered, ordered and counted like others', async () => {
    const pages = described(
      { name: 'v1.1.0', pushedAt: '2026-03-02T00:00:00Z' },
      { name: 'v1.0.0', pushedAt: '2026-03-02T00:00:00Z' },
      { name: 'v1.2.0', pushedAt: '2026-03-04T00:00:00Z' },
      { name: `sha256-${'a'.repeat(64)}`, pushedAt },
      { name: 'main', pushedAt },
    );
    const list = await listTags(new MemoryStore(), { described: pages, filter: '[vs]*', sort: 'created', limit: 2 });
    expect(namesOf(list)).toEqual(['v1.2.0', 'v1.0.0']);
    expect(list.hidden).toBe(1);
    expect(namesOf(await listTags(new MemoryStore(), { described: pages, all: true }))).toHaveLength(5);
  });
});
