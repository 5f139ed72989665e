import { OciError } from '../errors.ts';
import { type Descriptor, isManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';

/** How much of a graph we are willing to walk: whoever wrote a manifest decides what hangs below it. */
export const GRAPH_LIMITS: GraphLimits = {
  // An index of indexes of manifests of layers has depth 3. Each level is a round trip that waits for the one above.
  depth: 32,
  // An index of the 8 MiB that we read holds some 50,000 descriptors.
  nodes: 100_000,
  // A manifest is held in memory until everything below it is there. Thousands of ordinary ones (a few KiB) fit.
  manifestBytes: 128 * 1024 * 1024,
};

/** How far a graph of manifests is walked: a hostile one would have no end. */
export interface GraphLimits {
  /** Edges between the root and a node. */
  readonly depth: number;
  readonly nodes: number;
  /** Bytes of all manifests together. */
  readonly manifestBytes: number;
}

/** Visits a node; `path` has the digests of the manifests above it, the root first. */
export type Visit<T> = (node: Descriptor, path?: readonly Digest[]) => Promise<T>;

/**
 * Identifies a node within a graph. Bytes that are named as a manifest and as a blob are two nodes, for a registry keeps
 * them in two places; so are two descriptors that contradict each other in size, of which at most one can be true.
 */
export function nodeKey({ mediaType, digest, size, ...rest }: Descriptor): string {
  return isManifestDescriptor({ mediaType, digest, size, ...rest })
    ? `${digest} ${size} ${mediaType}`
    : `${digest} ${size}`;
}

/**
 * Makes every node be visited once, however many manifests reference it; who comes later shares the first one's promise.
 * A graph of digests has no cycle, so a visit may await the visits of its children.
 * @throws OciError LIMIT_EXCEEDED from the visit that passes a limit
 */
export function visitOnce<T>(
  visit: (node: Descriptor, path: readonly Digest[]) => Promise<T>,
  limits = GRAPH_LIMITS,
): Visit<T> {
  const visits = new Map<string, Promise<T>>();
  let manifestBytes = 0;
  const admit = async (node: Descriptor, path: readonly Digest[]): Promise<T> => {
    if (isManifestDescriptor(node)) manifestBytes += node.size;
    const root = path[0] ?? node.digest;
    checkLimit(`levels of manifests below ${root}`, path.length, limits.depth);
    checkLimit(`manifests and blobs, with those of ${root}`, visits.size + 1, limits.nodes);
    checkLimit(`bytes of manifests, with those of ${root}`, manifestBytes, limits.manifestBytes);
    return visit(node, path);
  };
  return (node, path = []) => {
    const key = nodeKey(node);
    const visiting = visits.get(key) ?? admit(node, path);
    visits.set(key, visiting);
    return visiting;
  };
}

/** Every node below the roots once, a manifest before what it references, in the order of the documents. */
export function inGraphOrder(
  roots: readonly Descriptor[],
  childrenOf: (node: Descriptor) => readonly Descriptor[],
): readonly Descriptor[] {
  const nodes = new Map<string, Descriptor>();
  const pending = roots.toReversed();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const key = nodeKey(node);
    if (nodes.has(key)) continue;
    nodes.set(key, node);
    for (const child of childrenOf(node).toReversed()) pending.push(child);
  }
  return [...nodes.values()];
}

function checkLimit(what: string, actual: number, limit: number): void {
  if (actual > limit) throw new OciError('LIMIT_EXCEEDED', `more than ${limit} ${what}`, { what, limit });
}
