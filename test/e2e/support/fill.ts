import { isManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import type { Graph } from '../../support/artifacts.ts';
import type { TestRegistry } from '../../support/registry/index.ts';

/** Puts an artifact into a repository under tags, as if somebody had pushed it. */
export function fill(registry: TestRegistry, repository: string, graph: Graph, ...tags: readonly string[]): void {
  const content = registry.repository(repository);
  for (const { descriptor, bytes } of graph.contents) {
    if (isManifestDescriptor(descriptor)) content.putManifest(bytes, descriptor.mediaType);
    else content.putBlob(bytes);
  }
  for (const tag of tags) content.tags.set(tag, graph.root.descriptor.digest);
}
