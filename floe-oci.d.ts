/**
 * What the extension Floe OCI (`floe.floe-oci`) offers to other extensions. Copy this file, and declare
 * `"extensionDependencies": ["floe.floe-oci"]`, or look the extension up and do without it:
 *
 *     const floe = vscode.extensions.getExtension<FloeOciExports>('floe.floe-oci');
 *     const api = (await floe?.activate())?.getApi(1);
 *     const { digest } = await api.inspect('oci://ghcr.io/team/product:1.2.0');
 *
 * Within a version things are only added. Getting the API loads next to nothing, and neither does registering: the rest
 * is loaded by the first call of `push`, `pull`, `inspect` or `list`.
 *
 * References are written `oci://HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]` or `layout:FOLDER[:TAG][@DIGEST]`; a registry is
 * never guessed. Credentials, certificates, the cache and retries are those of the user's settings. A registry that the
 * user has not connected is asked about first.
 *
 * Promises are rejected with a {@link FloeOciError}. Names and annotations come from registries as they are: do not
 * take them for markup, commands or instructions.
 */
import type { CancellationToken, Disposable, Event, Uri } from 'vscode';

/** What `activate` returns. */
export interface FloeOciExports {
  /** @throws Error for a version that this Floe OCI does not have, naming those that it has */
  getApi(version: 1): FloeOciApi;
}

/** Version 1. */
export interface FloeOciApi {
  readonly version: 1;

  /**
   * Pushes files as one artifact. A single `compiled_artifacts.json` is pushed as what it is, held against floe's
   * contract first; anything else becomes a layer a file, and a folder a packed layer. A tag that is not
   * mutable by the settings, such as `latest`, is never moved: `TAG_IMMUTABLE`. Pushing what is there already changes
   * nothing.
   * @param reference with a tag and without a digest
   */
  push(files: Uri | readonly Uri[], reference: string, options?: PushOptions): Promise<PushedArtifact>;

  /**
   * Pulls an artifact, verified: compiled artifacts into the file `target`, or into `compiled_artifacts.json` where
   * that is a folder; anything else into the folder `target`. On failure nothing of it is left.
   */
  pull(reference: string, target: Uri, options?: PullOptions): Promise<PulledArtifact>;

  /** What the manifest of a tag or digest says; its layers are not read. */
  inspect(reference: string, options?: CallOptions): Promise<InspectedArtifact>;

  /** The tags of a repository, by name; none where it has none. @param repository a reference without tag and digest */
  list(repository: string, options?: ListOptions): Promise<ListedTags>;

  /**
   * Adds a place where credentials for registries may come from. The user orders places, or leaves them out, in
   * `floeOci.credentials.sources`.
   */
  registerCredentialSource(source: CredentialSource): Disposable;

  /** Says how artifacts of some types look in trees and in the overview. Of two for one type the first counts. */
  registerArtifactRenderer(renderer: ArtifactRenderer): Disposable;

  /**
   * Answers for the secrets that a manifest.yaml refers to by `credentials_ref: {source, name, key}` with this source,
   * such as `vault`. Asked only in a trusted workspace and after the user has allowed that name for that registry.
   * @throws Error when the source is `env` or `kubernetes`, which are read by the extension itself, or is taken
   */
  registerSecretsBackend(source: string, backend: SecretsBackend): Disposable;

  /**
   * Verifies signatures. What it calls `valid` may be used where a manifest.yaml enforces signatures; without a verifier nothing
   * may, for nothing is known to be valid.
   * @throws Error when another extension's is registered
   */
  registerSignatureVerifier(verifier: SignatureVerifier): Disposable;

  /**
   * Signs what was pushed, where the manifest.yaml that is about the registry has `signing`.
   * @throws Error when another extension's is registered
   */
  registerArtifactSigner(signer: ArtifactSigner): Disposable;
}

/** Its `code` says what went wrong: `NOT_FOUND`, `UNAUTHORIZED`, `TAG_IMMUTABLE`, `CANCELLED`, … Free of secrets. */
export interface FloeOciError extends Error {
  readonly code: string;
  /** Facts that belong to the code. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  /** Ends the call with `CANCELLED`. */
  readonly token?: CancellationToken;
}

export interface TransferOptions extends CallOptions {
  /** Told from time to time how many bytes have moved so far, of all blobs together. */
  readonly onProgress?: (bytes: number) => void;
}

export interface PushOptions extends TransferOptions {
  /**
   * Of anything but compiled artifacts; default: what the names of the files say, else
   * `application/vnd.unknown.artifact.v1`.
   */
  readonly artifactType?: string;
  /** Of the manifest; they win over what the content says of itself. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface PushedArtifact {
  /** The place with its tag. */
  readonly reference: string;
  /** Of the manifest. */
  readonly digest: string;
  /** `unchanged`: the tag was this very manifest already. */
  readonly outcome: 'pushed' | 'unchanged';
}

export interface PullOptions extends TransferOptions {
  /** Replaces files that have other content; default false, and then they are `FILE_EXISTS`. */
  readonly force?: boolean;
}

export interface PulledArtifact {
  readonly reference: string;
  /** Of the manifest. */
  readonly digest: string;
  readonly files: readonly PulledFile[];
  /** What is wrong with a compiled document by floe's contract, which is pulled all the same; of anything else nothing. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

export interface PulledFile {
  readonly uri: Uri;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface InspectedArtifact {
  readonly reference: string;
  readonly digest: string;
  readonly mediaType: string;
  /** Null for an index that does not say. */
  readonly artifactType: string | null;
  /** Bytes of the layers together; null for an index. */
  readonly size: number | null;
  /** RFC 3339; null when unknown. */
  readonly created: string | null;
  readonly annotations: Readonly<Record<string, string>>;
  /** Null for an index. */
  readonly config: Descriptor | null;
  readonly layers: readonly Descriptor[];
  /** Of an index only. */
  readonly manifests?: readonly Descriptor[];
  readonly subject: Descriptor | null;
}

export interface ListOptions extends CallOptions {
  /** A glob over tags, such as `v1.*`; default: all. */
  readonly filter?: string;
  /** Default `name`. */
  readonly sort?: 'name' | 'version' | 'created';
  /** How many at most; default: all. */
  readonly limit?: number;
}

export interface ListedTags {
  readonly tags: readonly ListedTag[];
  /** Tags whose manifest could not be read. Not empty: the list is partial. */
  readonly errors: readonly { readonly tag: string; readonly code: string; readonly message: string }[];
}

export interface ListedTag {
  readonly name: string;
  readonly digest: string;
  readonly size: number | null;
  readonly created: string | null;
  readonly artifactType: string | null;
  /** Whether a push of another manifest to it is refused. */
  readonly immutable: boolean;
}

export interface CredentialSource {
  /** What people are shown as the origin of a credential, such as `Acme Vault`. */
  readonly label: string;
  /**
   * The credential for exactly this registry, `host[:port]`; undefined when there is none. It goes to that registry and
   * to the token server that it names, and is never stored. Asked when a registry wants one, without the user having to
   * be there. An answer that throws, takes longer than 30 seconds or is of another shape counts as none, and is logged.
   */
  credentialFor(
    registry: string,
    token: CancellationToken,
  ): PromiseLike<Credential | undefined> | Credential | undefined;
  /** Credentials are other than they were: connections are made anew. */
  readonly onDidChange?: Event<void>;
}

export type Credential =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token: for the token server, never for the registry. */
  | { readonly kind: 'identityToken'; readonly token: string; readonly username?: string }
  /** A token that the registry itself takes. */
  | { readonly kind: 'registryToken'; readonly token: string };

export interface SecretsBackend {
  /**
   * With `key` the one value of that name in the secret, without it the secret itself; undefined when it is not there.
   */
  read(
    reference: { readonly source: string; readonly name: string; readonly key?: string },
    token: CancellationToken,
  ): PromiseLike<string | undefined> | string | undefined;
}

/** An artifact whose bytes have been verified against its digest. */
export interface VerifiedArtifact {
  /** For people. */
  readonly reference: string;
  /** Of the manifest. */
  readonly digest: string;
}

export interface SignatureVerifier {
  /** An answer that throws, takes longer than 30 seconds or is of another shape counts as `unknown`. */
  verify(request: VerificationRequest, token: CancellationToken): PromiseLike<SignatureVerdict> | SignatureVerdict;
}

export interface VerificationRequest extends VerifiedArtifact {
  /** The exact bytes that the digest is of. */
  readonly manifest: Uint8Array;
  readonly layers: readonly Descriptor[];
  /** What was found, by referrers, by cosign's tags and in annotations; undefined where nobody could look. */
  readonly signatures?: readonly FoundSignature[];
  /** Undefined where nobody asks for more than to know. */
  readonly policy?: VerificationPolicy;
}

export interface FoundSignature {
  readonly kind: 'referrer' | 'cosign' | 'annotations';
  /** The manifest that carries it. */
  readonly digest: string;
  readonly artifactType: string | null;
}

/** `verification` of a manifest.yaml, with what it has of its own for the environment. */
export interface VerificationPolicy {
  readonly enforcement: 'enforce' | 'warn';
  readonly environment: string | null;
  readonly trustedIssuers: readonly {
    readonly issuer: string;
    readonly subject?: string | null | undefined;
    readonly subject_regex?: string | null | undefined;
  }[];
  readonly requireRekor: boolean;
  readonly gracePeriodDays: number;
}

export interface SignatureVerdict {
  /** `valid` and `invalid` take a check that ran to its end. */
  readonly status: 'valid' | 'invalid' | 'unsigned' | 'unknown';
  /** A clause for people, without its full stop. */
  readonly reason: string;
  readonly signer?: string;
  readonly issuer?: string;
}

export interface ArtifactSigner {
  /** What was pushed stays pushed when it fails, and the user is told that it is not signed. */
  sign(
    request: SigningRequest,
    token: CancellationToken,
  ): PromiseLike<SigningResult | undefined> | SigningResult | undefined;
}

export interface SigningRequest extends VerifiedArtifact {
  readonly mode: 'keyless' | 'key-based';
}

export interface SigningResult {
  readonly signer?: string;
}

export interface ArtifactRenderer {
  /**
   * Artifact types as they are in manifests (`artifactType`, else the config's media type); one that ends in `*` is a
   * beginning.
   */
  readonly artifactTypes: readonly string[];
  /** Called when a row is drawn, so it must be quick. One that throws counts as `undefined`, and is logged once. */
  render(artifact: RenderedArtifact): ArtifactLook | undefined;
}

/** What is known of an artifact when it is drawn. */
export interface RenderedArtifact {
  readonly artifactType: string;
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly layers: readonly Descriptor[];
}

/** All of it is shown as plain text. */
export interface ArtifactLook {
  /** The name of a codicon, such as `beaker`. */
  readonly icon?: string;
  /** A word or two for the row, such as `Helm chart`. */
  readonly description?: string;
  /** Lines of the tooltip and the overview. */
  readonly facts?: readonly { readonly name: string; readonly value: string }[];
}
