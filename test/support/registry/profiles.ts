import type { DeletionAbilities, StoreAbilities } from '../storeAbilities.ts';
import * as habits from './habits.ts';
import type { Quirks, RegistryAuth, RegistryOptions } from './options.ts';

/** A real registry, as far as the in-process one can be made to behave like it. */
export interface Profile {
  readonly options: RegistryOptions & { readonly auth: RegistryAuth };
  /** What a store in it can do by the spec alone. */
  readonly abilities: StoreAbilities;
  readonly deletion: DeletionAbilities;
  /** Repositories have to be made before they are pushed to. */
  readonly wantsRepositories?: boolean;
  /** What it reproduces, a fact and where it is written each. */
  readonly facts: readonly (readonly [fact: string, source: string])[];
}

export type ProfileName =
  | 'distribution'
  | 'zot'
  | 'Harbor'
  | 'ECR'
  | 'ECR Public'
  | 'ACR'
  | 'GAR'
  | 'GHCR'
  | 'Docker Hub'
  | 'Quay'
  | 'Nexus'
  | 'Artifactory'
  | 'GitLab'
  | 'Gitea';

/** Who may do everything, where a registry does not have a user name of its own for that. */
export const USER = { username: 'ann', password: 'secret' } as const;
/** No registry is known to mind conditions of a PUT, and few know sha512. */
const quirks: Quirks = { conditionalPuts: false, sha512: false };
const abilities: StoreAbilities = { sha512: false, enforcesClosure: true, mindsExpectedTags: false };
const FOUR_MIB = 4 * 1024 * 1024;

const HARBOR_TOKENS = '/service/token';
const GAR_TOKENS = '/v2/token';
const QUAY_TOKENS = '/v2/auth';
const GITEA_TOKENS = '/v2/token';

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  distribution: {
    options: {
      auth: { ...USER, scheme: 'basic' },
      quirks: {
        ...quirks,
        sha512: true,
        referrersApi: false,
        locations: 'absolute',
        maxPageSize: 1000,
        largePages: 'refuse',
        maxManifestSize: FOUR_MIB,
      },
      adapters: [habits.largeIsInvalid],
    },
    abilities: { ...abilities, sha512: true },
    deletion: { untags: true, deletes: true },
    facts: [
      ['it has no referrers API', 'https://github.com/distribution/distribution/tree/v3.1.1/registry/handlers'],
      [
        'upload locations are absolute, with a state that changes with each answer and has to come back',
        'https://github.com/distribution/distribution/blob/v3.1.1/registry/handlers/blobupload.go',
      ],
      [
        'n above catalog.maxentries is refused',
        'https://github.com/google/go-containerregistry/pull/2062, https://distribution.github.io/distribution/about/configuration/#catalog',
      ],
      [
        'a manifest above 4 MiB is 400 MANIFEST_INVALID; If-Match of a PUT is ignored',
        'https://github.com/distribution/distribution/blob/v3.1.1/registry/handlers/manifests.go',
      ],
    ],
  },
  zot: {
    options: {
      auth: { ...USER, scheme: 'bearer' },
      quirks: { ...quirks, sha512: true, maxManifestSize: FOUR_MIB },
      adapters: [habits.knowsLast, habits.challenges((header) => header.replace(/^Bearer/, 'bearer'))],
    },
    abilities: { ...abilities, sha512: true },
    deletion: { untags: true, deletes: true },
    facts: [
      ['schemes of challenges are in lower case', 'https://github.com/project-zot/zot/blob/v2.1.20/pkg/api/authn.go'],
      [
        'tags after one that is not there are 404 without a body; manifests above 4 MiB are 413',
        'https://github.com/project-zot/zot/blob/v2.1.20/pkg/api/routes.go',
      ],
    ],
  },
  Harbor: {
    options: {
      auth: { ...USER, scheme: 'bearer', tokenPath: HARBOR_TOKENS },
      quirks,
      adapters: [
        habits.setsCookies,
        habits.withoutCatalog(401, 'Basic realm="harbor"'),
        habits.tokensByGet(HARBOR_TOKENS, 405),
        habits.tokens(HARBOR_TOKENS, ({ token, expires_in, issued_at }) => {
          return { token, access_token: '', expires_in, issued_at };
        }),
        habits.challenges((header, { headers }) => {
          return headers['authorization'] === undefined ? header : 'Basic realm="harbor"';
        }),
        habits.keepsTags(400, 'UNSUPPORTED'),
      ],
    },
    abilities,
    deletion: { untags: false, deletes: true },
    facts: [
      [
        'a 401 to a request with any Authorization challenges with Basic, though tokens are wanted; the catalog is for administrators, by Basic',
        'https://github.com/goharbor/harbor/tree/main/src/server/middleware/v2auth',
      ],
      [
        'tokens are had by GET alone, with an empty access_token',
        'https://github.com/goharbor/harbor/blob/main/src/core/service/token/authutils.go',
      ],
      [
        'whoever sends its cookies back is held to CSRF tokens',
        'https://github.com/goharbor/harbor/tree/main/src/server/middleware/csrf',
      ],
      [
        'a tag is not deleted: 400 UNSUPPORTED; by its digest a manifest goes with all tags',
        'https://github.com/goharbor/harbor/blob/main/src/server/registry/manifest.go',
      ],
    ],
  },
  ECR: {
    options: {
      auth: { username: 'AWS', password: 'secret', scheme: 'basic' },
      quirks: { ...quirks, deletion: false, chunks: 'dropped', maxPageSize: 1000, largePages: 'refuse', pageSize: 100 },
      adapters: [
        habits.refusesInPlainText,
        habits.challenges(() => {
          return 'Basic realm="https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"';
        }),
        habits.wantsRepositoryMade,
      ],
    },
    abilities,
    deletion: { untags: false, deletes: false },
    wantsRepositories: true,
    facts: [
      [
        'all chunks after the first are dropped, and answered with 201',
        'https://github.com/aws/containers-roadmap/issues/2831',
      ],
      [
        'a repository has to be made before it is pushed to',
        'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push.html',
      ],
      ['pages have a hundred entries, a thousand at most', 'https://github.com/google/go-containerregistry/issues/681'],
      ['nothing is deleted by the spec', 'https://github.com/fluxcd/pkg/issues/328'],
      [
        'the challenge is Basic, with a service, and 401 has a plain sentence',
        'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html',
      ],
    ],
  },
  'ECR Public': {
    options: {
      auth: { username: 'AWS', password: 'secret', scheme: 'bearer', tokenPath: '/token/', unscoped: true },
      quirks: { ...quirks, deletion: false, chunks: 'dropped', maxPageSize: 1000, largePages: 'refuse', pageSize: 100 },
      adapters: [
        habits.tokensByGet('/token/', 405),
        habits.tokens('/token/', ({ token }) => ({ token })),
        habits.challenges((header) => `${header},scope="aws"`),
        habits.withoutCatalog(404),
        habits.wantsRepositoryMade,
      ],
    },
    abilities,
    deletion: { untags: false, deletes: false },
    wantsRepositories: true,
    facts: [
      ['the scope of its challenge is aws, whatever is asked', 'https://github.com/oras-project/oras/issues/456'],
      [
        'a repository has to be made before it is pushed to',
        'https://docs.aws.amazon.com/AmazonECR/latest/public/docker-push-ecr-image.html',
      ],
    ],
  },
  ACR: {
    options: {
      auth: { ...USER, scheme: 'bearer', tokenPath: '/oauth2/token' },
      quirks: { ...quirks, tagDeletion: false, pageSize: 100, maxPageSize: 100 },
      adapters: [habits.tokens('/oauth2/token', ({ access_token }) => ({ access_token })), habits.linksWithEmptyOrder],
    },
    abilities,
    deletion: { untags: false, deletes: true },
    facts: [
      ['tokens come as access_token alone, without an end', 'https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md'],
      [
        "a password is taken by POST, as Azure's own command line sends it",
        'https://github.com/Azure/azure-cli/blob/dev/src/azure-cli/azure/cli/command_modules/acr/_docker_utils.py',
      ],
      ['links end with &orderby=', 'https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md'],
      ['tags are not deleted by the spec, manifests are', 'https://github.com/fluxcd/pkg/issues/328'],
    ],
  },
  GAR: {
    options: {
      auth: { username: 'oauth2accesstoken', password: 'secret', scheme: 'bearer', tokenPath: GAR_TOKENS },
      quirks,
      adapters: [
        habits.withoutCatalog(404),
        habits.challenges((header, { headers }) => (headers['authorization'] === undefined ? header : undefined)),
        habits.tokensByGet(GAR_TOKENS, 404),
        habits.keepsTaggedManifests,
        habits.wantsConfig,
        habits.listsTags((tags) => ({ tags, child: [], manifest: {} })),
      ],
    },
    abilities,
    deletion: { untags: true, deletes: true },
    facts: [
      [
        'a refused token is answered with 401 and no challenge',
        'https://github.com/containers/image/blob/main/docker/docker_client.go',
      ],
      [
        'tokens are had by GET alone',
        'https://github.com/google/go-containerregistry/tree/main/pkg/v1/remote/transport',
      ],
      ['a manifest stays for as long as a tag names it', 'https://github.com/fluxcd/pkg/issues/328'],
      ['a config without bytes is refused', 'https://github.com/oras-project/oras/issues/184'],
      [
        'the list of tags has child and manifest besides',
        'https://github.com/google/go-containerregistry/blob/main/pkg/v1/google/list.go',
      ],
    ],
  },
  GHCR: {
    options: {
      auth: { ...USER, scheme: 'bearer' },
      quirks: { ...quirks, referrersApi: false, deletion: false, maxPageSize: 1000 },
      adapters: [
        habits.withoutCatalog(404),
        habits.tokensByGet('/token', 405),
        habits.tokens('/token', ({ token }) => ({ token })),
      ],
    },
    abilities,
    deletion: { untags: false, deletes: false },
    facts: [
      ['it has no referrers API', 'https://github.com/actions/attest-build-provenance/issues/71'],
      ['nothing is deleted by the spec: 405', 'https://github.com/fluxcd/pkg/issues/328'],
      ['tokens are had by GET, as token alone', 'https://github.com/helm/helm/issues/12491'],
    ],
  },
  'Docker Hub': {
    options: {
      auth: { ...USER, scheme: 'bearer' },
      quirks: { ...quirks, referrersApi: false, deletion: false },
      adapters: [
        habits.withoutCatalog(401),
        habits.wantsConfig,
        habits.says({
          'ratelimit-limit': '100;w=21600',
          'ratelimit-remaining': '76;w=21600',
          'docker-ratelimit-source': '192.0.2.1',
        }),
      ],
    },
    abilities,
    deletion: { untags: false, deletes: false },
    facts: [
      ['the registry says what is left of its limit', 'https://docs.docker.com/docker-hub/usage/pulls/'],
      ['there is no catalog, and no deletion', 'https://github.com/regclient/regclient/tree/main/scheme/reg'],
      ['referrers are not listed', 'https://github.com/docker/roadmap/issues/724'],
      ['a config without bytes is refused', 'https://github.com/oras-project/oras/issues/129'],
    ],
  },
  Quay: {
    options: {
      auth: { ...USER, scheme: 'bearer', tokenPath: QUAY_TOKENS, deleteAction: 'pull,push' },
      quirks: { ...quirks, maxPageSize: 100, pageSize: 100, locations: 'absolute' },
      adapters: [
        habits.pagesByToken,
        habits.knowsActions(QUAY_TOKENS, /^repository:.+:(?:(?:push|pull|\*),?)+$/),
        habits.tokensByGet(QUAY_TOKENS, 405),
        habits.tokens(QUAY_TOKENS, ({ token }) => ({ token })),
        habits.hidesSubject,
        habits.knowsSubjects,
      ],
    },
    abilities,
    deletion: { untags: true, deletes: true },
    facts: [
      [
        'the token server knows push, pull and * alone, each scope in its own parameter; tokens come as token alone',
        'https://github.com/quay/quay/blob/master/endpoints/v2/v2auth.py',
      ],
      [
        'referrers are listed, but a push does not say so; those of what is not there are an error',
        'https://github.com/quay/quay/blob/master/endpoints/v2/referrers.py',
      ],
      [
        'pages have a hundred entries at most, and go on with next_page',
        'https://github.com/camallo/dkregistry-rs/issues/236',
      ],
    ],
  },
  Nexus: {
    options: {
      auth: { ...USER, scheme: 'basic' },
      quirks: { ...quirks, referrersApi: false, nullTags: true, tagDeletion: false },
      adapters: [
        habits.challenges((header) => header.replace(/^Basic/, 'BASIC')),
        habits.listsTags((tags) => (tags.length === 0 ? { tags: null } : { tags: [null, ...tags] })),
        habits.says({ server: 'Nexus/3.70.0-03 (OSS)' }),
      ],
    },
    abilities,
    deletion: { untags: false, deletes: true },
    facts: [
      ['schemes of challenges are in capitals', 'https://github.com/devcontainers/cli/commit/9ac6701a'],
      ['null is among the tags', 'https://github.com/containers/skopeo/issues/2409'],
    ],
  },
  Artifactory: {
    options: {
      auth: { ...USER, scheme: 'bearer', unscoped: true },
      quirks: { ...quirks, referrersApi: false },
      adapters: [
        habits.tokensByGet('/token', 401),
        habits.listsTags((tags) => ({ tags: [`sha256:${'0'.repeat(64)}`, '_uploads', ...tags] })),
      ],
    },
    abilities,
    deletion: { untags: true, deletes: true },
    facts: [
      ['challenges name no scope', 'https://github.com/devcontainers/cli/issues/691'],
      [
        'POST for a token is 401',
        'https://github.com/containerd/containerd/blob/main/core/remotes/docker/authorizer.go',
      ],
      ['digests are among the tags', 'https://github.com/containers/skopeo/issues/2346'],
      ['_uploads is among the tags', 'https://github.com/oras-project/oras/issues/1907'],
    ],
  },
  GitLab: {
    options: {
      auth: { ...USER, scheme: 'bearer', tokenPath: '/jwt/auth' },
      quirks: { ...quirks, referrersApi: false, dashedDigests: true },
      adapters: [habits.says({ 'gitlab-container-registry-version': '4.21.0-gitlab' })],
    },
    abilities,
    deletion: { untags: true, deletes: true },
    facts: [
      [
        'a tag sha256-HEX that is not there is the manifest of that digest',
        'https://github.com/oras-project/oras/issues/1396',
      ],
      ['tokens are on another path', 'https://docs.gitlab.com/administration/packages/container_registry/'],
      [
        'it has no referrers API',
        'https://gitlab.com/gitlab-org/container-registry/-/blob/master/docs/spec/docker/v2/api.md',
      ],
    ],
  },
  Gitea: {
    options: {
      auth: { ...USER, scheme: 'bearer', tokenPath: GITEA_TOKENS, unscoped: true },
      quirks: { ...quirks, referrersApi: false, ranges: 'ignored' },
      adapters: [
        habits.tokens(GITEA_TOKENS, ({ token }) => ({ token })),
        habits.challenges((header) => header.replace(/,.*$/, '')),
      ],
    },
    abilities,
    deletion: { untags: true, deletes: true },
    facts: [
      [
        'challenges name neither service nor scope; tokens come as token alone; blobs are given whole; there is no referrers API',
        'https://github.com/go-gitea/gitea/tree/main/routers/api/packages/container',
      ],
    ],
  },
};
