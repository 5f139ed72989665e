import { l10n } from 'vscode';
import { OciError, parseRegistryHost, parseRegistryReference, type RepositoryName } from '../oci/index.ts';

/** What a user types to connect a registry, parsed. */
export interface RegistryUrl {
  /** Host with port where one was given. */
  readonly registry: string;
  /** A repository named besides; it gets pinned. */
  readonly repository?: RepositoryName;
}

const ACCEPTED = l10n.t(
  'a registry such as ghcr.io or localhost:5000, its address, or a reference to an artifact in it',
);

/**
 * Takes a host, an `https://` or `http://` address, or a reference. Which of http and https is spoken does not hang on
 * what is written here: http is for loopback hosts, and for those the setting `floeOci.registryOptions` says so of.
 * @throws OciError INVALID_REFERENCE naming the part
 */
export function parseRegistryUrl(text: string): RegistryUrl {
  const input = text.trim();
  const bare = input.replace(/^(https?|oci):\/\//i, '').replace(/\/+(v2\/*)?$/, '');
  if (bare === '')
    throw new OciError('INVALID_REFERENCE', 'no registry', { input, part: 'registry', accepted: ACCEPTED });

  if (!bare.includes('/')) return { registry: parseRegistryHost(bare, input) };
  const { registry, repository } = parseRegistryReference(`oci://${bare}`);
  return { registry, repository };
}
