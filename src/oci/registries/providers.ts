import { AcrProvider } from './acr.ts';
import { ArtifactoryProvider, NexusProvider } from './bySpec.ts';
import { DistributionProvider, type ProviderParts } from './distribution.ts';
import { DockerHubProvider } from './dockerHub.ts';
import { type EcrApi, type EcrPlace, EcrProvider } from './ecr.ts';
import { fallingBack } from './fallingBack.ts';
import { GarProvider } from './gar.ts';
import { GhcrProvider } from './ghcr.ts';
import { GiteaProvider } from './gitea.ts';
import { GitlabProvider } from './gitlab.ts';
import { HarborProvider } from './harbor.ts';
import type { RegistryProvider } from './provider.ts';
import type { ProviderName } from './providerName.ts';
import { QuayProvider } from './quay.ts';
import { ZotProvider } from './zot.ts';

/** Amazon's part, which is not spoken over the registry's transport. */
export interface EcrParts {
  readonly api: EcrApi;
  readonly place: EcrPlace | undefined;
}

const BY_API = {
  harbor: HarborProvider,
  acr: AcrProvider,
  gar: GarProvider,
  ghcr: GhcrProvider,
  'docker-hub': DockerHubProvider,
  quay: QuayProvider,
  gitlab: GitlabProvider,
  gitea: GiteaProvider,
  zot: ZotProvider,
  nexus: NexusProvider,
  artifactory: ArtifactoryProvider,
} as const;

/** The provider of this name. @param ecr needed for Amazon's; without it, they are as any other registry */
export function createProvider(name: ProviderName, parts: ProviderParts, ecr?: EcrParts): RegistryProvider {
  const plain = new DistributionProvider(parts);
  if (name === 'distribution') return plain;
  if (name === 'ecr' || name === 'ecr-public') {
    return ecr === undefined ? plain : fallingBack(new EcrProvider(parts, ecr.api, ecr.place), plain, parts);
  }
  return fallingBack(new BY_API[name](parts), plain, parts);
}
