/**
 * The narrow door to the core, for a process that hopes to find what it wants in the cache: what is behind it takes a few
 * milliseconds to load. What needs more goes through `index.ts`.
 */

export { defaultCacheFolder } from './cache/defaultCacheFolder.ts';
export * from './cache/quickHit.ts';
export { environmentCredentials, environmentRealm } from './credentials/environment.ts';
export { isDigest } from './spec/digest.ts';
export { formatReference, parseRegistryReference } from './spec/reference.ts';
export { parseTag } from './spec/tag.ts';
export { visible, visibleJson } from './spec/unseen.ts';
export { writeFileFrom } from './transfer/writeFileFrom.ts';
export { userAgent } from './version.ts';
