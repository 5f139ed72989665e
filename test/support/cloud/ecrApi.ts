import { apiMessage, describedIn } from '../registry/apis.ts';
import type { RegistryContent } from '../registry/content.ts';
import { type CloudAnswer, type CloudServer, insist, startCloudServer } from './cloudServer.ts';
import { type AwsKeys, verifySignature } from './signatureV4.ts';

export interface EcrApiOptions {
  readonly keys: AwsKeys;
  /** Whose registry has to be named; undefined where the identity's own is meant. Default `123456789012`. */
  readonly account?: string | undefined;
  /** What the registry has, and what the API changes. */
  readonly content: RegistryContent;
  /** Default `MUTABLE`. */
  readonly mutability?: string;
  /** It is the public registry, where names begin with this; default: a private one. */
  readonly alias?: string;
  /** Actions that the identity may not do. */
  readonly denied?: readonly string[];
}

const PRIVATE = { target: 'AmazonEC2ContainerRegistry_V20150921.', service: 'ecr', region: 'eu-west-1' };
const PUBLIC = { target: 'SpencerFrontendService.', service: 'ecr-public', region: 'us-east-1' };

/** Where the AWS SDK finds the API of a private registry, and who asks there. */
export function ecrEnvironment({ url }: Pick<CloudServer, 'url'>, keys: AwsKeys): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_ECR: url,
    AWS_REGION: PRIVATE.region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
}

/**
 * Amazon's API of a private registry, or of the public one, whose signatures are checked.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html
 * https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/Welcome.html
 */
export function startEcrApi(options: EcrApiOptions): Promise<CloudServer> {
  const { keys, content, mutability = 'MUTABLE', denied = [], alias } = options;
  const { target: TARGET, service, region } = alias === undefined ? PRIVATE : PUBLIC;
  const fullOf = (name: string): string => (alias === undefined ? name : `${alias}/${name}`);
  const shortOf = (full: string): string => (alias === undefined ? full : full.slice(alias.length + 1));
  const account = 'account' in options ? options.account : '123456789012';
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  const ok = (body: string): CloudAnswer => ({ status: 200, body, headers });
  const refused = (body: string): CloudAnswer => ({ status: 400, body, headers });
  const repositoryOf = (name: string): string =>
    alias === undefined
      ? apiMessage('ecr/repository.json', { name, mutability })
      : apiMessage('ecrPublic/repository.json', { name, alias });

  /** Two a page, so that pages are met; a token is where the next begins. */
  const paged = (member: string, all: readonly string[], { nextToken, maxResults }: Asked): CloudAnswer => {
    insist(maxResults === undefined || (maxResults >= 1 && maxResults <= 1000), 'maxResults is out of range');
    const from = Number(nextToken ?? 0);
    const next = from + 2 < all.length ? `,"nextToken":"${from + 2}"` : '';
    return ok(`{"${member}":[${all.slice(from, from + 2)}]${next}}`);
  };

  return startCloudServer((request) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    insist(request.method === 'POST' && target.startsWith(TARGET), `another target: ${target}`);
    insist(verifySignature(request, service, keys) === region, 'another region');
    const action = target.slice(TARGET.length);
    const asked: Asked = JSON.parse(request.body);
    insist(asked.registryId === (alias === undefined ? account : undefined), 'another account');
    if (denied.includes(action)) {
      const message = `User: arn:aws:iam::123456789012:user/ann is not authorized to perform: ecr:${action}`;
      return refused(JSON.stringify({ __type: 'AccessDeniedException', message }));
    }
    const name = asked.repositoryName ?? '';
    const own = content.repositories.get(fullOf(name));
    if (action === 'DescribeRepositories') {
      const names = asked.repositoryNames ?? [...content.repositories.keys()].map(shortOf);
      return paged('repositories', names.map(repositoryOf), asked);
    }
    if (action === 'CreateRepository') {
      if (own) return refused(apiMessage('ecr/repositoryExists.json', { name }));
      content.repository(fullOf(name));
      return ok(`{"repository":${repositoryOf(name)}}`);
    }
    if (own === undefined) return refused(apiMessage('ecr/repositoryNotFound.json', { name }));
    if (action === 'DescribeImages') {
      const [wanted] = asked.imageIds ?? [];
      const isFiltered = asked.filter?.tagStatus === 'TAGGED' || alias !== undefined;
      insist(wanted !== undefined || isFiltered, 'untagged images are asked for');
      const described = describedIn(own).filter(({ tags }) => !wanted?.imageTag || tags.includes(wanted.imageTag));
      if (wanted && described.length === 0)
        return refused(apiMessage('ecr/imageNotFound.json', { name, tag: wanted.imageTag ?? '' }));
      const page = alias === undefined ? 'ecr/image.json' : 'ecrPublic/image.json';
      const images = described.map(({ tags, ...image }) =>
        apiMessage(page, { name, ...image, annotations: '', tags: JSON.stringify(tags) }),
      );
      return paged('imageDetails', images, asked);
    }
    insist(action === 'BatchDeleteImage', `another action: ${action}`);
    const [{ imageTag = '', imageDigest } = {}] = asked.imageIds ?? [];
    const digest = imageDigest ?? own.tags.get(imageTag) ?? '';
    if (!own.manifests.has(digest)) {
      const failure = {
        imageId: { imageTag },
        failureCode: 'ImageNotFound',
        failureReason: 'Requested image not found',
      };
      return ok(JSON.stringify({ imageIds: [], failures: [failure] }));
    }
    for (const [tag, target] of own.tags) {
      if (target === digest && (imageDigest !== undefined || tag === imageTag)) own.tags.delete(tag);
    }
    // An image goes with its last tag.
    if (![...own.tags.values()].includes(digest)) own.manifests.delete(digest);
    return ok(JSON.stringify({ imageIds: [{ imageDigest: digest }], failures: [] }));
  });
}

interface Asked {
  readonly registryId?: string;
  readonly repositoryName?: string;
  readonly repositoryNames?: readonly string[];
  readonly imageIds?: readonly { readonly imageTag?: string; readonly imageDigest?: string }[];
  readonly filter?: { readonly tagStatus?: string };
  readonly nextToken?: string;
  readonly maxResults?: number;
}
