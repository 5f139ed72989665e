/**
 * What can go wrong, by code, with the facts that belong to each code.
 *
 * The code is the contract: tests, exit codes and sentences hang on it. Facts are plain data, free of secrets, and safe
 * to print as JSON; URLs in them are redacted by whoever throws.
 */
export interface OciErrorDetails {
  /** Text that should be a reference is not one. `part` says where it stops being one. */
  readonly INVALID_REFERENCE: {
    readonly input: string;
    readonly part: 'scheme' | 'registry' | 'repository' | 'tag' | 'digest' | 'path';
    readonly accepted: string;
  };
  readonly INVALID_DIGEST: { readonly input: string; readonly accepted: string };
  readonly INVALID_MEDIA_TYPE: { readonly input: string; readonly accepted: string };
  /** A value given by the caller is outside what is accepted: a flag, a setting, an annotation. */
  readonly INVALID_ARGUMENT: { readonly argument: string; readonly value: string; readonly accepted: string };
  /** Bytes that should be a manifest or an index are not; never cached, never written. */
  readonly INVALID_MANIFEST: { readonly digest: string | null; readonly path: string; readonly reason: string };
  /** A layer that is marked as a packed folder is no archive that could be unpacked; `name` is its title. */
  readonly INVALID_ARCHIVE: { readonly name: string; readonly reason: string };
  /** The registry answered something that the distribution spec does not know (HTML, a wrong content type, bad JSON). */
  readonly INVALID_RESPONSE: {
    readonly method: string;
    readonly url: string;
    readonly status: number;
    readonly reason: string;
  };
  /** A folder is not an OCI image layout, or its files contradict themselves. */
  readonly INVALID_LAYOUT: { readonly path: string; readonly reason: string };
  /** A document of the user's breaks its contract; `problems` has a JSON path and a sentence for each. */
  readonly INVALID_DOCUMENT: { readonly file: string; readonly problems: readonly DocumentProblem[] };
  /** A document carries what looks like a secret; the paths are named, the values are not. */
  readonly SECRET_IN_DOCUMENT: { readonly file: string; readonly paths: readonly string[] };
  /** What a reference names is sound, but another kind of artifact than the operation is about. */
  readonly WRONG_ARTIFACT_TYPE: {
    readonly reference: string;
    /** What it says it is; null when it says nothing. */
    readonly artifactType: string | null;
    readonly expected: string;
  };
  readonly UNSUPPORTED_VERSION: { readonly file: string; readonly version: string; readonly supported: string };

  /** `what` names the thing in words and contains its reference. */
  readonly NOT_FOUND: {
    readonly kind: 'repository' | 'manifest' | 'blob' | 'tag' | 'layout';
    readonly what: string;
    /** It was looked for in a cache alone. */
    readonly offline?: true;
  };
  readonly UNAUTHORIZED: { readonly registry: string; readonly reason: string };
  readonly DENIED: { readonly registry: string; readonly reason: string };
  /** No answer that can be used: refused, reset, unknown host, silence, 408, 429, 5xx. */
  readonly REGISTRY_UNAVAILABLE: {
    readonly registry: string;
    readonly reason: string;
    readonly status: number | null;
    /** Which patience ran out, when it was silence: while connecting, before the answer, between bytes, or in all. */
    readonly timeout?: 'connect' | 'first-byte' | 'idle' | 'total';
    /** How long it asked to be left alone, when it did. */
    readonly retryAfterSeconds?: number;
  };
  /** Nothing was sent: the registry was not available so often that it is left alone until `retryAt`, an ISO date. */
  readonly CIRCUIT_OPEN: { readonly registry: string; readonly failures: number; readonly retryAt: string };
  /** The connection is refused for the sake of TLS: unknown authority, wrong name, expired, client certificate wanted. */
  readonly TLS_FAILED: {
    readonly registry: string;
    readonly reason: string;
    /** What about it, where that is known: who signed the certificate, until when, for whom, ours, or no TLS at all. */
    readonly problem?: 'authority' | 'validity' | 'name' | 'client-certificate' | 'protocol';
  };
  /** A proxy on the way does not let us through: 407 when it wants to know who is asking. `proxy` is its origin. */
  readonly PROXY_REFUSED: {
    readonly registry: string;
    /** Null where only whoever runs us knows which it is. */
    readonly proxy: string | null;
    readonly status: number;
  };
  /** A final answer outside 2xx that no other code covers. */
  readonly REGISTRY_ERROR: {
    readonly method: string;
    readonly url: string;
    readonly status: number;
    readonly errors: readonly RegistryErrorEntry[];
  };
  /** The store or registry cannot do this at all. */
  readonly UNSUPPORTED: {
    readonly what: string;
    /** What can be done instead, a sentence without its full stop. */
    readonly instead?: string;
  };
  /** A redirect, upload location or link leads where our origin policy does not go. */
  readonly REDIRECT_REFUSED: { readonly from: string; readonly to: string; readonly reason: string };
  /**
   * A registry names a token server that its secrets did not go to before, and nobody allowed that they go there now.
   * Origins; `from` is null the first time.
   */
  readonly REALM_REFUSED: { readonly registry: string; readonly from: string | null; readonly to: string };

  readonly DIGEST_MISMATCH: { readonly expected: string; readonly actual: string };
  readonly SIZE_MISMATCH: { readonly digest: string; readonly expected: number; readonly actual: number };
  /**
   * The policy asks for a valid signature, and there is none that is known to be. `unknown`: nobody could check.
   * `environment` is the one whose policy it is, where it has its own.
   */
  readonly UNVERIFIED_SIGNATURE: {
    readonly reference: string;
    readonly status: 'invalid' | 'unsigned' | 'unknown';
    readonly reason: string;
    readonly environment: string | null;
    /** Whether there is anybody who verifies signatures; without, nothing is ever valid. */
    readonly isVerifiable: boolean;
  };
  /** The policy asks for an SBOM, and none is known to refer to the artifact. `environment` as above. */
  readonly MISSING_SBOM: { readonly reference: string; readonly reason: string; readonly environment: string | null };
  /** Something is larger than we are willing to take; `limit` in the unit that `what` names. */
  readonly LIMIT_EXCEEDED: { readonly what: string; readonly limit: number };
  /** The destination refuses a manifest because content it references is absent. */
  readonly MISSING_REFERENCE: { readonly manifest: string; readonly missing: readonly string[] };
  readonly TAG_IMMUTABLE: {
    readonly reference: string;
    readonly existing: string;
    readonly pushed: string;
    /** True when the layers are equal and only annotations differ. */
    readonly onlyAnnotationsDiffer: boolean;
    /** What the registry said, where it is the registry that does not let the tag be moved. */
    readonly refusal?: string;
  };
  /** Somebody else moved the tag while we were writing it. Digests, or `absent`. */
  readonly TAG_RACE: { readonly reference: string; readonly expected: string; readonly actual: string };

  readonly UNSAFE_PATH: { readonly name: string; readonly reason: string };
  readonly FILE_NOT_FOUND: { readonly path: string };
  readonly FILE_NOT_READABLE: { readonly path: string; readonly reason: string };
  readonly FILE_EXISTS: { readonly path: string };
  /** A folder that was to be a cache has something else in it, and is left alone. `found` is the name of one thing in it. */
  readonly FOREIGN_FOLDER: { readonly path: string; readonly found: string };
  readonly FILE_NOT_WRITABLE: {
    readonly path: string;
    readonly reason: string;
    /** What is there and has to go first, when that is known. */
    readonly inTheWay?: string;
  };
  /** Another process holds the lock and did not give it up in time. */
  readonly LOCKED: { readonly path: string };
  /** The lock was taken from us; nothing was written after it was lost. */
  readonly LOCK_LOST: { readonly path: string };

  /** A secret reference or a credential that was asked for is not there; `reference` is its name, never its value. */
  readonly MISSING_CREDENTIAL: {
    readonly reference: string;
    readonly reason: string;
    /** Where it is wanted, when it is for one registry. */
    readonly registry?: string;
  };
  readonly CANCELLED: Record<string, never>;
}

/** Every code that an {@link OciError} can have; its details follow from it. */
export type OciErrorCode = keyof OciErrorDetails;

/** One thing that is wrong with a document, or worth a look. */
export interface DocumentProblem {
  /** Where: a JSON path such as `plugins.compute.version`; empty for the document itself. */
  readonly path: string;
  readonly message: string;
  /** 1-based, when the source text is known. */
  readonly line?: number;
}

/** One entry of the distribution spec's error body, made safe for a terminal. */
export interface RegistryErrorEntry {
  readonly code: string;
  readonly message: string;
}

const brand = Symbol.for('floe-oci.OciError');

/**
 * The one error type of the core. `message` is a plain English fact for the log; users see the sentence that the
 * presentation layer makes of `code` and `details`. `cause` keeps what was underneath.
 */
export class OciError<Code extends OciErrorCode = OciErrorCode> extends Error {
  override readonly name = 'OciError';
  readonly code: Code;
  readonly details: OciErrorDetails[Code];
  readonly [brand] = true;

  constructor(code: Code, message: string, details: OciErrorDetails[Code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Narrows to our error, and with `code` to that code. Works across copies of this module in other chunks. */
export function isOciError(error: unknown): error is OciError;
export function isOciError<Code extends OciErrorCode>(error: unknown, code: Code): error is OciError<Code>;
export function isOciError(error: unknown, code?: OciErrorCode): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    brand in error &&
    (code === undefined || (error as OciError).code === code)
  );
}

/** The error a cancelled operation ends with. */
export function cancelled(cause?: unknown): OciError<'CANCELLED'> {
  return new OciError('CANCELLED', 'the operation was cancelled', {}, cause === undefined ? undefined : { cause });
}

/** @throws OciError CANCELLED when the signal has been aborted */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw isOciError(signal.reason) ? signal.reason : cancelled(signal.reason);
}
