import { inGraphOrder, nodeKey, visitOnce } from '../content/graph.ts';
import { rereading } from '../content/reread.ts';
import type { ReadableStore } from '../content/store.ts';
import { readVerified, verified } from '../content/verify.ts';
import { isOciError, type OciError, type OciErrorCode } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import { announced, counted, type TransferListener } from './events.ts';
import { inScope, type Scope, type ScopeOptions } from './scope.ts';

/** How content is checked. */
export interface ValidateOptions extends ScopeOptions {
  readonly onEvent?: TransferListener;
}

/** What a check of everything below a manifest has found. */
export interface ValidationReport {
  /** Everything that was looked at, whatever was found, a manifest before what it references. */
  readonly checked: readonly { readonly descriptor: Descriptor }[];
  /** Empty when all is as the descriptors say; else in the order of `checked`. */
  readonly problems: readonly ValidationProblem[];
}

/** Something that is not what its descriptor says, or not there. */
export interface ValidationProblem {
  readonly descriptor: Descriptor;
  /** Digests of the manifests above it, the root first. */
  readonly path: readonly Digest[];
  readonly error: OciError;
}

/** What says something about the content; any other failure says only that we could not look. */
const ABOUT_CONTENT: readonly OciErrorCode[] = [
  'NOT_FOUND',
  'DIGEST_MISMATCH',
  'SIZE_MISMATCH',
  'INVALID_MANIFEST',
  'LIMIT_EXCEEDED',
];

/**
 * Reads everything reachable from the roots and recomputes every digest and size from the bytes, whatever the store
 * itself promises. Reports and never repairs. A `subject` is followed where the store has it.
 * @throws OciError CANCELLED, LIMIT_EXCEEDED for a graph that is too large, and what keeps us from looking
 */
export function validate(
  store: ReadableStore,
  roots: readonly ManifestDescriptor[],
  options: ValidateOptions = {},
): Promise<ValidationReport> {
  return inScope(options, async (scope) => {
    const children = new Map<string, readonly Descriptor[]>();
    const problems = new Map<string, ValidationProblem>();
    const visit = visitOnce(async (node, path) => {
      const report = (error: unknown): readonly Descriptor[] => {
        if (!ABOUT_CONTENT.some((code) => isOciError(error, code))) throw error;
        problems.set(nodeKey(node), { descriptor: node, path, error: error as OciError });
        return [];
      };
      const below = await scope.run(() => childrenOf(store, node, scope, options.onEvent).catch(report));
      children.set(nodeKey(node), below);
      const childPath = [...path, node.digest];
      await scope.all(below.map((child) => visit(child, childPath)));
    });
    await scope.all(roots.map((root) => visit(root)));
    const nodes = inGraphOrder(roots, (node) => children.get(nodeKey(node)) ?? []);
    return {
      checked: nodes.map((descriptor) => ({ descriptor })),
      problems: nodes.flatMap((node) => problems.get(nodeKey(node)) ?? []),
    };
  });
}

/** Reads a node whole and says what is below it. */
async function childrenOf(
  store: ReadableStore,
  node: Descriptor,
  { signal }: Scope,
  onEvent: TransferListener | undefined,
): Promise<readonly Descriptor[]> {
  const children: Descriptor[] = [];
  await announced(node, onEvent, async () => {
    if (!isManifestDescriptor(node)) {
      const readAll = async (): Promise<void> => {
        for await (const _ of verified(node, counted(node, store.read(node, { signal }), onEvent)));
      };
      await rereading(store, readAll, { signal });
      return 'existed';
    }
    for (const { kind, descriptor } of edgesOf(parseManifest(await readVerified(store, node, { signal })))) {
      if (kind !== 'subject' || (await store.exists(descriptor, { signal }))) children.push(descriptor);
    }
    return 'existed';
  });
  return children;
}
