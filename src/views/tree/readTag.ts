import { type ReadManifest, readManifest } from '../readManifest.ts';
import type { LevelOptions } from './level.ts';
import type { TagNode } from './node.ts';

type ReadTagOptions = Pick<LevelOptions, 'signal' | 'refresh'>;

/** What a tag points at now, or lately; its row knows it from then on. */
export async function readTag(node: TagNode, { signal, refresh }: ReadTagOptions): Promise<ReadManifest> {
  const { place, repository, tag } = node;
  delete node.age;
  const onCached = (age: number): void => {
    node.age = age;
  };
  const content = await readManifest(await place.reader(repository, { signal, refresh, onCached }), tag, { signal });
  node.content = content;
  return content;
}
