import { gzipSync } from 'node:zlib';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import {
  artifact,
  blob,
  type Content,
  emptyConfig,
  type Graph,
  imageIndex,
  imageManifest,
  type ManifestContent,
} from '../../support/artifacts.ts';
import { tarOf } from '../../support/tar.ts';

const MIB = 1024 * 1024;
/** More than the size from which clients read a blob in several ranges or send it in pieces. */
const LARGE = 40 * MIB;
/** Of the parts of an index, by their place. */
const ARCHITECTURES = ['amd64', 'arm64'];

/** What is exchanged, by the name it has in the table. Every registry and client gets the same bytes. */
export const samples: Readonly<Record<string, () => Graph>> = {
  artifact: () => artifact(1),
  image: () => image(2),
  index: () => indexOf(image(3), image(4)),
  'nested index': () => {
    const inner = indexOf(image(5));
    return indexOf(inner, image(6));
  },
  'empty layer': () => artifactOf(blob('', { title: 'empty.bin' }), blob(7, { title: 'full.bin' })),
  'large layer': () => artifactOf(blob(8, { size: LARGE, title: 'large.bin' })),
};

function artifactOf(...layers: readonly Content[]): Graph {
  const root = imageManifest(layers, { artifactType: 'application/vnd.example.test.v1' });
  return { root, contents: [emptyConfig, ...layers, root] };
}

/** An image that a runtime could start, if its one file were a program. */
function image(seed: number): Graph {
  const tar = tarOf({ name: `file-${seed}`, content: `content ${seed}` });
  const layer = blob(gzipSync(tar), { mediaType: MediaType.imageLayerTarGzip });
  const diffId = blob(tar).descriptor.digest;
  const document = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] }, config: {} };
  const config = blob(JSON.stringify(document), { mediaType: MediaType.imageConfig });
  const root = imageManifest([layer], {}, config);
  return { root, contents: [config, layer, root] };
}

function indexOf(...parts: readonly Graph[]): Graph {
  const root: ManifestContent = imageIndex(
    parts.map(({ root: { descriptor, bytes } }, index) => {
      const platform = { architecture: ARCHITECTURES[index] ?? 'unknown', os: 'linux' };
      return { descriptor: { ...descriptor, platform }, bytes };
    }),
  );
  return { root, contents: [...parts.flatMap(({ contents }) => contents), root] };
}
