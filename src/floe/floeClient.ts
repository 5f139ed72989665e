import {
  type CallOptions,
  type Digest,
  type DocumentProblem,
  type EndorsementKeeper,
  type ManifestDescriptor,
  type ReadableStore,
  type Repository,
  type Tag,
  type TagLister,
  type TransferListener,
  type UnpackOptions,
  type UnpackResult,
  unpack,
} from '../oci/index.ts';
import { type SigningResult, unsignedNotice } from './artifactSigner.ts';
import type { FloeHooks } from './floeHooks.ts';
import type { Inspection } from './inspectArtifact.ts';
import type { ListTagsOptions, TagList } from './listTags.ts';
import type { FoundDocument, PulledDocument } from './pullArtifact.ts';
import type { Packed, PushUnderTagOptions, TagPush } from './pushUnderTag.ts';
import type { RegistryConfig } from './schema/registryConfig.ts';
import { type CheckSignature, signatureGate } from './signatureGate.ts';
import type { Standing } from './standing.ts';
import { defaultTagPolicy, type TagPolicy } from './tagPolicy.ts';
import { type VerificationPolicy, verificationPolicyOf } from './verificationPolicy.ts';
import type { VersionConstraint } from './versionConstraint.ts';

/** What floe's artifacts are read from. */
export type FloeSource = ReadableStore & TagLister & Partial<EndorsementKeeper>;

/** The repository or layout that a client works with. */
export interface FloePlace {
  /** To read from, perhaps through a cache. */
  source(options?: CallOptions): Promise<FloeSource>;
  /** The place itself: what is there decides. With `create`, a layout is made where there is none. */
  repository(options?: CallOptions & { readonly create?: boolean }): Promise<Repository>;
  /** Nobody but the cache may be asked; default false. */
  readonly isOffline?: boolean;
}

/** Where a client works, and by whose rules. */
export interface FloeClientOptions {
  readonly place: FloePlace;
  /** `artifacts.registry` of the manifest.yaml that has a say about the place; default: none has. */
  readonly config?: RegistryConfig | undefined;
  /** Which of `verification.environments` this is; default: none. */
  readonly environmentName?: string | undefined;
  readonly hooks?: FloeHooks;
  readonly tagPolicy?: TagPolicy;
  /** Told what is worth a look and fails nothing. */
  readonly warn?: (text: string) => void;
  /** By whom a document is found to be in order: what the next start of the same program may rely on. Default: nobody. */
  readonly endorsedBy?: string;
}

/** What a push has come to, with its signature. */
export interface ClientPush extends TagPush {
  /** Undefined where nobody signed. */
  readonly signing?: SigningResult;
}

/** A document that was pulled. */
export interface ClientPull extends FoundDocument {
  /** The exact bytes of the document. */
  readonly bytes: Uint8Array;
  readonly warnings: readonly DocumentProblem[];
}

/** The files of any artifact that was pulled. */
export interface PulledFiles extends UnpackResult {
  readonly descriptor: ManifestDescriptor;
}

/**
 * floe's client for one place, by the rules of the manifest.yaml that is about it: what is pushed is signed where the file
 * asks for it, protected tags are not moved, and what breaks the policy on signatures is not looked at.
 */
export class FloeClient {
  readonly #options: FloeClientOptions;
  readonly #policy: VerificationPolicy | undefined;

  constructor(options: FloeClientOptions) {
    this.#options = options;
    this.#policy = options.config && verificationPolicyOf(options.config, options.environmentName);
  }

  /** The check that comes before anything of an artifact is used, for those who read it themselves; undefined: none is asked for. */
  get check(): CheckSignature | undefined {
    if (this.#policy === undefined) return undefined;
    const { place, hooks = {}, warn = () => {} } = this.#options;
    return signatureGate({
      policy: this.#policy,
      place: async () => (place.isOffline ? undefined : await place.repository()),
      warn,
      ...(hooks.verifier && { verifier: hooks.verifier }),
    });
  }

  /**
   * Pushes what has been packed under a tag, and has it signed where the manifest.yaml asks for it.
   * @throws OciError what `pushUnderTag` throws, and the signer: what was pushed stays pushed
   */
  async push(
    packed: Packed,
    tag: Tag,
    { create = true, ...options }: Omit<PushUnderTagOptions, 'tagPolicy'> & { readonly create?: boolean } = {},
  ): Promise<ClientPush> {
    const { pushUnderTag } = await import('./pushUnderTag.ts');
    const { place, config, hooks = {}, warn, tagPolicy = defaultTagPolicy } = this.#options;
    const target = await place.repository({ ...callOf(options), create });
    const pushed = await pushUnderTag(target, tag, packed, { ...options, tagPolicy });
    if (!config?.signing) return pushed;
    const { reference, descriptor } = pushed;
    const request = { reference, descriptor, target, signing: config.signing };
    const signing = await hooks.signer?.sign(request, callOf(options));
    if (signing !== undefined) return { ...pushed, signing };
    warn?.(unsignedNotice(reference, descriptor));
    return pushed;
  }

  /**
   * Pulls the exact bytes of a compiled-artifacts document.
   * @throws OciError NOT_FOUND, WRONG_ARTIFACT_TYPE, UNVERIFIED_SIGNATURE, MISSING_SBOM, LIMIT_EXCEEDED and what the registry answers
   */
  async pull(version: Tag | Digest, options: CallOptions = {}): Promise<ClientPull> {
    const { readDocument } = await import('./pullArtifact.ts');
    const source = await this.#options.place.source(options);
    const pulled = await readDocument(source, version, this.#checking(options));
    await this.#endorse(source, version, pulled);
    return pulled;
  }

  /** The same into a file, which is replaced whole or not at all. @throws as {@link pull} does; FILE_NOT_WRITABLE */
  async pullTo(
    path: string,
    version: Tag | Digest,
    options: CallOptions & { readonly onEvent?: TransferListener } = {},
  ): Promise<PulledDocument> {
    const { pullDocument } = await import('./pullArtifact.ts');
    const source = await this.#options.place.source(callOf(options));
    const pulled = await pullDocument(source, version, path, this.#checking(options));
    await this.#endorse(source, version, pulled);
    return pulled;
  }

  /** Pulls every layer with a name, of any artifact, into a folder. @throws OciError what `unpack` throws, and the policy */
  async pullFiles(folder: string, version: Tag | Digest, options: UnpackOptions = {}): Promise<PulledFiles> {
    const { referenceIn } = await import('./inspectArtifact.ts');
    const source = await this.#options.place.source(callOf(options));
    const descriptor = await source.resolve(version, callOf(options));
    await this.check?.(referenceIn(source, version), descriptor, source, callOf(options));
    return { ...(await unpack(source, descriptor, folder, options)), descriptor };
  }

  /** The highest version in a range. All tags are looked at. @throws OciError NOT_FOUND when there is none */
  async highest(range: VersionConstraint, options: CallOptions = {}): Promise<Tag> {
    const { highestIn } = await import('./versionConstraint.ts');
    return await highestIn(await this.#options.place.source(options), range, options);
  }

  /** What a manifest says, and nothing else. @throws OciError NOT_FOUND and what the registry answers */
  async inspect(version: Tag | Digest, options: CallOptions = {}): Promise<Inspection> {
    const { inspectArtifact } = await import('./inspectArtifact.ts');
    return inspectArtifact(await this.#options.place.source(options), version, options);
  }

  /**
   * Looks for signatures and promotions, too, which takes requests of its own; what is found takes the place of what the
   * manifest alone cannot say.
   * @throws OciError what the registry answers, and a verifier
   */
  async withStanding(inspection: Inspection, options: CallOptions = {}): Promise<Inspection & Standing> {
    const { withStanding } = await import('./standing.ts');
    const { place, hooks = {} } = this.#options;
    return withStanding(inspection, await place.repository(callOf(options)), {
      ...callOf(options),
      ...hooksOf(hooks),
      policy: this.#policy,
    });
  }

  /** The tags, with what their manifests say. @throws OciError what `listTags` throws */
  async list(options: Omit<ListTagsOptions, 'tagPolicy'> = {}): Promise<TagList> {
    const { listTags } = await import('./listTags.ts');
    const { place, tagPolicy = defaultTagPolicy } = this.#options;
    return await listTags(await place.source(callOf(options)), { ...options, tagPolicy });
  }

  #checking<O extends CallOptions>(options: O): O & { readonly check?: CheckSignature } {
    const { check } = this;
    return { ...options, ...(check && { check }) };
  }

  /** Of what there is nothing to say, the next pull need not look through again. */
  async #endorse(
    source: FloeSource,
    version: Tag | Digest,
    { descriptor, document, warnings }: PulledDocument,
  ): Promise<void> {
    const { endorsedBy: by } = this.#options;
    if (by === undefined || warnings.length > 0) return;
    await source.endorse?.(version, descriptor, { by, digest: document.digest });
  }
}

/** Nothing else of what a caller wants is for the store to know. */
function callOf({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}

/** Getters of a class are not spread. */
function hooksOf({ verifier, signer, promotions }: FloeHooks): FloeHooks {
  return { verifier, signer, promotions };
}
