import { OciError } from '../errors.ts';
import { parseRegistryHost } from '../spec/reference.ts';
import { parseRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';

/** A registry that has what another one has, under the same names or below a prefix. */
export interface Mirror {
  /** `host[:port]` */
  readonly registry: string;
  readonly prefix?: RepositoryName;
}

/**
 * `HOST[:PORT][/PREFIX]`, with or without `oci://`.
 * @throws OciError INVALID_ARGUMENT
 */
export function parseMirror(input: string): Mirror {
  const [, host = '', prefix] = /^(?:oci:\/\/)?([^/]*)(?:\/(.+?))?\/?$/.exec(input) ?? [];
  try {
    const registry = parseRegistryHost(host);
    return prefix === undefined ? { registry } : { registry, prefix: parseRepositoryName(prefix) };
  } catch (cause) {
    const details = { argument: 'mirrors', value: input, accepted: 'HOST[:PORT] or HOST[:PORT]/PREFIX' };
    throw new OciError('INVALID_ARGUMENT', `"${input}" is no mirror`, details, { cause });
  }
}

/** What a repository is called there. @throws OciError INVALID_REFERENCE when prefix and name are too long together */
export function nameInMirror({ prefix }: Mirror, repository: RepositoryName): RepositoryName {
  return prefix === undefined ? repository : parseRepositoryName(`${prefix}/${repository}`);
}
