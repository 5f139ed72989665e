import type { ProviderName } from './providerName.ts';

/** Where the pages of a registry begin. `own`: at the registry's own address. */
const HOME: Partial<Readonly<Record<ProviderName, 'own' | `https://${string}`>>> = {
  harbor: 'own',
  quay: 'own',
  zot: 'own',
  gitea: 'own',
  artifactory: 'own',
  ecr: 'https://console.aws.amazon.com/ecr/repositories',
  'ecr-public': 'https://gallery.ecr.aws/',
  acr: 'https://portal.azure.com/#browse/Microsoft.ContainerRegistry%2Fregistries',
  gar: 'https://console.cloud.google.com/artifacts',
  ghcr: 'https://github.com/',
  'docker-hub': 'https://hub.docker.com/',
};

/**
 * The first page of a kind of registry, to look around from: what one repository, tag or manifest has is for
 * `RegistryProvider.webUrl` to say. Undefined where there is none, or none that can be known.
 * @param api where the registry is spoken to
 */
export function homePageOf(kind: ProviderName, api: URL): URL | undefined {
  const home = HOME[kind];
  return home === undefined ? undefined : new URL(home === 'own' ? '/' : home, api);
}

/** Whether repositories of this kind of registry have pages, as far as the kind alone says. */
export function hasWebPages(kind: ProviderName): boolean {
  return HOME[kind] !== undefined || kind === 'gitlab';
}
