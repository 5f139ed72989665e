import type { ArtifactDifferences } from '../floe/diffArtifacts.ts';
import type { Descriptor } from '../oci/index.ts';
import { formatSize } from './inspectionLines.ts';

/** What differs, for people: a line `- left` and a line `+ right` for each place, under the name of its part. */
export function* diffLines(differences: ArtifactDifferences): Generator<string> {
  const { left, right, isSame, document } = differences;
  if (isSame) {
    yield `the same: ${left}`;
    return;
  }
  yield `- ${left}`;
  yield `+ ${right}`;
  yield* part('manifest', differences.manifest, textOf);
  yield* part('annotations', differences.annotations, textOf);
  yield* part('layers', differences.layers, descriptorText);
  yield* part('manifests', differences.manifests, descriptorText);
  const places = (document ?? []).map(({ path, ...sides }) => ({ name: path || 'the document', ...sides }));
  yield* part('document', places, textOf);
}

interface Place<T> {
  readonly name: string;
  readonly left?: T;
  readonly right?: T;
}

function* part<T>(title: string, places: readonly Place<T>[], show: (value: T) => string): Generator<string> {
  if (places.length > 0) yield `${title}:`;
  for (const place of places) {
    if ('left' in place) yield `  - ${place.name}: ${show(place.left as T)}`;
    if ('right' in place) yield `  + ${place.name}: ${show(place.right as T)}`;
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value);
}

function descriptorText({ mediaType, digest, size }: Descriptor): string {
  return `${digest} ${formatSize(size)} ${mediaType}`;
}
