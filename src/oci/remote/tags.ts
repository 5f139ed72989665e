import type { CallOptions } from '../content/store.ts';
import { isTag, type Tag } from '../spec/tag.ts';
import type { RegistryClient } from './client.ts';
import { listNames } from './names.ts';
import type { RepositoryUrls } from './urls.ts';

/**
 * The tags of a repository; `repository` is `host/name`, for messages.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 * @throws OciError NOT_FOUND for a repository that the registry does not know
 */
export function listTags(
  client: RegistryClient,
  urls: RepositoryUrls,
  repository: string,
  options: CallOptions,
): AsyncIterable<Tag> {
  const subject = { repository, notFound: { kind: 'repository', what: repository } } as const;
  const endpoint = (pageSize?: number) => urls.tags(pageSize);
  return listNames(client, { member: 'tags', endpoint, subject, isName }, options);
}

/** Artifactory lists the folder of its uploads among the tags. https://github.com/oras-project/oras/issues/1907 */
const UPLOADS = '_uploads';

function isName(text: string): text is Tag {
  return text !== UPLOADS && isTag(text);
}
