/** The door to the OCI core: what the floe layer, the views and the command line may import. */

export * from './cache/cache.ts';
export type {
  CachedRepositoryOptions,
  CacheLookup,
  CacheMode,
  ManifestPolicy,
} from './cache/cachedRepositoryOptions.ts';
export type { CacheKey, CachePlace } from './cache/cacheKey.ts';
export * from './cache/defaultCacheFolder.ts';
export type { Endorsement, EndorsementKeeper } from './cache/endorsement.ts';
export type { CachePruning } from './cache/pruneCache.ts';
export type { CachedReference, CacheStatus } from './cache/reportCache.ts';
export type { CacheVerification, CorruptFile } from './cache/verifyCache.ts';
export * from './cloud.ts';
export * from './content/memoryStore.ts';
export * from './content/sourceStore.ts';
export * from './content/store.ts';
export * from './content/verify.ts';
export * from './credentials/credentialFiles.ts';
export * from './credentials/credentials.ts';
export * from './credentials/environment.ts';
export type { FileCredentialsOptions } from './credentials/fileCredentials.ts';
export * from './credentials/mountedCredentials.ts';
export * from './credentials/realmFile.ts';
export * from './credentials/saveCredential.ts';
export * from './credentials/secretReference.ts';
export * from './errors.ts';
export * from './examineRegistry.ts';
export { checkFolder } from './files/checkFolder.ts';
export { filePlace } from './files/filePlace.ts';
export { publishText } from './files/publishText.ts';
export * from './layout/layoutFolder.ts';
export * from './layout/layoutStore.ts';
export { parseApiUrl } from './registries/apiUrl.ts';
export type { Capabilities, CapabilityMemory } from './registries/capabilities.ts';
export { memoryOfProcess } from './registries/capabilities.ts';
export { detectProvider, providerByHost } from './registries/detect.ts';
export { type CapabilityStore, lastingMemory } from './registries/lastingMemory.ts';
export type { ProbeOptions } from './registries/probe.ts';
export * from './registries/provider.ts';
export * from './registries/providerName.ts';
export type { RateLimit } from './registries/rateLimit.ts';
export * from './registries/tagDeletion.ts';
export * from './registries/webPages.ts';
export { parseMirror } from './remote/mirror.ts';
export * from './remote/registry.ts';
export * from './remote/repository.ts';
export * from './spec/annotations.ts';
export * from './spec/descriptor.ts';
export * from './spec/digest.ts';
export * from './spec/manifest.ts';
export * from './spec/mediaTypes.ts';
export * from './spec/reference.ts';
export * from './spec/referrersTag.ts';
export * from './spec/repositoryName.ts';
export * from './spec/sameContent.ts';
export * from './spec/tag.ts';
export * from './spec/unseen.ts';
export * from './spec/verifiedContent.ts';
export * from './stores.ts';
export * from './storesOptions.ts';
export * from './telemetry/activity.ts';
export type * from './telemetry/activityEntry.ts';
export * from './telemetry/exportSettings.ts';
export * from './telemetry/logger.ts';
export { isOperation, type Operation } from './telemetry/names.ts';
export * from './telemetry/relay.ts';
export * from './telemetry/telemetry.ts';
export * from './telemetryExport.ts';
export * from './transfer/archive/layerEntries.ts';
export * from './transfer/archive/packFolder.ts';
export * from './transfer/attach.ts';
export * from './transfer/copy.ts';
export * from './transfer/copyReferrers.ts';
export * from './transfer/diff.ts';
export * from './transfer/ensureListed.ts';
export * from './transfer/events.ts';
export * from './transfer/layersOfFiles.ts';
export * from './transfer/mirror.ts';
export * from './transfer/packArtifact.ts';
export * from './transfer/packLayer.ts';
export * from './transfer/planRemoval.ts';
export * from './transfer/planTagRemovals.ts';
export * from './transfer/platform.ts';
export * from './transfer/rehearsal.ts';
export * from './transfer/scope.ts';
export * from './transfer/sharedWrites.ts';
export * from './transfer/tagsOfManifest.ts';
export * from './transfer/unpack.ts';
export * from './transfer/validate.ts';
export * from './transfer/writeFileFrom.ts';
export type { CredentialUse } from './transport/accounts.ts';
export {
  Availability,
  type AvailabilityChange,
  type AvailabilityListener,
  type AvailabilityOptions,
  type Circuit,
  type Pause,
} from './transport/availability.ts';
export {
  CIRCUIT_BREAKER_DEFAULTS,
  type CircuitBreakerOptions,
  type CircuitChange,
  type CircuitState,
} from './transport/breaker.ts';
export type { EngineName } from './transport/compose.ts';
export { type PeerCertificate, peerCertificate } from './transport/engines/peerCertificate.ts';
export { checkUnencrypted } from './transport/privateKey.ts';
export { exceptionsOf, type ProxyServer, proxyFor } from './transport/proxies.ts';
export * from './transport/realmPins.ts';
export { HttpRecording } from './transport/record.ts';
export * from './transport/redact.ts';
export { RETRY_DEFAULTS, type RetryOptions } from './transport/retry.ts';
export { withoutSent } from './transport/sentSecrets.ts';
export type { ConnectionOptions } from './transport/transport.ts';
export * from './version.ts';
