import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
} from '@aws-sdk/client-ecr';
import type { Environment } from '../environment.ts';
import { type EcrCall, ending, type ImageVersion, imageIdOf, imageOf, MAX_RESULTS } from './ecrImage.ts';
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
  return {
    async repositories(nextToken: string | undefined, call: EcrCall) {
      const page = await client.send(
        new DescribeRepositoriesCommand({ ...registry, maxResults: MAX_RESULTS, nextToken }),
        ending(call),
      );
      return { items: (page.repositories ?? []).map(repositoryOf), nextToken: page.nextToken };
    },
    async repository(name: string, call: EcrCall) {
      const command = new DescribeRepositoriesCommand({ ...registry, repositoryNames: [name] });
      const { repositories: [found = {}] = [] } = await client.send(command, ending(call));
      return repositoryOf(found);
    },
    async images(repositoryName: string, nextToken: string | undefined, call: EcrCall) {
      const command = new DescribeImagesCommand({
        ...registry,
        repositoryName,
        filter: { tagStatus: 'TAGGED' },
        maxResults: MAX_RESULTS,
        nextToken,
      });
      const page = await client.send(command, ending(call));
      return { items: (page.imageDetails ?? []).map(imageOf), nextToken: page.nextToken };
    },
    async create(repositoryName: string, call: EcrCall): Promise<void> {
      await client.send(new CreateRepositoryCommand({ ...registry, repositoryName }), ending(call));
    },
    async tagsBeside(repositoryName: string, imageTag: string, call: EcrCall): Promise<readonly string[]> {
      const command = new DescribeImagesCommand({ ...registry, repositoryName, imageIds: [{ imageTag }] });
      const { imageDetails: [image] = [] } = await client.send(command, ending(call));
      return image?.imageTags ?? [];
    },
    /** @returns what Amazon could not do, by its code */
    async remove(repositoryName: string, version: ImageVersion, call: EcrCall): Promise<string | undefined> {
      const command = new BatchDeleteImageCommand({ ...registry, repositoryName, imageIds: [imageIdOf(version)] });
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
