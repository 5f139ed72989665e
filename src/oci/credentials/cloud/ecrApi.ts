import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
} from '@aws-sdk/client-ecr';
import type { Environment } from '../environment.ts';
import { ecrClientOptions } from './ecrToken.ts';

/** How to get to one private registry. */
export interface EcrApiOptions {
  /** Default: the one of the identity. */
  readonly account?: string | undefined;
  /** Default: that of the environment. */
  readonly region?: string | undefined;
  readonly isFips?: boolean;
  readonly isDualStack?: boolean;
  readonly environment: Environment;
}

/** A tag, or a manifest with all its tags. */
export type ImageVersion = { readonly tag: string } | { readonly digest: string };

interface Call {
  readonly signal?: AbortSignal;
}

/** The most that Amazon gives at once. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html */
const MAX_RESULTS = 1000;

/**
 * Amazon's API of a private registry, by its SDK, which finds the identity and signs.
 * @throws (all of it) what the SDK throws
 */
export function createEcrApi({ account, region, isFips = false, isDualStack = false, environment }: EcrApiOptions) {
  const client = new ECRClient({
    ...ecrClientOptions(environment),
    ...(region !== undefined && { region }),
    useFipsEndpoint: isFips,
    useDualstackEndpoint: isDualStack,
  });
  const registry = account === undefined ? {} : { registryId: account };
  const ending = ({ signal }: Call) => (signal ? { abortSignal: signal } : {});
  return {
    async repositories(nextToken: string | undefined, call: Call) {
      const page = await client.send(
        new DescribeRepositoriesCommand({ ...registry, maxResults: MAX_RESULTS, nextToken }),
        ending(call),
      );
      return { items: (page.repositories ?? []).map(repositoryOf), nextToken: page.nextToken };
    },
    async repository(name: string, call: Call) {
      const command = new DescribeRepositoriesCommand({ ...registry, repositoryNames: [name] });
      const { repositories: [found = {}] = [] } = await client.send(command, ending(call));
      return repositoryOf(found);
    },
    async images(repositoryName: string, nextToken: string | undefined, call: Call) {
      const command = new DescribeImagesCommand({
        ...registry,
        repositoryName,
        filter: { tagStatus: 'TAGGED' },
        maxResults: MAX_RESULTS,
        nextToken,
      });
      const page = await client.send(command, ending(call));
      const items = (page.imageDetails ?? []).map((image) => ({
        digest: image.imageDigest,
        tags: image.imageTags ?? [],
        size: image.imageSizeInBytes,
        pushedAt: image.imagePushedAt,
        artifactType: image.artifactMediaType,
      }));
      return { items, nextToken: page.nextToken };
    },
    async create(repositoryName: string, call: Call): Promise<void> {
      await client.send(new CreateRepositoryCommand({ ...registry, repositoryName }), ending(call));
    },
    async tagsBeside(repositoryName: string, imageTag: string, call: Call): Promise<readonly string[]> {
      const command = new DescribeImagesCommand({ ...registry, repositoryName, imageIds: [{ imageTag }] });
      const { imageDetails: [image] = [] } = await client.send(command, ending(call));
      return image?.imageTags ?? [];
    },
    /** @returns what Amazon could not do, by its code */
    async remove(repositoryName: string, version: ImageVersion, call: Call): Promise<string | undefined> {
      const imageId = 'tag' in version ? { imageTag: version.tag } : { imageDigest: version.digest };
      const command = new BatchDeleteImageCommand({ ...registry, repositoryName, imageIds: [imageId] });
      const { failures: [failure] = [] } = await client.send(command, ending(call));
      return failure && `${failure.failureCode}: ${failure.failureReason}`;
    },
    close: () => client.destroy(),
  };
}

function repositoryOf(found: {
  readonly repositoryName?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly imageTagMutability?: string | undefined;
}) {
  return { name: found.repositoryName ?? '', createdAt: found.createdAt, mutability: found.imageTagMutability };
}
