import { inGraphOrder, nodeKey, visitOnce } from '../content/graph.ts';
import { rereading } from '../content/reread.ts';
import type { ContentSource, ReadableStore, WritableStore, WriteOutcome } from '../content/store.ts';
import { readVerified, sourceOf } from '../content/verify.ts';
import { isOciError } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { type Edge, edgesOf, parseManifest } from '../spec/manifest.ts';
import type { Tag } from '../spec/tag.ts';
import { announced, counted, type TransferListener } from './events.ts';
import { inScope, type Scope, type ScopeOptions } from './scope.ts';

export interface CopyOptions extends ScopeOptions {
  /** What to call the root in the destination; default: nothing, it is known by its digest. */
  readonly tags?: readonly Tag[];
  readonly onEvent?: TransferListener;
  /** Which references to follow; default: all but `subject`, which is weak. A subject the source lacks is passed over. */
  readonly follow?: (edge: Edge) => boolean;
}

export interface CopiedBlob {
  readonly descriptor: Descriptor;
  readonly outcome: WriteOutcome;
}

export interface CopyResult {
  /** The root as the source resolved it. */
  readonly descriptor: ManifestDescriptor;
  /** What became of the root itself. */
  readonly outcome: WriteOutcome;
  /** Configs and layers in graph order; none of a sub-graph that the destination was known to have. */
  readonly blobs: readonly CopiedBlob[];
}

/**
 * Copies what a reference names, with everything below it, from one store to another. Every node moves once, after what
 * it references, and the root with its tags moves last: the destination never holds a manifest without its content.
 *
 * A destination that enforces closure is trusted to have all of a manifest that it has. When it then refuses a manifest
 * for content it claimed to have, everything is walked once more without trust.
 * @throws OciError CANCELLED, LIMIT_EXCEEDED, INVALID_MANIFEST and what the stores throw; then nothing is still running
 */
export async function copy(
  source: ReadableStore,
  reference: Tag | Digest,
  destination: WritableStore,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const { signal } = options;
  const root = await source.resolve(reference, signal ? { signal } : {});
  const walk = (trust: Trust): Promise<CopyResult> =>
    inScope(options, (scope) => copyGraph({ source, destination, options, scope, trust }, root));
  if (destination.closure === 'unchecked') return walk({ skipsKnown: false, rewrites: () => false });
  try {
    return await walk({ skipsKnown: true, rewrites: () => false });
  } catch (error) {
    if (!isOciError(error, 'MISSING_REFERENCE')) throw error;
    const { missing } = error.details;
    return walk({
      skipsKnown: false,
      rewrites: (node) => isManifestDescriptor(node) || missing.includes(node.digest),
    });
  }
}

/** How far to believe a destination that says it has something. */
interface Trust {
  /** Whether a manifest that is there needs no look at what is below it. */
  readonly skipsKnown: boolean;
  /** Whether to write what is there once more. */
  rewrites(node: Descriptor): boolean;
}

interface Walk {
  readonly source: ReadableStore;
  readonly destination: WritableStore;
  readonly options: CopyOptions;
  readonly scope: Scope;
  readonly trust: Trust;
}

async function copyGraph(walk: Walk, root: ManifestDescriptor): Promise<CopyResult> {
  const { source, destination, options, scope, trust } = walk;
  const { signal, run, all } = scope;
  const { onEvent } = options;
  const outcomes = new Map<string, WriteOutcome>();
  const children = new Map<string, readonly Descriptor[]>();

  const write = async (node: Descriptor, open: ContentSource): Promise<void> => {
    const tags = node === root ? options.tags : undefined;
    const how = { signal, origin: source, rewrite: trust.rewrites(node), ...(tags && { tags }) };
    const put = (): Promise<WriteOutcome> => destination.write(node, open, how);
    // A manifest has been read and verified already.
    const putRight = isManifestDescriptor(node) ? put : () => rereading(source, put, { signal });
    outcomes.set(nodeKey(node), await announced(node, onEvent, putRight));
  };
  const isKnown = async (node: ManifestDescriptor): Promise<boolean> => {
    if (!trust.skipsKnown || !(await destination.exists(node, { signal }))) return false;
    if (node === root) for (const tag of options.tags ?? []) await destination.tag(root, tag, { signal });
    outcomes.set(nodeKey(node), await announced(node, onEvent, async () => 'existed'));
    return true;
  };
  const visit = visitOnce(async (node, path) => {
    if (!isManifestDescriptor(node)) {
      return run(() => write(node, () => counted(node, source.read(node, { signal }), onEvent)));
    }
    if (await run(() => isKnown(node))) return;
    const content = await run(() => readVerified(source, node, { signal }));
    const below = await childrenOf(walk, edgesOf(parseManifest(content)));
    children.set(nodeKey(node), below);
    const childPath = [...path, node.digest];
    await all(below.map((child) => visit(child, childPath)));
    await run(() => write(node, sourceOf(content.bytes)));
  });

  await visit(root);
  const nodes = inGraphOrder([root], (node) => children.get(nodeKey(node)) ?? []);
  const blobs = nodes.flatMap((descriptor): CopiedBlob[] => {
    const outcome = outcomes.get(nodeKey(descriptor));
    return outcome === undefined || isManifestDescriptor(descriptor) ? [] : [{ descriptor, outcome }];
  });
  return { descriptor: root, outcome: outcomes.get(nodeKey(root)) ?? 'existed', blobs };
}

async function childrenOf({ source, options, scope }: Walk, edges: readonly Edge[]): Promise<readonly Descriptor[]> {
  const { follow = (edge: Edge) => edge.kind !== 'subject' } = options;
  const children: Descriptor[] = [];
  for (const edge of edges.filter(follow)) {
    const { descriptor, kind } = edge;
    const isThere = kind !== 'subject' || (await scope.run(() => source.exists(descriptor, { signal: scope.signal })));
    if (isThere) children.push(descriptor);
  }
  return children;
}
