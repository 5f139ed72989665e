import type { RegistryReference } from '../spec/reference.ts';
import { DistributionProvider } from './distribution.ts';

/** Nexus: by the spec. Its pages are on another port, which no registry tells. */
export class NexusProvider extends DistributionProvider {
  override readonly name = 'nexus';
  override readonly remarks: readonly string[] = [
    'A tag is not removed without its manifest.',
    'Old versions take neither OCI media types nor manifests without one.',
  ];
}

/** Artifactory: by the spec. https://jfrog.com/help/r/jfrog-artifactory-documentation/docker-registry */
export class ArtifactoryProvider extends DistributionProvider {
  override readonly name = 'artifactory';
  override readonly remarks: readonly string[] = [
    'The first part of a name is a repository of Artifactory, which a push does not make.',
  ];

  override async webUrl({ repository, tag }: RegistryReference): Promise<URL> {
    return new URL(`/ui/repos/tree/General/${repository}${tag === undefined ? '' : `/${tag}`}`, this.site);
  }
}
