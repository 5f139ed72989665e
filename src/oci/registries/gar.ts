import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { OciError } from '../errors.ts';
import type { RegistryReference } from '../spec/reference.ts';
import { isRepositoryName, type RepositoryName } from '../spec/repositoryName.ts';
import { ApiClient } from './apiClient.ts';
import { DistributionProvider, isWithin, type ProviderParts } from './distribution.ts';
import { present, tagEntry } from './entries.ts';
import { GOOGLE_API, GoogleApi, type GooglePlace } from './googleApi.ts';
import type { Creation, RepositoriesOptions, RepositoryEntry, RepositoryRules, TagEntry } from './provider.ts';

/** Bytes and times are numbers in strings. */
const numeric = z.union([z.string(), z.number()]);
/** https://github.com/google/go-containerregistry/blob/main/pkg/v1/google/list.go */
const extendedTags = z.object({
  child: z.optional(z.nullable(z.array(z.string()))),
  manifest: z.optional(
    z.nullable(
      z.record(
        z.string(),
        z.object({
          imageSizeBytes: z.optional(numeric),
          timeCreatedMs: z.optional(numeric),
          timeUploadedMs: z.optional(numeric),
          tag: z.optional(z.nullable(z.array(z.string()))),
        }),
      ),
    ),
  ),
  tags: z.optional(z.nullable(z.array(z.string()))),
});
/** Projects are nested once, in repositories, and images in those as deep as people like. */
const MAX_DEPTH = 8;

/**
 * Google Artifact Registry. A name is `PROJECT/REPOSITORY/IMAGE…`, and the place is in the host.
 *
 * Tags, with digests, sizes and dates, come in one answer of the registry itself. What a project has comes from Google's API
 * (https://cloud.google.com/artifact-registry/docs/reference/rest), or, where that does not let us in, from the registry's
 * own answers, level by level.
 */
export class GarProvider extends DistributionProvider {
  override readonly name = 'gar';
  override readonly describesTags = true;
  override readonly remarks: readonly string[] = [
    'Repositories are listed by project: name it as HOST/PROJECT.',
    'A repository has to be created before the first push; images in it are made by pushes.',
    'A manifest is removed after its tags.',
  ];
  readonly #registry: ApiClient;
  readonly #google: GoogleApi;

  constructor(parts: ProviderParts) {
    super(parts);
    const { registry, transport } = parts;
    this.#registry = new ApiClient({ registry: registry.host, base: registry.url, transport });
    this.#google = new GoogleApi(this.apiAt(GOOGLE_API));
  }

  override async *repositories(options: RepositoriesOptions = {}): AsyncIterable<readonly RepositoryEntry[]> {
    const { within, ...call } = options;
    if (within === undefined) throw this.#wantsProject();
    const location = locationOf(this.host);
    if (location === undefined) return yield* this.#children(within, call);
    const [project = '', own, ...image] = within.split('/');
    let isBegun = false;
    try {
      for await (const page of this.#google.images({ project, location, own }, call)) {
        isBegun = true;
        yield image.length === 0 ? page : page.filter(({ name }) => isWithin(name, within));
      }
    } catch (error) {
      if (isBegun || !(error instanceof OciError) || error.code === 'CANCELLED') throw error;
      this.parts.logger.warn('registry_api_not_used', {
        registry: this.host,
        provider: this.name,
        operation: 'repositories',
        reason: error.message,
      });
      yield* this.#children(within, call);
    }
  }

  override async *tags(name: RepositoryName, options: CallOptions = {}): AsyncIterable<readonly TagEntry[]> {
    const { manifest, tags } = await this.#extended(name, options);
    const told = Object.entries(manifest ?? {}).flatMap(([digest, about]) => {
      const pushedAt = Number(about.timeUploadedMs ?? Number.NaN);
      return (about.tag ?? []).map((tag) =>
        tagEntry({ name: tag, digest, size: about.imageSizeBytes, ...(pushedAt > 0 && { pushedAt }) }),
      );
    });
    const known = present(told);
    const described = new Set<string>(known.map((entry) => entry.name));
    // What the registry names without describing it is a tag all the same.
    yield [
      ...known,
      ...present((tags ?? []).filter((tag) => !described.has(tag)).map((tag) => tagEntry({ name: tag }))),
    ];
  }

  override async createRepository(name: RepositoryName, options: CallOptions = {}): Promise<Creation> {
    return this.#google.create(this.#placeOf(name), options);
  }

  override async rules(name: RepositoryName, options: CallOptions = {}): Promise<RepositoryRules> {
    return this.#google.rules(this.#placeOf(name), options);
  }

  override async webUrl({ repository: name, digest }: RegistryReference): Promise<URL | undefined> {
    const location = locationOf(this.host);
    const [project, own, ...image] = name.split('/');
    if (location === undefined || project === undefined || own === undefined) return undefined;
    const path = [project, location, own, ...(image.length > 0 ? [encodeURIComponent(image.join('/'))] : [])];
    const version = digest === undefined || image.length === 0 ? '' : `/${digest}`;
    return new URL(`https://console.cloud.google.com/artifacts/docker/${path.join('/')}${version}?project=${project}`);
  }

  async #extended(name: string, options: CallOptions): Promise<z.infer<typeof extendedTags>> {
    const what = `${this.host}/${name}`;
    const subject = { repository: what, notFound: { kind: 'repository', what } } as const;
    return (await this.#registry.get(`${name}/tags/list`, extendedTags, { subject, ...options })).value;
  }

  /** What has tags or manifests, and what is below it. */
  async *#children(name: string, call: CallOptions, depth = 0): AsyncGenerator<readonly RepositoryEntry[]> {
    const { child, manifest } = await this.#extended(name, call);
    if (isRepositoryName(name) && Object.keys(manifest ?? {}).length > 0) yield [{ name }];
    if (depth >= MAX_DEPTH) return;
    for (const next of child ?? []) yield* this.#children(`${name}/${next}`, call, depth + 1);
  }

  #placeOf(name: RepositoryName): GooglePlace {
    const location = locationOf(this.host);
    const [project, own] = name.split('/');
    if (location !== undefined && project !== undefined && own !== undefined) return { project, location, own };
    const what = `asking Google's API about ${this.host}/${name}`;
    throw new OciError('UNSUPPORTED', `${what}: no project, place and repository`, { what });
  }

  #wantsProject(): OciError<'UNSUPPORTED'> {
    const what = `listing all repositories of ${this.host}`;
    const instead = `Name a project, as ${this.host}/PROJECT`;
    return new OciError('UNSUPPORTED', `${what} is not supported`, { what, instead });
  }
}

/** `europe-west1` of `europe-west1-docker.pkg.dev`; undefined for gcr.io, whose places have other names. */
function locationOf(host: string): string | undefined {
  const [, location, regional] =
    /^(?:([a-z0-9-]+)-docker\.pkg\.dev|docker\.([a-z0-9-]+)\.rep\.pkg\.dev)$/.exec(host) ?? [];
  return location ?? regional;
}
