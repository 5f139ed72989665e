import { edgesOf, type Manifest } from './manifest.ts';

/** Whether two manifests are made of the same content as the same kind of artifact, whatever their annotations say. */
export function hasSameContent(one: Manifest, other: Manifest): boolean {
  return contentOf(one) === contentOf(other);
}

/** What an artifact is made of, in a form that can be compared. */
function contentOf(manifest: Manifest): string {
  const edges = edgesOf(manifest).map(({ kind, descriptor }) => `${kind} ${descriptor.mediaType} ${descriptor.digest}`);
  return [manifest.artifactType, ...edges].join('\n');
}
