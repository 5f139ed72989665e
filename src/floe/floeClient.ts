import { resolve } from 'node:path';
import {
  bound,
  Cache,
  type CallOptions,
  type CredentialSource,
  chain,
  createCloudCredentials,
  createStores,
  type Digest,
  type DocumentProblem,
  type EngineName,
  type Logger,
  parseRegistryReference,
  type RegistryReference,
  type Repository,
  readVerified,
  type SecretsBackend,
  type Stores,
  secretCredentials,
  silentLogger,
  type Tag,
  type TransferListener,
  userAgent,
} from '../oci/index.ts';
import { type ArtifactSigner, type SigningResult, unsignedNotice } from './artifactSigner.ts';
import { type Inspection, inspectArtifact } from './inspectArtifact.ts';
import { type DocumentFile, MAX_DOCUMENT_SIZE } from './jsonDocument.ts';
import { type ListTagsOptions, listTags, type TagList } from './listTags.ts';
import { floePromotions, type PromotionReader } from './promotionReader.ts';
import { checkPulledDocument, findDocument } from './pullArtifact.ts';
import { type PrepareOptions, type PushResult, pushArtifact } from './pushArtifact.ts';
import { cacheLimitsOf, cloudOf, connectionOf } from './registrySettings.ts';
import type { RegistryConfig } from './schema/registryConfig.ts';
import { type CheckSignature, signatureGate, verdictOn } from './signatureGate.ts';
import type { SignatureReport, SignatureVerifier } from './signatureVerifier.ts';
import { defaultTagPolicy, type TagPolicy } from './tagPolicy.ts';
import { type VerificationPolicy, verificationPolicyOf } from './verificationPolicy.ts';

export interface FloeClientOptions {
  /** `artifacts.registry` of a manifest.yaml, with its defaults. */
  readonly config: RegistryConfig;
  readonly engine: EngineName;
  /** Where `env` secrets and the clouds' own variables are; default: empty, so that nothing is found there. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Asked before what the file refers to; default: nobody. */
  readonly credentials?: CredentialSource;
  /** Who looks up secrets of sources that are not read here. */
  readonly backends?: Readonly<Record<string, SecretsBackend>>;
  /** Where the file is: a relative `cache.path` starts there. Default: paths count as they are. */
  readonly folder?: string;
  /** Where to keep what is pulled when the file names no `cache.path`; default: nothing is kept then. */
  readonly cacheFolder?: string;
  /** Which of `verification.environments` this is; default: none. */
  readonly environmentName?: string;
  readonly verifier?: SignatureVerifier;
  /** Default: nobody signs, which is said where the file asks for it. */
  readonly signer?: ArtifactSigner;
  readonly promotions?: PromotionReader;
  readonly tagPolicy?: TagPolicy;
  /** Told what is worth a look and fails nothing. */
  readonly warn?: (text: string) => void;
  readonly logger?: Logger;
}

export interface ClientPush extends PushResult {
  /** Undefined where nobody signed. */
  readonly signing?: SigningResult;
}

export interface ClientPull {
  /** The place with tag or digest, for people. */
  readonly reference: string;
  /** Of the manifest. */
  readonly digest: Digest;
  /** The exact bytes of the document. */
  readonly bytes: Uint8Array;
  readonly warnings: readonly DocumentProblem[];
}

export interface ClientInspection extends Inspection {
  /** Only of an inspection that looked for them. */
  readonly signature?: SignatureReport;
  readonly promotedTo?: readonly string[];
}

/** floe's client for the one registry that a manifest.yaml names. Close it when it is no longer needed. */
export class FloeClient implements AsyncDisposable {
  readonly place: RegistryReference;
  readonly #options: FloeClientOptions;
  readonly #stores: Stores;
  readonly #tagPolicy: TagPolicy;
  readonly #policy: VerificationPolicy | undefined;

  constructor(options: FloeClientOptions) {
    const { config, engine, logger = silentLogger, tagPolicy = defaultTagPolicy } = options;
    this.place = parseRegistryReference(config.uri);
    this.#options = options;
    this.#tagPolicy = tagPolicy;
    this.#policy = verificationPolicyOf(config, options.environmentName);
    const { registry } = this.place;
    const cache = cacheFor(options, tagPolicy, logger);
    this.#stores = createStores({
      engine,
      connection: (asked) => (asked === registry ? connectionOf(config) : {}),
      credentials: credentialsOf(options, registry, logger),
      ...(cache && { cache }),
      logger,
      userAgent,
    });
  }

  /**
   * Pushes a compiled-artifacts document under a tag; nothing invalid and no secret leaves the machine unless asked for.
   * @throws OciError what `pushArtifact` throws, and the signer
   */
  async push(
    document: DocumentFile,
    tag: Tag,
    options: PrepareOptions & CallOptions & { readonly onEvent?: TransferListener } = {},
  ): Promise<ClientPush> {
    const { config, signer, warn } = this.#options;
    const target = await this.#repository(options);
    const pushed = await pushArtifact(target, tag, document, { ...options, tagPolicy: this.#tagPolicy });
    const { reference, descriptor } = pushed;
    if (!config.signing) return pushed;
    if (signer === undefined) {
      warn?.(unsignedNotice(reference, descriptor));
      return pushed;
    }
    const request = { reference, descriptor, target, signing: config.signing };
    return { ...pushed, signing: await signer.sign(request, callOf(options)) };
  }

  /**
   * Pulls a document, through the cache. What breaks the policy on signatures is not looked at.
   * @throws OciError NOT_FOUND, WRONG_ARTIFACT_TYPE, UNVERIFIED_SIGNATURE, LIMIT_EXCEEDED and what the registry answers
   */
  async pull(reference: Tag | Digest, options: CallOptions = {}): Promise<ClientPull> {
    const source = await this.#source(options);
    const found = await findDocument(source, reference, { ...options, check: this.#check });
    const { bytes } = await readVerified(source, found.document, { ...options, maxSize: MAX_DOCUMENT_SIZE });
    const { reference: name, descriptor } = found;
    return { reference: name, digest: descriptor.digest, bytes, warnings: checkPulledDocument(name, bytes) };
  }

  /**
   * Says what a manifest says; `signatures` also looks for signatures and promotions, which takes more requests.
   * @throws OciError NOT_FOUND and what the registry answers
   */
  async inspect(
    reference: Tag | Digest,
    { signatures = false, ...options }: CallOptions & { readonly signatures?: boolean } = {},
  ): Promise<ClientInspection> {
    const inspection = await inspectArtifact(await this.#source(options), reference, options);
    if (!signatures) return inspection;
    const store = await this.#repository(options);
    const descriptor = await store.resolve(inspection.digest, options);
    const { verifier, promotions = floePromotions } = this.#options;
    const policy = this.#policy;
    const found = { reference: inspection.reference, descriptor, from: store, store };
    const signature = await verdictOn({ ...found, ...(policy && { policy }), ...(verifier && { verifier }) }, options);
    const { status, environments } = await promotions.read(store, inspection, options);
    return {
      ...inspection,
      signatureStatus: signature.status,
      signature,
      promotionStatus: status,
      promotedTo: environments,
    };
  }

  /** The tags, with what their manifests say. @throws OciError what `listTags` throws */
  async list(options: Omit<ListTagsOptions, 'tagPolicy'> = {}): Promise<TagList> {
    return await listTags(await this.#source(options), { ...options, tagPolicy: this.#tagPolicy });
  }

  /** Gives connections back. Nothing may be in flight. */
  async close(): Promise<void> {
    await this.#stores.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #check: CheckSignature = (...asked) => {
    const { verifier, warn = () => {} } = this.#options;
    const gate = { policy: this.#policy, place: () => this.#repository(), warn, ...(verifier && { verifier }) };
    return signatureGate(gate)(...asked);
  };

  #repository(options: CallOptions = {}): Promise<Repository> {
    return this.#stores.repository(this.place, callOf(options));
  }

  #source(options: CallOptions): ReturnType<Stores['open']> {
    return this.#stores.open(this.place, { ...callOf(options), cached: { mode: 'cached' } });
  }
}

/** Nothing else of what a caller wants is for the store to know. */
function callOf({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}

function cacheFor(
  { config, folder, cacheFolder }: FloeClientOptions,
  tagPolicy: TagPolicy,
  logger: Logger,
): Cache | undefined {
  const { enabled, path: named } = config.cache;
  const path = named === undefined || folder === undefined ? (named ?? cacheFolder) : resolve(folder, named);
  if (!enabled || path === undefined) return undefined;
  const isImmutable = (tag: string): boolean => tagPolicy.classify(tag) === 'semver';
  return new Cache({ path, ...cacheLimitsOf(config), isImmutable, logger });
}

function credentialsOf(options: FloeClientOptions, registry: string, logger: Logger): CredentialSource {
  const { config, engine, environment = {}, credentials, backends = {} } = options;
  const { type, credentials_ref: reference } = config.auth;
  if (type === 'anonymous') return chain();
  const own: CredentialSource[] = [];
  if (reference && (type === 'basic' || type === 'token')) {
    own.push(secretCredentials(reference, { type, environment, backends }));
  }
  const cloud = cloudOf(config);
  if (cloud !== undefined) {
    own.push(createCloudCredentials({ engine, environment, logger, userAgent, chosen: { cloud, by: type } }));
  }
  return chain(...(credentials ? [credentials] : []), ...own.map((source) => bound(source, registry)));
}
