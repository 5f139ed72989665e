import { inGraphOrder } from '../content/graph.ts';
import type { CallOptions, ReadableStore } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { isOciError, OciError, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { type Edge, edgesOf, parseManifest } from '../spec/manifest.ts';
import type { LayoutIndex } from './layoutIndex.ts';

/**
 * What a manifest that was taken off the list leaves behind that nobody needs any more: itself and what is below it, but for
 * what something listed references. Only that, and not all that seems unused: a layout may hold what a push in another
 * process has not listed yet, or what other tools keep there in ways that we do not know.
 *
 * Nothing, when it cannot be known what is needed, because something listed is of a kind that we do not know or cannot be read.
 * @param index as it is without the manifest
 * @returns each manifest before what it references, to be removed in this order
 * @throws OciError CANCELLED
 */
export async function leftBehind(
  store: ReadableStore,
  index: LayoutIndex,
  manifest: ManifestDescriptor,
  options: CallOptions = {},
): Promise<readonly Digest[]> {
  try {
    const needed = new Set((await below(store, index.manifests, options)).map(({ digest }) => digest));
    const graph = await below(store, [manifest], options);
    return [...new Set(graph.map(({ digest }) => digest))].filter((digest) => !needed.has(digest));
  } catch (error) {
    if (isOciError(error) && error.code !== 'CANCELLED') return [];
    throw error;
  }
}

/** The roots, which are manifests, and everything that they reference; a subject does not count, it may go. */
async function below(
  store: ReadableStore,
  roots: readonly Descriptor[],
  options: CallOptions,
): Promise<readonly Descriptor[]> {
  const children = new Map<string, readonly Descriptor[]>();
  const ahead: Descriptor[] = [...roots];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    throwIfAborted(options.signal);
    const key = keyOf(next);
    if (children.has(key)) continue;
    const edges = (await edgesIn(store, next, options)).filter(({ kind }) => kind !== 'subject');
    children.set(
      key,
      edges.map(({ descriptor }) => descriptor),
    );
    ahead.push(...edges.filter(({ kind }) => kind === 'manifest').map(({ descriptor }) => descriptor));
  }
  return inGraphOrder(roots, (node) => children.get(keyOf(node)) ?? []);
}

/** None of a manifest that is not there: a layout may lack content. @throws OciError UNSUPPORTED when it is no manifest we know */
async function edgesIn(store: ReadableStore, descriptor: Descriptor, options: CallOptions): Promise<readonly Edge[]> {
  if (!isManifestDescriptor(descriptor)) throw unknown(descriptor);
  try {
    return edgesOf(parseManifest(await readVerified(store, descriptor, options)));
  } catch (error) {
    if (isOciError(error, 'NOT_FOUND')) return [];
    throw error;
  }
}

function keyOf({ digest, mediaType }: Descriptor): string {
  return `${digest} ${mediaType}`;
}

function unknown({ digest, mediaType }: Descriptor): OciError<'UNSUPPORTED'> {
  const what = `finding out what ${digest} references, which is ${mediaType}`;
  return new OciError('UNSUPPORTED', `${what} is not supported`, { what });
}
