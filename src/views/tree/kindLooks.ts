import type { ProviderName } from '../../oci/index.ts';

const CLOUD = 'cloud';
const SERVER = 'server';

/** The icon of a registry of this kind: run by somebody else in a cloud, or anywhere. */
export const KIND_ICONS: Readonly<Record<ProviderName, string>> = {
  distribution: SERVER,
  harbor: SERVER,
  ecr: CLOUD,
  'ecr-public': CLOUD,
  acr: 'azure',
  gar: CLOUD,
  ghcr: 'github',
  'docker-hub': CLOUD,
  quay: SERVER,
  gitlab: SERVER,
  gitea: SERVER,
  zot: SERVER,
  nexus: SERVER,
  artifactory: SERVER,
};
