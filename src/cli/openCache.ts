import { resolve } from 'node:path';
import { cacheLimitsOf } from '../floe/registrySettings.ts';
import { classifyTag } from '../floe/tagPolicy.ts';
import { Cache, defaultCacheFolder, type Logger, type Telemetry } from '../oci/index.ts';
import { type CliError, wrongUsage } from './cliError.ts';
import type { CliIo } from './io.ts';
import { keepHeapSmall } from './keepHeapSmall.ts';
import type { GlobalOptions } from './options.ts';
import type { RegistryManifest } from './registryManifest.ts';

interface CacheInput {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  warn(text: string): void;
}

/**
 * The cache that a command reads through. Undefined where the manifest.yaml wants none, unless the command itself asks for
 * it, and where there is no place for one.
 * @throws CliError WRONG_USAGE when there is no place, and the cache is all there is
 */
export async function cacheInFront(
  input: CacheInput,
  manifest: RegistryManifest | undefined,
): Promise<Cache | undefined> {
  const { cacheDir, offline } = input.options;
  const isAsked = cacheDir !== undefined || offline === true;
  if (manifest?.config.cache.enabled === false && !isAsked) return undefined;
  const path = await folderOf(input, manifest);
  if (path === undefined && offline) throw noPlace();
  return path === undefined ? undefined : cacheAt(path, input, manifest);
}

/**
 * The cache of `--cache-dir`, else of FLOE_OCI_CACHE_DIR, the manifest.yaml, or the system, by the rules of the manifest.yaml.
 * @throws CliError WRONG_USAGE when there is no place for one
 */
export async function openCache(input: CacheInput, manifest: RegistryManifest | undefined): Promise<Cache> {
  const path = await folderOf(input, manifest);
  if (path === undefined) throw noPlace();
  return cacheAt(path, input, manifest);
}

function cacheAt(path: string, input: CacheInput, manifest: RegistryManifest | undefined): Cache {
  const limits = manifest && cacheLimitsOf(manifest.config);
  keepHeapSmall();
  const isImmutable = (tag: string): boolean => classifyTag(tag) === 'semver';
  return new Cache({ path, ...limits, isImmutable, logger: loggerFor(input), telemetry: input.telemetry });
}

function noPlace(): CliError {
  return wrongUsage(
    'There is no home folder to keep a cache in.',
    'Give --cache-dir, or set FLOE_OCI_CACHE_DIR to a folder of yours.',
  );
}

async function folderOf(
  { io, options }: CacheInput,
  manifest: RegistryManifest | undefined,
): Promise<string | undefined> {
  const { env, cwd } = io;
  const named = options.cacheDir ?? (env['FLOE_OCI_CACHE_DIR'] || undefined);
  if (named !== undefined) return resolve(cwd, named);
  const path = manifest?.config.cache.path;
  if (manifest !== undefined && path !== undefined) return resolve(manifest.folder, path);
  return defaultCacheFolder({ env, platform: process.platform });
}

/** Says in words what people have to know: that there is no cache. */
function loggerFor(input: CacheInput): Logger {
  const { options, logger } = input;
  if (options.logFormat === 'json') return logger;
  return {
    ...logger,
    warn: (event, fields) => {
      if (event !== 'cache_unusable') return logger.warn(event, fields);
      input.warn(`the cache ${fields?.['path']} cannot be used, and is done without: ${fields?.['reason']}`);
    },
  };
}
