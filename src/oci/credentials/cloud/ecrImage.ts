/** A tag, or a manifest with all its tags. */
export type ImageVersion = { readonly tag: string } | { readonly digest: string };

/** The options of one call of Amazon's SDK. */
export interface EcrCall {
  readonly signal?: AbortSignal;
}

/** The most that Amazon gives at once. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html */
export const MAX_RESULTS = 1000;

/** A call's signal, as Amazon's SDKs take it. */
export function ending({ signal }: EcrCall): { readonly abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

/** What the private and the public registry say of an image alike. */
export function imageOf(image: {
  readonly imageDigest?: string | undefined;
  readonly imageTags?: readonly string[] | undefined;
  readonly imageSizeInBytes?: number | undefined;
  readonly imagePushedAt?: Date | undefined;
  readonly artifactMediaType?: string | undefined;
}) {
  return {
    digest: image.imageDigest,
    tags: image.imageTags ?? [],
    size: image.imageSizeInBytes,
    pushedAt: image.imagePushedAt,
    artifactType: image.artifactMediaType,
  };
}

/** How Amazon's APIs name a version. */
export function imageIdOf(version: ImageVersion): { readonly imageTag: string } | { readonly imageDigest: string } {
  return 'tag' in version ? { imageTag: version.tag } : { imageDigest: version.digest };
}
