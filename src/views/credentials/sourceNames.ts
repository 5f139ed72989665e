/** Where credentials may come from, as the setting `floeOci.credentials.sources` names it, in the default order. */
export const SOURCE_NAMES = [
  'secretStorage',
  'manifest',
  'vscodeAccount',
  'extensions',
  'docker',
  'podman',
  'kubernetes',
  'cloud',
] as const;

/** Where a credential can come from, as settings name it. */
export type SourceName = (typeof SOURCE_NAMES)[number];

/** The names that are known, each once, in the order given. */
export function readSourceNames(value: unknown): readonly SourceName[] {
  if (!Array.isArray(value)) return SOURCE_NAMES;
  return [...new Set(value.filter(isSourceName))];
}

function isSourceName(value: unknown): value is SourceName {
  return SOURCE_NAMES.some((name) => name === value);
}
