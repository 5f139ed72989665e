import {
  type Annotations,
  type CallOptions,
  type Digest,
  isOciError,
  type ReadableStore,
  type Tag,
  type TagLister,
} from '../oci/index.ts';
import { FloeAnnotation } from './annotations.ts';
import type { PromotionStatus } from './inspectArtifact.ts';

/** Where an artifact has been promoted to. */
export interface Promotion {
  /** `not_promoted` takes a search that found nothing. */
  readonly status: PromotionStatus;
  /** The environments it is promoted to, as tags and the record say. */
  readonly environments: readonly string[];
}

/** Knows where an artifact has been promoted to. */
export interface PromotionReader {
  read(store: ReadableStore & TagLister, artifact: PromotedArtifact, options?: CallOptions): Promise<Promotion>;
}

/** The artifact whose promotion is asked for. */
export interface PromotedArtifact {
  readonly digest: Digest;
  /** Of the manifest. */
  readonly annotations: Annotations;
}

/** floe names an environment `dev`, `staging`, `eu_prod`, with at most 50 characters. */
const ENVIRONMENT = '([a-z][a-z0-9_-]{0,49})';
const PROMOTED_TAG = new RegExp(`^(?:v?\\d+\\.\\d+\\.\\d+-|latest-)${ENVIRONMENT}$`);
/** A pre-release has the same form as a promoted version; what a rollback left behind is none. */
const NO_ENVIRONMENT = /^(?:alpha|beta|rc|pre|preview|snapshot)\d*$|-rollback-\d+$/;

/**
 * Reads promotions as floe writes them: a promotion is another tag on the same manifest, `v1.2.3-prod` or `latest-prod`,
 * and a record in its annotations. One request for each tag that could be one.
 */
export const floePromotions: PromotionReader = {
  async read(store, { digest, annotations }, options = {}) {
    const environments = new Set<string>();
    const record = annotations[FloeAnnotation.promotion];
    const recorded = record === undefined ? undefined : targetIn(record);
    if (recorded !== undefined) environments.add(recorded);
    for await (const tag of store.tags(options)) {
      const environment = PROMOTED_TAG.exec(tag)?.[1];
      if (environment === undefined || NO_ENVIRONMENT.test(environment)) continue;
      if (environments.has(environment)) continue;
      if ((await digestUnder(store, tag, options)) === digest) environments.add(environment);
    }
    const isPromoted = record !== undefined || environments.size > 0;
    return { status: isPromoted ? 'promoted' : 'not_promoted', environments: [...environments].sort() };
  },
};

function targetIn(record: string): string | undefined {
  try {
    const target: unknown = (JSON.parse(record) as { readonly target_environment?: unknown } | null)
      ?.target_environment;
    return typeof target === 'string' && new RegExp(`^${ENVIRONMENT}$`).test(target) ? target : undefined;
  } catch {
    return undefined;
  }
}

/** A tag that goes away meanwhile promotes nothing. */
async function digestUnder(store: ReadableStore, tag: Tag, options: CallOptions): Promise<Digest | undefined> {
  try {
    return (await store.resolve(tag, options)).digest;
  } catch (error) {
    if (!isOciError(error, 'NOT_FOUND')) throw error;
    return undefined;
  }
}
