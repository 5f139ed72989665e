import * as z from 'zod/mini';
import type { CallOptions, ReadableStore } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { OciError } from '../errors.ts';
import { isManifestDescriptor, type ManifestDescriptor, type Platform } from '../spec/descriptor.ts';
import { isImageIndex, parseManifest } from '../spec/manifest.ts';
import { MediaType } from '../spec/mediaTypes.ts';

/** Indexes that are looked into for one platform. Real ones nest once; whoever wrote this one decides otherwise. */
const MAX_INDEXES = 64;

/** The variant that is meant when none is given, as other clients have it. */
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { arm64: 'v8', arm: 'v7' };

const ACCEPTED = 'OS/ARCHITECTURE[/VARIANT], such as linux/amd64 or linux/arm/v7';

/** @throws OciError INVALID_ARGUMENT */
export function parsePlatform(text: string): Platform {
  const match = /^([a-z0-9_.-]+)\/([a-z0-9_.-]+)(?:\/([a-z0-9_.-]+))?$/.exec(text);
  const [, os, architecture, variant] = match ?? [];
  if (os === undefined || architecture === undefined) {
    const details = { argument: 'platform', value: text, accepted: ACCEPTED };
    throw new OciError('INVALID_ARGUMENT', `not a platform: ${JSON.stringify(text)}`, details);
  }
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

/** `linux/arm/v7` */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/**
 * The manifest for a platform: of an index the first that fits, looked for in nested indexes too; a single image is itself
 * looked at.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions
 * @throws OciError NOT_FOUND saying which platforms there are, LIMIT_EXCEEDED, and what the store throws
 */
export async function selectPlatform(
  store: ReadableStore,
  root: ManifestDescriptor,
  wanted: Platform,
  options: CallOptions = {},
): Promise<ManifestDescriptor> {
  const found: string[] = [];
  const pending: ManifestDescriptor[] = [root];
  for (let read = 0; pending.length > 0; read++) {
    if (read >= MAX_INDEXES) {
      const what = 'indexes below one index';
      throw new OciError('LIMIT_EXCEEDED', `more than ${MAX_INDEXES} ${what}`, { what, limit: MAX_INDEXES });
    }
    const next = pending.shift() as ManifestDescriptor;
    const manifest = parseManifest(await readVerified(store, next, options));
    if (!isImageIndex(manifest)) {
      const platform = await platformOf(store, manifest.config, options);
      if (platform && fits(platform, wanted)) return next;
      if (platform) found.push(formatPlatform(platform));
      continue;
    }
    for (const child of manifest.manifests.filter(isManifestDescriptor)) {
      if (child.platform && fits(child.platform, wanted)) return child;
      if (child.platform) found.push(formatPlatform(child.platform));
      else if (child.mediaType === MediaType.imageIndex || child.mediaType === MediaType.dockerManifestList) {
        pending.push(child);
      }
    }
  }
  const platforms = found.length === 0 ? 'which names no platform' : `which has ${[...new Set(found)].join(', ')}`;
  const what = `${formatPlatform(wanted)} in ${store.name}@${root.digest}, ${platforms}`;
  throw new OciError('NOT_FOUND', `there is no ${what}`, { kind: 'manifest', what });
}

function fits(actual: Platform, wanted: Platform): boolean {
  const variantOf = ({ architecture, variant }: Platform): string | undefined =>
    variant || DEFAULT_VARIANTS[architecture];
  return (
    actual.os === wanted.os &&
    actual.architecture === wanted.architecture &&
    (wanted.variant === undefined ? true : variantOf(actual) === wanted.variant)
  );
}

const CONFIGS: readonly string[] = [MediaType.imageConfig, 'application/vnd.docker.container.image.v1+json'];
const configSchema = z.looseObject({ os: z.string(), architecture: z.string(), variant: z.optional(z.string()) });

/** What an image says in its config; undefined for what is no image. */
async function platformOf(
  store: ReadableStore,
  config: Parameters<typeof readVerified>[1],
  options: CallOptions,
): Promise<Platform | undefined> {
  if (!CONFIGS.includes(config.mediaType)) return undefined;
  const { bytes } = await readVerified(store, config, options);
  try {
    const { os, architecture, variant } = configSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { os, architecture, ...(variant !== undefined && { variant }) };
  } catch {
    return undefined;
  }
}
