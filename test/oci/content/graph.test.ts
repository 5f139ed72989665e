import { describe, expect, it } from 'vitest';
import { GRAPH_LIMITS, inGraphOrder, nodeKey, visitOnce } from '../../../src/oci/content/graph.ts';
import { MAX_MANIFEST_SIZE } from '../../../src/oci/content/verify.ts';
import type { Descriptor } from '../../../src/oci/spec/descriptor.ts';
import { blob, imageManifest } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';

const leaf = blob(1).descriptor;
const manifest = imageManifest([]).descriptor;

describe('a node of a graph', () => {
  it('is known by its content, not by what is said about it', () => {
    expect(nodeKey({ ...leaf, annotations: { a: 'b' } })).toBe(nodeKey(leaf));
    expect(nodeKey({ ...leaf, mediaType: 'text/plain' })).toBe(nodeKey(leaf));
  });

  it('is another one as a manifest than as a blob, and with another size', () => {
    const { digest, size } = manifest;
    const keys = [manifest, { mediaType: 'text/plain', digest, size }, { ...manifest, size: size + 1 }].map(nodeKey);
    expect(new Set(keys).size).toBe(3);
  });
});

describe('visiting once', () => {
  it('visits a node once, and lets all who ask wait for the same visit', async () => {
    const visited: Descriptor[] = [];
    const visit = visitOnce(async (node) => visited.push(node));
    expect(visit(leaf)).toBe(visit({ ...leaf, annotations: { a: 'b' } }));
    await Promise.all([visit(leaf), visit(manifest), visit(leaf)]);
    expect(visited).toEqual([leaf, manifest]);
  });

  it('refuses a graph that is too deep, too wide or too heavy', async () => {
    const limits = { depth: 2, nodes: 3, manifestBytes: manifest.size };
    const start = () => visitOnce(async () => {}, limits);
    const { digest } = leaf;
    await start()(leaf, [digest, digest]);
    await expect(start()(leaf, [digest, digest, digest])).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: 2 }));

    const wide = start();
    const visits = [1, 2, 3, 4].map((seed) => wide(blob(seed).descriptor));
    const results = await Promise.allSettled(visits);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);

    const heavy = start();
    await heavy(manifest);
    const more = heavy(imageManifest([], { annotations: { a: 'b' } }).descriptor);
    await expect(more).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: manifest.size }));
  });

  it('names the root of what it refuses, which is the node itself where nothing is above it', async () => {
    const visit = () => visitOnce(async () => {}, { depth: 0, nodes: 9, manifestBytes: 1 });
    const below = visit()(leaf, [manifest.digest, leaf.digest]);
    const what = `levels of manifests below ${manifest.digest}`;
    await expect(below).rejects.toEqual(failure('LIMIT_EXCEEDED', { what, limit: 0 }));
    const heavy = `bytes of manifests, with those of ${manifest.digest}`;
    await expect(visit()(manifest)).rejects.toEqual(failure('LIMIT_EXCEEDED', { what: heavy, limit: 1 }));
  });

  it('begins at the root, with nothing above it', async () => {
    expect(await visitOnce(async (_, path) => path)(manifest)).toEqual([]);
  });

  it('counts the bytes of manifests only', async () => {
    const visit = visitOnce(async () => {}, { depth: 1, nodes: 9, manifestBytes: manifest.size });
    await visit({ ...leaf, size: manifest.size + 1 });
    await visit(manifest);
  });

  it('takes sixteen of the largest manifests that are read, and no more', async () => {
    const visit = visitOnce(async () => {});
    const largest = (seed: number) => ({ ...imageManifest([blob(seed)]).descriptor, size: MAX_MANIFEST_SIZE });
    for (let seed = 1; seed <= 16; seed++) await visit(largest(seed));
    await expect(visit(largest(17))).rejects.toEqual(failure('LIMIT_EXCEEDED'));
  });

  it('has limits that real artifacts stay far below', () => {
    expect(GRAPH_LIMITS.depth).toBeGreaterThan(8);
    expect(GRAPH_LIMITS.nodes).toBeGreaterThan(50_000);
  });
});

describe('graph order', () => {
  it('is that of the documents, a manifest before its children, each once', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((seed) => blob(seed).descriptor) as [
      Descriptor,
      Descriptor,
      Descriptor,
      Descriptor,
    ];
    const other = imageManifest([], { annotations: { a: 'b' } }).descriptor;
    const children = new Map([
      [manifest.digest, [a, other, b, a]],
      [other.digest, [c, a]],
    ]);
    expect(inGraphOrder([manifest, d], (node) => children.get(node.digest) ?? [])).toEqual([
      manifest,
      a,
      other,
      c,
      b,
      d,
    ]);
  });

  it('asks of each node once what is below it, however many ways lead there', () => {
    const levels = Array.from({ length: 40 }, (_, level) => blob(level).descriptor);
    const asked: Descriptor[] = [];
    const below = (node: Descriptor): readonly Descriptor[] => {
      asked.push(node);
      if (asked.length > levels.length) throw new Error('asked twice');
      const next = levels[levels.indexOf(node) + 1];
      return next ? [next, next] : [];
    };
    expect(inGraphOrder(levels.slice(0, 1), below)).toEqual(levels);
  });
});
