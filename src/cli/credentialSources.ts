import { wrongUsage } from './cliError.ts';
import type { CliIo } from './io.ts';

/**
 * Where credentials may come from, in the default order: FLOE_REGISTRY_*; what a manifest.yaml refers to or asks for;
 * Docker's and Podman's files; mounted image pull secrets; the identity in a cloud that the environment names.
 */
export const CREDENTIAL_SOURCES = ['environment', 'manifest', 'docker', 'podman', 'kubernetes', 'cloud'] as const;

/** One of {@link CREDENTIAL_SOURCES}. */
export type CredentialSourceName = (typeof CREDENTIAL_SOURCES)[number];

/** Stands alone, for no source at all. */
const NOBODY = 'anonymous';

const OPTION = '--credential-sources';
const VARIABLE = 'FLOE_OCI_CREDENTIAL_SOURCES';

/** The sources that are asked, the first that knows a credential deciding. */
export interface SourceOrder {
  readonly names: readonly CredentialSourceName[];
  /** What says so; undefined for the default. */
  readonly by: string | undefined;
}

/**
 * The order that `--credential-sources` gives, else FLOE_OCI_CREDENTIAL_SOURCES, else the default one. What is left out is
 * not asked.
 * @throws CliError WRONG_USAGE for a name that is none, or that is there twice
 */
export function sourceOrder(
  { credentialSources: option }: { readonly credentialSources?: string },
  env: CliIo['env'],
): SourceOrder {
  const by = option !== undefined ? OPTION : env[VARIABLE] ? VARIABLE : undefined;
  if (by === undefined) return { names: CREDENTIAL_SOURCES, by };
  const words = (option ?? env[VARIABLE] ?? '').split(',').map((word) => word.trim());
  if (words.length === 1 && words[0] === NOBODY) return { names: [], by };
  const names = words.filter(isSourceName);
  if (names.length < words.length || new Set(names).size < names.length) {
    throw wrongUsage(
      `${by} is not a list of sources of credentials.`,
      `Give some of ${CREDENTIAL_SOURCES.join(', ')}, each once, with commas between them; or ${NOBODY}.`,
    );
  }
  return { names, by };
}

function isSourceName(word: string): word is CredentialSourceName {
  return CREDENTIAL_SOURCES.some((name) => name === word);
}
