/** A stretch of a document's text, in UTF-16 units as editors count; `end` is the first place that is not part of it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What is to be said of a place in a document that somebody is writing. Never quotes what stands there. */
export interface Finding extends TextRange {
  /** `error`: a push, or whoever reads the file, refuses it. */
  readonly severity: 'error' | 'warning';
  /** What it is about, for people; empty for the whole document. */
  readonly path: string;
  /** A predicate: `is required`. */
  readonly message: string;
}
