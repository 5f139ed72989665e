import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EMPTY_CONTENT, EMPTY_DESCRIPTOR } from '../../src/oci/spec/descriptor.ts';
import { MediaType } from '../../src/oci/spec/mediaTypes.ts';
import type { FileName, LayoutName } from '../support/clients/index.ts';

export const ARTIFACT_TYPE = 'application/vnd.example.bench.v1';

interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Random bytes that begin each layer; the rest stays, which is as new to everybody and takes no time to make. */
const NONCE_BYTES = 64;
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * An artifact of random layers in an image layout of its own, where every client can push it from. Its layers are also
 * files with names, for clients that push those.
 */
export class SampleArtifact {
  readonly layout: LayoutName;
  readonly sizes: readonly number[];
  #layers: Described[] = [];
  #manifest: Described | undefined;

  private constructor(path: string, sizes: readonly number[]) {
    this.layout = { path, tag: 'bench' };
    this.sizes = sizes;
  }

  static async create(path: string, sizes: readonly number[]): Promise<SampleArtifact> {
    const artifact = new SampleArtifact(path, sizes);
    await mkdir(artifact.#blobs, { recursive: true });
    await writeFile(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    await writeFile(artifact.blobFile(EMPTY_DESCRIPTOR), EMPTY_CONTENT);
    for (const [index, size] of sizes.entries()) await writeFile(artifact.#file(index), randomChunks(size));
    await artifact.renew();
    return artifact;
  }

  /** Its layers, as files. */
  get files(): readonly FileName[] {
    return this.sizes.map((_, index) => ({ folder: this.layout.path, name: nameOf(index) }));
  }

  /** What a registry has to have for it, the manifest last. */
  get contents(): readonly Described[] {
    if (this.#manifest === undefined) throw new Error('the artifact is not made yet');
    return [EMPTY_DESCRIPTOR, ...this.#layers, this.#manifest];
  }

  get manifest(): Described {
    return this.contents.at(-1) as Described;
  }

  /** Bytes of all layers. */
  get size(): number {
    return this.sizes.reduce((sum, size) => sum + size, 0);
  }

  blobFile({ digest }: Pick<Described, 'digest'>): string {
    return join(this.#blobs, digest.slice('sha256:'.length));
  }

  /** Gives these layers, or all, content that nobody has seen. */
  async renew(which: readonly number[] = this.sizes.map((_, index) => index)): Promise<void> {
    for (const index of which) this.#layers[index] = await this.#renewLayer(index);
    const document = {
      schemaVersion: 2,
      mediaType: MediaType.imageManifest,
      artifactType: ARTIFACT_TYPE,
      config: EMPTY_DESCRIPTOR,
      layers: this.#layers,
    };
    const bytes = Buffer.from(JSON.stringify(document));
    if (this.#manifest !== undefined) await rm(this.blobFile(this.#manifest), { force: true });
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    this.#manifest = { mediaType: MediaType.imageManifest, digest, size: bytes.length };
    await writeFile(this.blobFile(this.#manifest), bytes);
    const annotations = { 'org.opencontainers.image.ref.name': this.layout.tag };
    const index = {
      schemaVersion: 2,
      mediaType: MediaType.imageIndex,
      manifests: [{ ...this.#manifest, annotations }],
    };
    await writeFile(join(this.layout.path, 'index.json'), JSON.stringify(index));
  }

  /** A layer has two names, its own and that of its digest, and the bytes of one. */
  async #renewLayer(index: number): Promise<Described & { readonly annotations: Readonly<Record<string, string>> }> {
    const file = this.#file(index);
    const handle = await open(file, 'r+');
    try {
      await handle.write(randomFillSync(Buffer.alloc(Math.min(NONCE_BYTES, this.sizes[index] ?? 0))), 0, undefined, 0);
    } finally {
      await handle.close();
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(file, { highWaterMark: CHUNK_BYTES }), hash);
    const digest = `sha256:${hash.digest('hex')}`;
    const before = this.#layers[index];
    if (before === undefined) await link(file, this.blobFile({ digest }));
    else await rename(this.blobFile(before), this.blobFile({ digest }));
    const annotations = { 'org.opencontainers.image.title': nameOf(index) };
    return { mediaType: 'application/octet-stream', digest, size: this.sizes[index] ?? 0, annotations };
  }

  get #blobs(): string {
    return join(this.layout.path, 'blobs/sha256');
  }

  #file(index: number): string {
    return join(this.layout.path, nameOf(index));
  }
}

const nameOf = (index: number): string => `layer-${index}.bin`;

function* randomChunks(size: number): Generator<Uint8Array> {
  const chunk = Buffer.alloc(Math.min(size, CHUNK_BYTES));
  for (let left = size; left > 0; left -= chunk.length) {
    yield randomFillSync(chunk).subarray(0, left);
  }
}
