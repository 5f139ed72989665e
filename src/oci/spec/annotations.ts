/**
 * Pre-defined annotation keys that we read or write.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
export const Annotation = {
  created: 'org.opencontainers.image.created',
  title: 'org.opencontainers.image.title',
  refName: 'org.opencontainers.image.ref.name',
  revision: 'org.opencontainers.image.revision',
  source: 'org.opencontainers.image.source',
} as const;

/**
 * Keys and values as a manifest or a descriptor has them.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
 */
export type Annotations = Readonly<Record<string, string>>;
