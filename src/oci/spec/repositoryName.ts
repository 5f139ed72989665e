import { OciError } from '../errors.ts';

declare const repositoryBrand: unique symbol;

/** A repository's `<name>` by the distribution spec's grammar. Only {@link parseRepositoryName} makes one. */
export type RepositoryName = string & { readonly [repositoryBrand]: true };

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
/** Many registries limit host and name together to 255; the spec advises clients to respect it. */
const MAX_LENGTH = 255;
const ACCEPTED =
  'lower-case letters and digits, joined by ".", "_", "__" or dashes, in components separated by "/" (for example team/product)';

/** Whether it is a name of a repository by the distribution spec, and of a length that registries take. */
export function isRepositoryName(text: string): text is RepositoryName {
  return text.length <= MAX_LENGTH && text.split('/').every((component) => COMPONENT.test(component));
}

/** @throws OciError INVALID_REFERENCE with part "repository" */
export function parseRepositoryName(text: string): RepositoryName {
  if (isRepositoryName(text)) return text;
  throw new OciError('INVALID_REFERENCE', `not a repository name: ${JSON.stringify(text)}`, {
    input: text,
    part: 'repository',
    accepted: ACCEPTED,
  });
}
