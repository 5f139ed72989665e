import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentSource, TagLister, Target } from '../../src/oci/content/store.ts';
import { bytesOf, sourceOf } from '../../src/oci/content/verify.ts';
import { createHasher, digestOf } from '../../src/oci/spec/digest.ts';
import {
  artifact,
  blob,
  type Content,
  emptyConfig,
  imageIndex,
  imageManifest,
  manifestOf,
  multiPlatform,
  put,
  putGraph,
  seededBytes,
  tagOf,
} from './artifacts.ts';
import { failure } from './failure.ts';
import type { StoreAbilities } from './storeAbilities.ts';

export { failure } from './failure.ts';

export interface StoreUnderTest {
  /** Empty, and nobody else's. */
  readonly store: Target & TagLister;
  readonly abilities: StoreAbilities;
  cleanup(): Promise<void>;
}

/** What every store must do, whatever it is made of. `make` is called for each test. */
export function storeContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name}, as a store`, () => {
    let subject: StoreUnderTest;
    let store: Target & TagLister;
    beforeEach(async () => {
      subject = await make();
      store = subject.store;
    });
    afterEach(() => subject.cleanup());

    const read = (content: Content): Promise<Uint8Array> => bytesOf(store.read(content.descriptor));
    const tags = (): Promise<readonly string[]> => gathered(store.tags());
    const mindsExpected = (): boolean => subject.abilities.mindsExpectedTags ?? true;
    const expectNoTags = async (): Promise<void> => {
      if (subject.abilities.listsNoTags ?? true) return expect(await tags()).toEqual([]);
      await expect(tags()).rejects.toEqual(failure('NOT_FOUND', { kind: 'repository' }));
    };
    const expectAbsent = async (content: Content): Promise<void> => {
      expect(await store.exists(content.descriptor)).toBe(false);
      await expect(read(content)).rejects.toEqual(failure('NOT_FOUND'));
    };

    it('has a name for messages', () => {
      expect(store.name).not.toBe('');
    });

    describe('reading what was written', () => {
      it('gives a blob back byte for byte', async () => {
        const content = blob(1, { size: 5000 });
        expect(await store.write(content.descriptor, sourceOf(content.bytes))).toBe('written');
        expect(await store.exists(content.descriptor)).toBe(true);
        expect(await read(content)).toEqual(Buffer.from(content.bytes));
      });

      it('takes a blob without any bytes', async () => {
        const content = blob('');
        expect(await store.write(content.descriptor, sourceOf(content.bytes))).toBe('written');
        expect(await store.exists(content.descriptor)).toBe(true);
        expect(await read(content)).toHaveLength(0);
      });

      it('gives a manifest back byte for byte, spaces and all', async () => {
        const root = manifestOf(
          `  {"schemaVersion": 2,\n\t"mediaType": "application/vnd.oci.image.manifest.v1+json",\r\n "layers": [], "x-own": 1.0,
          "config": ${JSON.stringify(emptyConfig.descriptor)} }\n`,
        );
        await put(store, emptyConfig);
        await put(store, root);
        expect(await store.exists(root.descriptor)).toBe(true);
        expect(await read(root)).toEqual(Buffer.from(root.bytes));
      });

      it('takes an index and its manifests', async () => {
        const graph = multiPlatform(2);
        await putGraph(store, graph, 'v1');
        for (const content of graph.contents) expect(await read(content)).toEqual(Buffer.from(content.bytes));
        expect(await store.resolve(tagOf('v1'))).toMatchObject(graph.root.descriptor);
      });

      it('takes a blob of several MiB in pieces, and gives it back', async () => {
        const pieces = Array.from({ length: 80 }, (_, i) => seededBytes(i, 65_537));
        const bytes = Buffer.concat(pieces);
        const content = blob(bytes);
        const outcome = await store.write(content.descriptor, async function* () {
          yield* pieces;
        });
        expect(outcome).toBe('written');
        const hasher = createHasher();
        let size = 0;
        for await (const chunk of store.read(content.descriptor)) {
          hasher.update(chunk);
          size += chunk.length;
        }
        expect([size, hasher.digest()]).toEqual([content.descriptor.size, content.descriptor.digest]);
      });

      it('can be read again after a reader stopped early', async () => {
        const content = blob(3, { size: 300_000 });
        await put(store, content);
        for await (const _ of store.read(content.descriptor)) break;
        expect(await read(content)).toEqual(Buffer.from(content.bytes));
      });

      it('fails a reader who expects another size', async () => {
        const content = blob(4);
        await put(store, content);
        for (const difference of [1, -1]) {
          const other = { ...content.descriptor, size: content.descriptor.size + difference };
          await expect(bytesOf(store.read(other))).rejects.toEqual(failure('SIZE_MISMATCH'));
        }
      });

      it('knows sha512 where it says so', async () => {
        if (!subject.abilities.sha512) return expect(subject.abilities.sha512).toBe(false);
        const content = blob(5, { algorithm: 'sha512' });
        expect(await store.write(content.descriptor, sourceOf(content.bytes))).toBe('written');
        expect(await read(content)).toEqual(Buffer.from(content.bytes));
        const other = { ...content.descriptor, digest: digestOf('other', 'sha512') };
        await expect(store.write(other, sourceOf(content.bytes))).rejects.toEqual(failure('DIGEST_MISMATCH'));
      });
    });

    describe('writing', () => {
      it('says that content exists already, and does not open its source', async () => {
        const graph = artifact(6);
        await putGraph(store, graph);
        for (const { descriptor } of graph.contents) {
          const source: ContentSource = () => {
            throw new Error('opened');
          };
          expect(await store.write(descriptor, source)).toBe('existed');
        }
      });

      it('never lets bytes with another digest land', async () => {
        const wanted = blob('expected');
        const other = blob('deviates');
        await expect(store.write(wanted.descriptor, sourceOf(other.bytes))).rejects.toEqual(failure('DIGEST_MISMATCH'));
        await expectAbsent(wanted);
        await expectAbsent(other);
      });

      it('never lets a manifest with another digest land, nor its tag', async () => {
        const graph = artifact(7);
        const other = imageManifest([], { annotations: { a: 'b' } });
        for (const content of graph.contents) if (content !== graph.root) await put(store, content);
        const descriptor = { ...graph.root.descriptor, size: other.bytes.length };
        const written = store.write(descriptor, sourceOf(other.bytes), { tags: [tagOf('v1')] });
        await expect(written).rejects.toEqual(failure('DIGEST_MISMATCH'));
        await expectAbsent(graph.root);
        await expectAbsent(other);
        await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('NOT_FOUND'));
      });

      it.each([
        ['longer', 65],
        ['shorter', 63],
      ])('never lets a source that is %s than announced land', async (_, size) => {
        const content = blob(8);
        const source = sourceOf(seededBytes(8, size));
        await expect(store.write(content.descriptor, source)).rejects.toEqual(failure('SIZE_MISMATCH'));
        await expectAbsent(content);
      });

      it('stops reading a source that outgrows its size', async () => {
        const content = blob(9);
        let pieces = 0;
        const written = store.write(content.descriptor, async function* () {
          for (; pieces < 10_000; pieces++) yield seededBytes(pieces, 1024);
        });
        await expect(written).rejects.toEqual(failure('SIZE_MISMATCH'));
        expect(pieces).toBeLessThan(10_000);
        await expectAbsent(content);
      });

      it('takes content after a source that broke half-way', async () => {
        const content = blob(10, { size: 200_000 });
        const broken = store.write(content.descriptor, async function* () {
          yield content.bytes.subarray(0, 100_000);
          throw new Error('the cable was pulled');
        });
        await expect(broken).rejects.toThrow();
        await expectAbsent(content);
        expect(await store.write(content.descriptor, sourceOf(content.bytes))).toBe('written');
        expect(await read(content)).toEqual(Buffer.from(content.bytes));
      });

      it('takes the same content from several writers at once', async () => {
        const content = blob(11, { size: 200_000 });
        const outcomes = await Promise.all(
          Array.from({ length: 4 }, () => store.write(content.descriptor, sourceOf(content.bytes))),
        );
        expect(outcomes).toContain('written');
        expect(outcomes.filter((outcome) => outcome !== 'written' && outcome !== 'existed')).toEqual([]);
        expect(await read(content)).toEqual(Buffer.from(content.bytes));
      });

      it('takes different content from several writers at once', async () => {
        const graphs = Array.from({ length: 4 }, (_, i) => artifact(20 + i));
        await Promise.all(graphs.map((graph, i) => putGraph(store, graph, `v${i}`)));
        expect([...(await tags())].sort()).toEqual(['v0', 'v1', 'v2', 'v3']);
        for (const [i, { root }] of graphs.entries()) {
          expect((await store.resolve(tagOf(`v${i}`))).digest).toBe(root.descriptor.digest);
        }
      });

      it('takes a manifest whose subject does not exist', async () => {
        const root = imageManifest([], { subject: artifact(12).root.descriptor });
        await put(store, emptyConfig);
        expect(await store.write(root.descriptor, sourceOf(root.bytes))).toBe('written');
        expect(await read(root)).toEqual(Buffer.from(root.bytes));
      });

      it('refuses a manifest whose content it lacks, if it says so', async () => {
        const { root, contents } = artifact(13);
        const index = imageIndex([root]);
        await put(store, emptyConfig);
        for (const incomplete of [root, index]) {
          const written = store.write(incomplete.descriptor, sourceOf(incomplete.bytes), { tags: [tagOf('v1')] });
          if (subject.abilities.enforcesClosure) {
            await expect(written).rejects.toEqual(
              failure('MISSING_REFERENCE', { manifest: incomplete.descriptor.digest }),
            );
            await expectAbsent(incomplete);
            await expect(store.resolve(tagOf('v1'))).rejects.toEqual(failure('NOT_FOUND'));
          } else {
            expect(await written).toBe('written');
          }
        }
        await putGraph(store, { root, contents }, 'v1');
        expect((await store.resolve(tagOf('v1'))).digest).toBe(root.descriptor.digest);
      });
    });

    describe('tags', () => {
      it('resolve to the manifest, and so does its digest', async () => {
        const graph = artifact(30);
        await putGraph(store, graph, 'v1');
        const { mediaType, digest, size } = graph.root.descriptor;
        expect(await store.resolve(tagOf('v1'))).toMatchObject({ mediaType, digest, size });
        expect(await store.resolve(digest)).toMatchObject({ mediaType, digest, size });
      });

      it('are written with a manifest, several at once', async () => {
        await putGraph(store, artifact(31), '1.2.0', 'latest');
        expect([...(await tags())].sort()).toEqual(['1.2.0', 'latest']);
      });

      it('are written with a manifest that exists already', async () => {
        const graph = artifact(32);
        await putGraph(store, graph);
        await put(store, graph.root, 'v1');
        expect((await store.resolve(tagOf('v1'))).digest).toBe(graph.root.descriptor.digest);
      });

      it('are added to a manifest that exists', async () => {
        const graph = artifact(33);
        await putGraph(store, graph, 'v1');
        await store.tag(graph.root.descriptor, tagOf('also'));
        expect((await store.resolve(tagOf('also'))).digest).toBe(graph.root.descriptor.digest);
        expect([...(await tags())].sort()).toEqual(['also', 'v1']);
      });

      it('move, and leave the manifest they pointed at', async () => {
        const [first, second] = [artifact(34), artifact(35)];
        await putGraph(store, first, 'latest');
        await putGraph(store, second, 'latest');
        expect((await store.resolve(tagOf('latest'))).digest).toBe(second.root.descriptor.digest);
        await store.tag(first.root.descriptor, tagOf('latest'));
        expect((await store.resolve(tagOf('latest'))).digest).toBe(first.root.descriptor.digest);
        expect((await store.resolve(second.root.descriptor.digest)).digest).toBe(second.root.descriptor.digest);
        expect(await tags()).toEqual(['latest']);
      });

      it('do not point at what is not there', async () => {
        await putGraph(store, artifact(36));
        const tagged = store.tag(artifact(37).root.descriptor, tagOf('v1'));
        await expect(tagged).rejects.toEqual(failure('NOT_FOUND', { kind: 'manifest' }));
        await expectNoTags();
      });

      it('are listed each once', async () => {
        const graph = artifact(38);
        const names = Array.from({ length: 25 }, (_, i) => `v${i}`);
        await putGraph(store, graph, ...names);
        await store.tag(graph.root.descriptor, tagOf('v3'));
        expect([...(await tags())].sort()).toEqual([...names].sort());
      });

      it('are none where only untagged manifests are', async () => {
        await putGraph(store, artifact(39));
        await expectNoTags();
      });

      it('that are expected to name nothing are not taken from another manifest', async () => {
        const [first, second] = [artifact(42), artifact(43)];
        await putGraph(store, first, 'v1');
        await putGraph(store, second);
        const { descriptor, bytes } = second.root;
        const options = { tags: [tagOf('v1')], expected: 'absent' } as const;
        if (!mindsExpected()) return expect(mindsExpected()).toBe(false);
        const race = failure('TAG_RACE', { expected: 'absent', actual: first.root.descriptor.digest });
        await expect(store.write(descriptor, sourceOf(bytes), options)).rejects.toEqual(race);
        await expect(store.tag(descriptor, tagOf('v1'), options)).rejects.toEqual(race);
        expect((await store.resolve(tagOf('v1'))).digest).toBe(first.root.descriptor.digest);
      });

      it('that are expected to name nothing are written when they do, and when they name this manifest already', async () => {
        const { root, contents } = artifact(44);
        for (const content of contents) if (content !== root) await put(store, content);
        const options = { tags: [tagOf('v1')], expected: 'absent' } as const;
        for (let i = 0; i < 2; i++) await store.write(root.descriptor, sourceOf(root.bytes), options);
        for (let i = 0; i < 2; i++) await store.tag(root.descriptor, tagOf('v2'), options);
        expect([...(await tags())].sort()).toEqual(['v1', 'v2']);
        expect((await store.resolve(tagOf('v2'))).digest).toBe(root.descriptor.digest);
      });

      it('are moved from the manifest they are expected to name, and from no other', async () => {
        const [first, second, third] = [artifact(45), artifact(46), artifact(47)];
        await putGraph(store, second);
        await putGraph(store, third);
        await putGraph(store, first, 'v1');
        const expected = first.root.descriptor.digest;
        await store.tag(second.root.descriptor, tagOf('v1'), { expected });
        const race = failure('TAG_RACE', { expected, actual: second.root.descriptor.digest });
        await expect(store.tag(third.root.descriptor, tagOf('v1'), { expected })).rejects.toEqual(race);
        const gone = store.tag(third.root.descriptor, tagOf('v2'), { expected });
        await expect(gone).rejects.toEqual(failure('TAG_RACE', { expected, actual: 'absent' }));
        expect((await store.resolve(tagOf('v1'))).digest).toBe(second.root.descriptor.digest);
      });

      it('that several write at once, expecting nothing there, go to one of them', async () => {
        const graphs = Array.from({ length: 5 }, (_, i) => artifact(480 + i));
        for (const graph of graphs) await putGraph(store, graph);
        const options = { tags: [tagOf('v1')], expected: 'absent' } as const;
        if (!mindsExpected()) return expect(mindsExpected()).toBe(false);
        const results = await Promise.allSettled(
          graphs.map(({ root }) => store.write(root.descriptor, sourceOf(root.bytes), options)),
        );
        const { digest } = await store.resolve(tagOf('v1'));
        for (const [at, result] of results.entries()) {
          const isWinner = graphs[at]?.root.descriptor.digest === digest;
          if (result.status === 'fulfilled') expect(isWinner).toBe(true);
          else expect(result.reason).toEqual(failure('TAG_RACE', { expected: 'absent', actual: digest }));
        }
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('differ by case', async () => {
        const [lower, upper] = [artifact(40), artifact(41)];
        await putGraph(store, lower, 'rc');
        await putGraph(store, upper, 'RC');
        expect((await store.resolve(tagOf('rc'))).digest).toBe(lower.root.descriptor.digest);
        expect((await store.resolve(tagOf('RC'))).digest).toBe(upper.root.descriptor.digest);
      });
    });

    describe('what is not there', () => {
      beforeEach(() => putGraph(store, artifact(50), 'v1'));

      it('is said by kind', async () => {
        const absent = artifact(51);
        const layer = blob(52);
        const notFound = (kind: string): object => failure('NOT_FOUND', { kind });
        await expect(store.resolve(tagOf('v2'))).rejects.toEqual(notFound('tag'));
        await expect(store.resolve(absent.root.descriptor.digest)).rejects.toEqual(notFound('manifest'));
        await expect(read(absent.root)).rejects.toEqual(notFound('manifest'));
        await expect(read(layer)).rejects.toEqual(notFound('blob'));
      });

      it('does not exist', async () => {
        expect(await store.exists(artifact(51).root.descriptor)).toBe(false);
        expect(await store.exists(blob(52).descriptor)).toBe(false);
      });
    });

    describe('a cancelled call', () => {
      it('does nothing when it was cancelled before it began', async () => {
        const graph = artifact(60);
        const { descriptor } = graph.root;
        await putGraph(store, graph, 'v1');
        const { signal } = abortedController();
        const content = blob(61);
        const cancelled = failure('CANCELLED');
        await expect(store.exists(descriptor, { signal })).rejects.toEqual(cancelled);
        await expect(store.resolve(tagOf('v1'), { signal })).rejects.toEqual(cancelled);
        await expect(bytesOf(store.read(descriptor, { signal }))).rejects.toEqual(cancelled);
        await expect(store.tag(descriptor, tagOf('v2'), { signal })).rejects.toEqual(cancelled);
        await expect(gathered(store.tags({ signal }))).rejects.toEqual(cancelled);
        const written = store.write(content.descriptor, sourceOf(content.bytes), { signal });
        await expect(written).rejects.toEqual(cancelled);
        await expectAbsent(content);
        expect(await tags()).toEqual(['v1']);
      });

      it('lets nothing land when it is cancelled half-way through a write', async () => {
        const content = blob(62, { size: 500_000 });
        const controller = new AbortController();
        const source: ContentSource = async function* () {
          yield content.bytes.subarray(0, 200_000);
          controller.abort();
          yield content.bytes.subarray(200_000);
        };
        const written = store.write(content.descriptor, source, { signal: controller.signal });
        await expect(written).rejects.toEqual(failure('CANCELLED'));
        await expectAbsent(content);
        expect(await store.write(content.descriptor, sourceOf(content.bytes))).toBe('written');
      });
    });
  });
}

export async function gathered<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function abortedController(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}
