import { join } from 'node:path';
import type { ProviderName } from '../../../src/oci/registries/providerName.ts';
import { startProxy } from '../proxyServer.ts';
import { tlsFixture } from '../transportServer.ts';
import { acrApi, garTags, harborApi } from './apis.ts';
import { says } from './habits.ts';
import { githubApi, gitlabApi, googleApi, hubApi } from './hostedApis.ts';
import { startRegistry, type TestRegistry } from './index.ts';
import type { Adapter } from './options.ts';
import { PROFILES, type ProfileName } from './profiles.ts';
import { giteaApi, quayApi, zotSearch } from './selfHostedApis.ts';

/** A registry of somebody's, under its own name, with the API that it has besides. */
export interface Vendor {
  readonly kind: ProviderName;
  readonly profile: ProfileName;
  /** As in references. */
  readonly host: string;
  /** Where it is spoken to; default: {@link host}. */
  readonly address?: string;
  /** Where its tokens are, when not at its own address. */
  readonly realm?: string;
  /** Its own API, made anew for each server. */
  readonly api?: () => readonly Adapter[];
}

const auth = (name: ProfileName) => PROFILES[name].options.auth;

export const VENDORS: Readonly<Record<string, Vendor>> = {
  Harbor: {
    kind: 'harbor',
    profile: 'Harbor',
    host: 'harbor.example.com',
    api: () => [harborApi(auth('Harbor'), new Map())],
  },
  'Amazon ECR': { kind: 'ecr', profile: 'ECR', host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com' },
  'Amazon ECR Public': { kind: 'ecr-public', profile: 'ECR Public', host: 'public.ecr.aws' },
  ACR: { kind: 'acr', profile: 'ACR', host: 'floeoci.azurecr.io', api: () => [acrApi()] },
  GAR: {
    kind: 'gar',
    profile: 'GAR',
    host: 'europe-west1-docker.pkg.dev',
    api: () => [googleApi(auth('GAR'), new Map()), garTags],
  },
  GHCR: { kind: 'ghcr', profile: 'GHCR', host: 'ghcr.io', api: () => [githubApi(auth('GHCR'), 'acme')] },
  'Docker Hub': {
    kind: 'docker-hub',
    profile: 'Docker Hub',
    host: 'docker.io',
    address: 'registry-1.docker.io',
    realm: 'https://auth.docker.io/token',
    api: () => [hubApi(auth('Docker Hub'))],
  },
  Quay: { kind: 'quay', profile: 'Quay', host: 'quay.io', api: () => [quayApi] },
  'gitlab.com': {
    kind: 'gitlab',
    profile: 'GitLab',
    host: 'registry.gitlab.com',
    realm: 'https://gitlab.com/jwt/auth',
    api: () => [gitlabApi(auth('GitLab'), 'gitlab.com', 'acme')],
  },
  'a GitLab of our own': {
    kind: 'gitlab',
    profile: 'GitLab',
    host: 'registry.example.com',
    realm: 'https://gitlab.example.com/jwt/auth',
    api: () => [gitlabApi(auth('GitLab'), 'gitlab.example.com', 'acme')],
  },
  Gitea: { kind: 'gitea', profile: 'Gitea', host: 'codeberg.org', api: () => [giteaApi(auth('Gitea'))] },
  zot: { kind: 'zot', profile: 'zot', host: 'zot.example.com', api: () => [zotSearch] },
  Nexus: { kind: 'nexus', profile: 'Nexus', host: 'nexus.example.com' },
  Artifactory: {
    kind: 'artifactory',
    profile: 'Artifactory',
    host: 'acme.jfrog.io',
    api: () => [says({ 'x-jfrog-version': 'Artifactory/7.98.9 79809900' })],
  },
  distribution: { kind: 'distribution', profile: 'distribution', host: 'registry2.example.com' },
};

/** What has the certificate of all of them. */
export const VENDORS_CA = join(import.meta.dirname, '../../fixtures/tls/vendors.crt');

export interface RunningVendor extends AsyncDisposable {
  readonly server: TestRegistry;
  /** By which every host of the vendor is reached, and no other: for HTTPS_PROXY. */
  readonly proxy: string;
}

/** A vendor in this process: behind a proxy, so that clients know it by its names. @param outermost what stands before it all */
export async function startVendor(vendor: Vendor, outermost: readonly Adapter[] = []): Promise<RunningVendor> {
  const { options } = PROFILES[vendor.profile];
  const publicUrl = `https://${vendor.address ?? vendor.host}`;
  const server = await startRegistry({
    ...options,
    publicUrl,
    auth: { ...options.auth, ...(vendor.realm !== undefined && { realm: vendor.realm }) },
    adapters: [...outermost, ...(vendor.api?.() ?? []), ...(options.adapters ?? [])],
    tls: { cert: tlsFixture('vendors.crt'), key: tlsFixture('vendors.key') },
  });
  const proxy = await startProxy({ target: new URL(server.url) });
  return {
    server,
    proxy: proxy.origin,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await server.close();
    },
  };
}
