import { inGraphOrder, nodeKey, visitOnce } from '../content/graph.ts';
import { rereading } from '../content/reread.ts';
import { sourceIn, throughEach } from '../content/sources.ts';
import type {
  CallOptions,
  ContentSource,
  ReadableStore,
  TagOptions,
  WritableStore,
  WriteOutcome,
} from '../content/store.ts';
import { readVerified, sourceOf } from '../content/verify.ts';
import { isOciError } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { type Edge, edgesOf, parseManifest } from '../spec/manifest.ts';
import type { Tag } from '../spec/tag.ts';
import { announced, counted, type TransferListener } from './events.ts';
import { isFreshlyPacked } from './freshlyPacked.ts';
import { inScope, type Scope, type ScopeOptions } from './scope.ts';
import { Sending } from './sending.ts';

/** `expected` is about each of the tags. */
export interface CopyOptions extends ScopeOptions, Pick<TagOptions, 'expected'> {
  /** What to call the root in the destination; default: nothing, it is known by its digest. */
  readonly tags?: readonly Tag[];
  /**
   * Called when the last of what is below the root is on its way, and awaited with it: a last look before the root and its
   * tags are written, which takes no time of its own. What it throws keeps them from being written. Not called when
   * nothing had to be sent: then no time has passed since the copy began.
   */
  readonly lastLook?: (options: CallOptions) => Promise<void>;
  readonly onEvent?: TransferListener;
  /** Which references to follow; default: all but `subject`, which is weak. A subject the source lacks is passed over. */
  readonly follow?: (edge: Edge) => boolean;
}

/** A blob, and how it came to be at the destination. */
export interface CopiedBlob {
  readonly descriptor: Descriptor;
  readonly outcome: WriteOutcome;
}

/** What a copy has come to. */
export interface CopyResult {
  /** The root as the source resolved it. */
  readonly descriptor: ManifestDescriptor;
  /** What became of the root itself. */
  readonly outcome: WriteOutcome;
  /** Whether the destination has anything now that it had not, tags aside. */
  readonly changed: boolean;
  /** Configs and layers in graph order; none of a sub-graph that the destination was known to have. */
  readonly blobs: readonly CopiedBlob[];
}

/**
 * Copies what a reference names, with everything below it, from one store to another. Every node moves once, after what
 * it references, and the root with its tags moves last: the destination never holds a manifest without its content.
 *
 * A root that the source has resolved already need not be asked for again.
 *
 * A destination that enforces closure is trusted to have all of a manifest that it has. When it then refuses a manifest
 * for content it claimed to have, everything is walked once more without trust.
 * @throws OciError CANCELLED, LIMIT_EXCEEDED, INVALID_MANIFEST and what the stores throw; then nothing is still running
 */
export async function copy(
  source: ReadableStore,
  reference: Tag | Digest | ManifestDescriptor,
  destination: WritableStore,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const { signal } = options;
  const root = typeof reference === 'string' ? await source.resolve(reference, signal ? { signal } : {}) : reference;
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
  const { expected, lastLook, onEvent, tags = [] } = options;
  const expectation = expected === undefined ? {} : { expected };
  const tagging = { tags, ...expectation };
  const outcomes = new Map<string, WriteOutcome>();
  const sending = new Sending();
  const children = new Map<string, readonly Descriptor[]>();
  const likelyNew = trust.skipsKnown && (await isFreshlyPacked(source, root));

  const write = async (node: Descriptor, open: ContentSource): Promise<void> => {
    const how = { signal, origin: source, likelyNew, rewrite: trust.rewrites(node), ...(node === root && tagging) };
    const put = (): Promise<WriteOutcome> => destination.write(node, open, how);
    // A manifest has been read and verified already.
    const putRight = isManifestDescriptor(node) ? put : () => rereading(source, put, { signal });
    outcomes.set(nodeKey(node), await announced(node, onEvent, putRight));
  };
  const isKnown = async (node: ManifestDescriptor): Promise<boolean> => {
    if (!trust.skipsKnown || likelyNew || !(await destination.exists(node, { signal }))) return false;
    if (node === root) for (const tag of tags) await destination.tag(root, tag, { signal, ...expectation });
    outcomes.set(nodeKey(node), await announced(node, onEvent, async () => 'existed'));
    return true;
  };
  const visit = visitOnce(async (node, path) => {
    if (!isManifestDescriptor(node)) {
      const open = throughEach(sourceIn(source, node, { signal }), (stream, offset) =>
        counted(node, stream, onEvent, offset),
      );
      return run(() => write(node, sending.watch(node, open)));
    }
    if (await run(() => isKnown(node))) return;
    const content = await run(() => readVerified(source, node, { signal }));
    const below = await childrenOf(walk, edgesOf(parseManifest(content)));
    children.set(nodeKey(node), below);
    const childPath = [...path, node.digest];
    const visits = below.map((child) => visit(child, childPath));
    const isLast = node === root && lastLook !== undefined;
    await all(isLast ? [...visits, sending.lastOf(below, visits, () => lastLook({ signal }))] : visits);
    await run(() => write(node, sending.watch(node, sourceOf(content.bytes))));
  });

  await visit(root);
  const nodes = inGraphOrder([root], (node) => children.get(nodeKey(node)) ?? []);
  const blobs = nodes.flatMap((descriptor): CopiedBlob[] => {
    const outcome = outcomes.get(nodeKey(descriptor));
    return outcome === undefined || isManifestDescriptor(descriptor) ? [] : [{ descriptor, outcome }];
  });
  const changed = [...outcomes.values()].some((outcome) => outcome !== 'existed');
  return { descriptor: root, outcome: outcomes.get(nodeKey(root)) ?? 'existed', changed, blobs };
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
