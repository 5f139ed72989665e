import { l10n } from 'vscode';
import { OciError, parseRegistryHost, parseRepositoryName } from '../../oci/index.ts';

/** What a saved credential is for: a registry, or of it only what is below a path. */
export interface CredentialScope {
  /** `host[:port]` */
  readonly registry: string;
  /** The start of repository names, by whole parts; absent: all of them. */
  readonly path?: string;
}

/** As in the key of the secret, and as people see it: `harbor.example/team`. */
export function formatScope({ registry, path }: CredentialScope): string {
  return path === undefined ? registry : `${registry}/${path}`;
}

/** @throws OciError INVALID_REFERENCE naming the part */
export function parseScope(text: string): CredentialScope {
  const [host = '', ...parts] = text.trim().split('/');
  const registry = parseRegistryHost(host, text);
  if (parts.length === 0) return { registry };
  try {
    return { registry, path: parseRepositoryName(parts.join('/')) };
  } catch (cause) {
    const accepted = l10n.t(
      'a registry such as harbor.example, with a path such as harbor.example/team where it is for that alone',
    );
    const details = { input: text, part: 'repository', accepted } as const;
    throw new OciError('INVALID_REFERENCE', `${text} names no part of a registry`, details, { cause });
  }
}

/** The scopes that a repository is in, the narrowest first; without one, the registry alone. */
export function scopesOf(registry: string, repository: string | undefined): readonly CredentialScope[] {
  const parts = repository?.split('/') ?? [];
  const paths = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return [...paths.map((path) => ({ registry, path })), { registry }];
}
