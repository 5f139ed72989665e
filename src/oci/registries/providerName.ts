import { OciError } from '../errors.ts';

/** The registries that have more than the distribution spec; `distribution` is every other one. */
export const PROVIDER_NAMES = [
  'distribution',
  'harbor',
  'ecr',
  'ecr-public',
  'acr',
  'gar',
  'ghcr',
  'docker-hub',
  'quay',
  'gitlab',
  'gitea',
  'zot',
  'nexus',
  'artifactory',
] as const;

/** The kinds of registry that are known, by the names that settings use. */
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** What people call them. */
export const PROVIDER_TITLES: Readonly<Record<ProviderName, string>> = {
  distribution: 'an OCI registry',
  harbor: 'Harbor',
  ecr: 'Amazon ECR',
  'ecr-public': 'Amazon ECR Public',
  acr: 'Azure Container Registry',
  gar: 'Google Artifact Registry',
  ghcr: 'GitHub Container Registry',
  'docker-hub': 'Docker Hub',
  quay: 'Quay',
  gitlab: 'GitLab',
  gitea: 'Gitea',
  zot: 'zot',
  nexus: 'Nexus Repository',
  artifactory: 'Artifactory',
};

/** Whether it names a kind of registry that is known. */
export function isProviderName(text: string): text is ProviderName {
  return PROVIDER_NAMES.some((name) => name === text);
}

/** @throws OciError INVALID_ARGUMENT naming the names there are */
export function parseProviderName(text: string, argument: string): ProviderName {
  if (isProviderName(text)) return text;
  const accepted = PROVIDER_NAMES.join(', ');
  throw new OciError('INVALID_ARGUMENT', `${text} is no kind of registry`, { argument, value: text, accepted });
}
