import type { CallOptions } from '../content/store.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { DistributionProvider } from './distribution.ts';

/** GitLab: by the spec. Its pages are those of the project that the repository belongs to. */
export class GitlabProvider extends DistributionProvider {
  override readonly name = 'gitlab';
  override readonly remarks: readonly string[] = [
    'A repository is below the path of its project; a push makes it, but not the project.',
    'The catalog is for administrators: name repositories that you know.',
    'Referrers are kept under tags, as the registry has no API for them.',
  ];

  /** Only gitlab.com has its registry under a name that tells where the pages are; a group and a project are the least. */
  override async webUrl({ repository }: RegistryReference, _options?: CallOptions): Promise<URL | undefined> {
    const [group, project, ...image] = repository.split('/');
    if (this.host !== 'registry.gitlab.com' || project === undefined || image.length > 0) return undefined;
    return new URL(`https://gitlab.com/${group}/${project}/container_registry`);
  }
}

/** Gitea and Forgejo: by the spec. https://docs.gitea.com/usage/packages/container */
export class GiteaProvider extends DistributionProvider {
  override readonly name = 'gitea';
  override readonly remarks: readonly string[] = ['A repository is OWNER/NAME; a push makes it, but not the owner.'];

  override async webUrl({ repository, tag, digest }: RegistryReference): Promise<URL> {
    const [owner = '', ...name] = repository.split('/');
    const version = tag ?? digest;
    const suffix = version === undefined ? '' : `/${version}`;
    return new URL(`/${owner}/-/packages/container/${encodeURIComponent(name.join('/'))}${suffix}`, this.site);
  }
}

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
