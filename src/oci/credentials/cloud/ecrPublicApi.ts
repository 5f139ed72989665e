import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRPUBLICClient,
} from '@aws-sdk/client-ecr-public';
import type { Environment } from '../environment.ts';
import { type EcrCall, ending, type ImageVersion, imageIdOf, imageOf, MAX_RESULTS } from './ecrImage.ts';
import { ecrClientOptions } from './ecrToken.ts';

/** The one region that has the API. https://docs.aws.amazon.com/general/latest/gr/ecr-public.html */
const REGION = 'us-east-1';
/**
 * Amazon's API of the public registry, by its SDK: for what the own account has there.
 * @throws (all of it) what the SDK throws
 */
export function createEcrPublicApi(environment: Environment) {
  const client = new ECRPUBLICClient({ ...ecrClientOptions(environment), region: REGION });
  return {
    async repositories(nextToken: string | undefined, call: EcrCall) {
      const page = await client.send(
        new DescribeRepositoriesCommand({ maxResults: MAX_RESULTS, nextToken }),
        ending(call),
      );
      const items = (page.repositories ?? []).map(({ repositoryUri = '', createdAt }) => ({
        // With the alias in front, as references have it.
        name: repositoryUri.slice(repositoryUri.indexOf('/') + 1),
        createdAt,
      }));
      return { items, nextToken: page.nextToken };
    },
    async repository(name: string, call: EcrCall) {
      await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }), ending(call));
      return { name };
    },
    async images(repositoryName: string, nextToken: string | undefined, call: EcrCall) {
      const command = new DescribeImagesCommand({ repositoryName, maxResults: MAX_RESULTS, nextToken });
      const page = await client.send(command, ending(call));
      return { items: (page.imageDetails ?? []).map(imageOf), nextToken: page.nextToken };
    },
    async create(repositoryName: string, call: EcrCall): Promise<void> {
      await client.send(new CreateRepositoryCommand({ repositoryName }), ending(call));
    },
    async tagsBeside(repositoryName: string, imageTag: string, call: EcrCall): Promise<readonly string[]> {
      const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
      const { imageDetails: [image] = [] } = await client.send(command, ending(call));
      return image?.imageTags ?? [];
    },
    /** @returns what Amazon could not do, by its code */
    async remove(repositoryName: string, version: ImageVersion, call: EcrCall): Promise<string | undefined> {
      const command = new BatchDeleteImageCommand({ repositoryName, imageIds: [imageIdOf(version)] });
      const { failures: [failure] = [] } = await client.send(command, ending(call));
      return failure && `${failure.failureCode}: ${failure.failureReason}`;
    },
    close: () => client.destroy(),
  };
}
