import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const fixtures = resolve(import.meta.dirname, '../fixtures/floe');

/** A document that floe refuses, and what is to be said of it. */
export interface RejectedDocument {
  readonly file: string;
  readonly path: string;
  readonly bytes: Buffer;
  readonly code: 'INVALID_DOCUMENT' | 'UNSUPPORTED_VERSION' | 'SECRET_IN_DOCUMENT';
  /** A line is missing where the document has none, and a sentence where the code alone says it. */
  readonly problems: readonly { readonly path: string; readonly line?: number; readonly message?: string }[];
}

const expected: Readonly<Record<string, Pick<RejectedDocument, 'code' | 'problems'>>> = JSON.parse(
  readFileSync(resolve(fixtures, 'rejected.expected.json'), 'utf8'),
);

/** All of them: compiled artifacts as JSON, and files manifest.yaml. */
export const rejectedDocuments: readonly RejectedDocument[] = Object.entries(expected).map(([file, what]) => {
  const path = resolve(fixtures, 'rejected', file);
  return { file, path, bytes: readFileSync(path), ...what };
});
