import { resolve } from 'node:path';
import { type Disposable, type Event, EventEmitter } from 'vscode';
import { Cache, type CacheOptions, type Logger, type Telemetry } from '../oci/index.ts';
import type { ManifestRegistries } from './manifestRegistries.ts';
import type { Settings } from './settings.ts';
import { tagPolicyOf } from './tagPolicyOf.ts';
import type { WorkspaceManifest } from './workspaceManifests.ts';

/** As the core counts `max_size_gb`. */
const GIB = 1024 ** 3;
/** Milliseconds in which what is added to a cache is told once: a pull adds many pieces. */
const DELAY = 500;

/** Where caches are, and by whose limits. */
export interface CachesOptions {
  readonly settings: Pick<Settings, 'cache' | 'tagPatterns'>;
  /** The extension's own storage; every window uses the same. */
  readonly folder: string;
  readonly manifests: Pick<ManifestRegistries, 'find' | 'inForce'>;
  readonly logger: Logger;
  /** Told what the caches do. Default: nobody is. */
  readonly telemetry?: Telemetry;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

/**
 * The pull-through caches of this window: the one of the settings, and one of its own for a registry whose manifest.yaml
 * says how it is to be cached. Two that are in the same folder have the same content.
 */
export class Caches implements Disposable {
  readonly #options: CachesOptions;
  readonly #changed = new EventEmitter<void>();
  readonly #failed = new EventEmitter<{ readonly path: string; readonly reason: unknown }>();
  /** By what they are made of, so that they stay the same until that changes. */
  #made = new Map<string, Cache>();
  /** Why a folder cannot be used, by its path. */
  readonly #problems = new Map<string, unknown>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CachesOptions) {
    this.#options = options;
  }

  /** Something may have come into a cache, or gone. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** A folder cannot be used; reading goes on without. */
  get onDidFail(): Event<{ readonly path: string; readonly reason: unknown }> {
    return this.#failed.event;
  }

  /** What stands in front of the registry; undefined: nothing. */
  for(registry: string): Cache | undefined {
    const manifest = this.#options.manifests.find(registry);
    return manifest?.has('cache') ? this.#ofManifest(manifest) : this.#ofSettings();
  }

  /** One for each folder; none when caching is switched off. */
  get all(): readonly Cache[] {
    const named = this.#options.manifests.inForce.map(({ place }) => this.for(place.registry));
    const caches = [this.#ofSettings(), ...named].filter((cache) => cache !== undefined);
    return [...new Map([...caches].reverse().map((cache) => [cache.path, cache])).values()].reverse();
  }

  /** Why what would be cached in this folder is not; undefined when all is well. */
  problemOf(path: string): unknown {
    return this.#problems.get(path);
  }

  /** The settings or a manifest.yaml are other than they were. */
  reset(): void {
    this.#made = new Map();
    this.#problems.clear();
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
    this.#failed.dispose();
  }

  #ofSettings(): Cache | undefined {
    const { settings, folder } = this.#options;
    const { enabled, path = folder, maxSizeGb, ttlHours } = settings.cache;
    return enabled ? this.#cache({ path, maxSizeBytes: maxSizeGb * GIB, ttlHours }) : undefined;
  }

  #ofManifest({ config, folder }: WorkspaceManifest): Cache | undefined {
    const { enabled, path, max_size_gb, ttl_hours } = config.cache;
    if (!enabled) return undefined;
    const own = path === undefined || folder === undefined ? undefined : resolve(folder, path);
    const { path: ofSettings = this.#options.folder } = this.#options.settings.cache;
    return this.#cache({ path: own ?? ofSettings, maxSizeBytes: max_size_gb * GIB, ttlHours: ttl_hours });
  }

  #cache(options: Pick<CacheOptions, 'path' | 'maxSizeBytes' | 'ttlHours'>): Cache {
    const key = JSON.stringify([options, this.#options.settings.tagPatterns]);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const { settings, logger, telemetry, now = Date.now } = this.#options;
    const policy = tagPolicyOf(settings);
    const isImmutable = (tag: string): boolean => policy.classify(tag) === 'semver';
    const cache = new Cache({
      ...options,
      isImmutable,
      logger: this.#listening(options.path, logger),
      now,
      ...(telemetry && { telemetry }),
    });
    this.#made.set(key, cache);
    return cache;
  }

  /** What the core logs about its cache is how it is known that there is something new to see. */
  #listening(path: string, logger: Logger): Logger {
    return {
      ...logger,
      debug: (event, fields) => {
        logger.debug(event, fields);
        if (event !== 'cache_put') return;
        this.#problems.delete(path);
        this.#noteChange();
      },
      warn: (event, fields = {}) => {
        logger.warn(event, fields);
        if (event === 'cache_unusable') this.#fail(path, fields['reason']);
        this.#noteChange();
      },
    };
  }

  #fail(path: string, reason: unknown): void {
    this.#problems.set(path, reason);
    this.#failed.fire({ path, reason });
  }

  #noteChange(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, DELAY);
  }
}
