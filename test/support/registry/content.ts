import { isManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import { type Digest, type DigestAlgorithm, digestOf } from '../../../src/oci/spec/digest.ts';

export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One upload session. `chunks` are what has arrived, in order. */
export interface UploadSession {
  readonly chunks: Uint8Array[];
  size: number;
  /** A chunk has come after which there may be no other. */
  isLast?: boolean;
}

/** What one repository holds. Tests may look and may put anything in, right or wrong. */
export class RepositoryContent {
  readonly blobs = new Map<string, Uint8Array>();
  readonly manifests = new Map<string, StoredManifest>();
  readonly tags = new Map<string, string>();
  readonly uploads = new Map<string, UploadSession>();

  /** Puts a blob in without asking. */
  putBlob(bytes: Uint8Array | string, algorithm?: DigestAlgorithm): Digest {
    const content = Buffer.from(bytes);
    const digest = digestOf(content, algorithm);
    this.blobs.set(digest, content);
    return digest;
  }

  /** Puts a manifest in without looking at it, under its digest and, when given, a tag. */
  putManifest(bytes: Uint8Array | string, mediaType: string, tag?: string, algorithm?: DigestAlgorithm): Digest {
    const content = Buffer.from(bytes);
    const digest = digestOf(content, algorithm);
    this.manifests.set(digest, { mediaType, bytes: content });
    if (tag !== undefined) this.tags.set(tag, digest);
    return digest;
  }

  /** The digest that a tag or a digest leads to, when there is a manifest behind it. */
  resolve(reference: string): string | undefined {
    const digest = this.tags.get(reference) ?? reference;
    return this.manifests.has(digest) ? digest : undefined;
  }

  has(descriptor: Parameters<typeof isManifestDescriptor>[0]): boolean {
    return (isManifestDescriptor(descriptor) ? this.manifests : this.blobs).has(descriptor.digest);
  }
}

/** All repositories. One exists from its first content on. */
export class RegistryContent {
  readonly repositories = new Map<string, RepositoryContent>();

  /** The repository, made when there is none. */
  repository(name: string): RepositoryContent {
    const existing = this.repositories.get(name);
    if (existing) return existing;
    const created = new RepositoryContent();
    this.repositories.set(name, created);
    return created;
  }
}
