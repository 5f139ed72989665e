import {
  type Annotations,
  type DocumentProblem,
  SourceStore,
  type Tag,
  type Target,
  throwIfAborted,
} from '../oci/index.ts';
import { packCompiledArtifacts } from './artifact.ts';
import { parseCompiledArtifacts } from './compiledArtifacts.ts';
import type { DocumentFile } from './jsonDocument.ts';
import { type Packed, type PushUnderTagOptions, pushUnderTag, type TagPush } from './pushUnderTag.ts';
import { checkForSecrets } from './secrets.ts';

/** What a document is checked for, and what its manifest says besides. */
export interface PrepareOptions {
  /** Win over the annotations that the document gives. */
  readonly annotations?: Annotations;
  /** From `readProvenance`; default: none. */
  readonly provenance?: Annotations;
  /** Whether to hold the document against the contract first; default true. */
  readonly validate?: boolean;
  /** Whether to let a document with secrets in it pass; default false. */
  readonly allowSecrets?: boolean;
}

/** A document that may be pushed, packed in memory. */
export interface PreparedDocument extends Packed {
  /** Bytes of the document. */
  readonly size: number;
  /** What is accepted in the document, but worth a look. */
  readonly warnings: readonly DocumentProblem[];
}

/**
 * Checks a compiled-artifacts document and packs it, so that it is known to be fit to leave the machine before anything is
 * asked of the place it goes to.
 * @throws OciError INVALID_DOCUMENT, UNSUPPORTED_VERSION, SECRET_IN_DOCUMENT
 */
export async function prepareDocument(
  document: DocumentFile,
  { validate = true, allowSecrets = false, ...described }: PrepareOptions = {},
): Promise<PreparedDocument> {
  const warnings = validate ? parseCompiledArtifacts(document).warnings : [];
  if (!allowSecrets) checkForSecrets(document);
  const store = new SourceStore(document.file);
  const descriptor = await packCompiledArtifacts(store, document.bytes, described);
  return { store, descriptor, size: document.bytes.length, warnings };
}

/** What the push of a document has come to. */
export interface PushResult extends TagPush, Pick<PreparedDocument, 'size' | 'warnings'> {}

/**
 * Pushes a compiled-artifacts document under a tag. Nothing invalid and no secret leaves the machine unless asked for.
 * @throws OciError what `prepareDocument` throws, before anything is sent; what `pushUnderTag` throws
 */
export async function pushArtifact(
  target: Target,
  tag: Tag,
  document: DocumentFile,
  options: PrepareOptions & PushUnderTagOptions = {},
): Promise<PushResult> {
  throwIfAborted(options.signal);
  const { size, warnings, ...packed } = await prepareDocument(document, options);
  return { ...(await pushUnderTag(target, tag, packed, options)), size, warnings };
}
