import type { OciErrorCode } from '../oci/index.ts';

/** What scripts can rely on; 64, 65, 66 and 73 are those of sysexits.h. */
export const ExitCode = {
  success: 0,
  failure: 1,
  /** Of `diff`. */
  different: 1,
  notAllowed: 2,
  notFound: 3,
  immutableTag: 4,
  unavailable: 5,
  verificationFailed: 6,
  wrongUsage: 64,
  invalidInput: 65,
  missingInput: 66,
  /** What would be 1, where 1 is an answer. */
  noAnswer: 70,
  cannotWrite: 73,
  cancelled: 130,
} as const;

/** One of the codes the program ends with. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const EXIT_CODES: Readonly<Record<OciErrorCode, ExitCode>> = {
  INVALID_REFERENCE: ExitCode.invalidInput,
  INVALID_DIGEST: ExitCode.invalidInput,
  INVALID_MEDIA_TYPE: ExitCode.invalidInput,
  INVALID_LAYOUT: ExitCode.invalidInput,
  INVALID_DOCUMENT: ExitCode.invalidInput,
  SECRET_IN_DOCUMENT: ExitCode.invalidInput,
  WRONG_ARTIFACT_TYPE: ExitCode.invalidInput,
  UNSUPPORTED_VERSION: ExitCode.invalidInput,
  INVALID_ARGUMENT: ExitCode.wrongUsage,
  INVALID_MANIFEST: ExitCode.failure,
  INVALID_ARCHIVE: ExitCode.failure,
  INVALID_RESPONSE: ExitCode.failure,
  NOT_FOUND: ExitCode.notFound,
  UNAUTHORIZED: ExitCode.notAllowed,
  DENIED: ExitCode.notAllowed,
  MISSING_CREDENTIAL: ExitCode.notAllowed,
  REGISTRY_UNAVAILABLE: ExitCode.unavailable,
  CIRCUIT_OPEN: ExitCode.unavailable,
  TLS_FAILED: ExitCode.unavailable,
  PROXY_REFUSED: ExitCode.unavailable,
  REGISTRY_ERROR: ExitCode.failure,
  UNSUPPORTED: ExitCode.failure,
  REDIRECT_REFUSED: ExitCode.failure,
  REALM_REFUSED: ExitCode.notAllowed,
  DIGEST_MISMATCH: ExitCode.verificationFailed,
  SIZE_MISMATCH: ExitCode.verificationFailed,
  UNVERIFIED_SIGNATURE: ExitCode.verificationFailed,
  MISSING_SBOM: ExitCode.verificationFailed,
  LIMIT_EXCEEDED: ExitCode.failure,
  MISSING_REFERENCE: ExitCode.failure,
  TAG_IMMUTABLE: ExitCode.immutableTag,
  TAG_RACE: ExitCode.immutableTag,
  UNSAFE_PATH: ExitCode.failure,
  FILE_NOT_FOUND: ExitCode.missingInput,
  FILE_NOT_READABLE: ExitCode.missingInput,
  FILE_EXISTS: ExitCode.cannotWrite,
  FOREIGN_FOLDER: ExitCode.cannotWrite,
  FILE_NOT_WRITABLE: ExitCode.cannotWrite,
  LOCKED: ExitCode.failure,
  LOCK_LOST: ExitCode.failure,
  CANCELLED: ExitCode.cancelled,
};

/** The exit code that an error of the core ends the process with. */
export function exitCodeOf(code: OciErrorCode): ExitCode {
  return EXIT_CODES[code];
}
