import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRPUBLICClient,
} from '@aws-sdk/client-ecr-public';
import type { Environment } from '../environment.ts';
import type { ImageVersion } from './ecrApi.ts';
import { ecrClientOptions } from './ecrToken.ts';

interface Call {
  readonly signal?: AbortSignal;
}

/** The one region that has the API. https://docs.aws.amazon.com/general/latest/gr/ecr-public.html */
const REGION = 'us-east-1';
/** The most that Amazon gives at once. */
const MAX_RESULTS = 1000;

/**
 * Amazon's API of the public registry, by its SDK: for what the own account has there.
 * @throws (all of it) what the SDK throws
 */
export function createEcrPublicApi(environment: Environment) {
  const client = new ECRPUBLICClient({ ...ecrClientOptions(environment), region: REGION });
  const ending = ({ signal }: Call) => (signal ? { abortSignal: signal } : {});
  return {
    async repositories(nextToken: string | undefined, call: Call) {
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
    async repository(name: string, call: Call) {
      await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }), ending(call));
      return { name };
    },
    async images(repositoryName: string, nextToken: string | undefined, call: Call) {
      const command = new DescribeImagesCommand({ repositoryName, maxResults: MAX_RESULTS, nextToken });
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
      await client.send(new CreateRepositoryCommand({ repositoryName }), ending(call));
    },
    async tagsBeside(repositoryName: string, imageTag: string, call: Call): Promise<readonly string[]> {
      const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
      const { imageDetails: [image] = [] } = await client.send(command, ending(call));
      return image?.imageTags ?? [];
    },
    /** @returns what Amazon could not do, by its code */
    async remove(repositoryName: string, version: ImageVersion, call: Call): Promise<string | undefined> {
      const imageId = 'tag' in version ? { imageTag: version.tag } : { imageDigest: version.digest };
      const command = new BatchDeleteImageCommand({ repositoryName, imageIds: [imageId] });
      const { failures: [failure] = [] } = await client.send(command, ending(call));
      return failure && `${failure.failureCode}: ${failure.failureReason}`;
    },
    close: () => client.destroy(),
  };
}
