import type { DocumentProblem } from '../oci/index.ts';
import { checkContractVersion, fieldsBeforeTheirTime } from './contractVersion.ts';
import { type DocumentFile, invalidDocument, MAX_PROBLEMS, parseJsonDocument } from './jsonDocument.ts';
import type { JsonPath } from './jsonScanner.ts';
import { type CompiledArtifacts, compiledArtifactsSchema } from './schema/compiledArtifacts.ts';
import { checkSchema, locate, type SchemaProblem } from './schemaProblems.ts';

/** A document that keeps the contract. */
export interface CheckedDocument {
  /** Parsed for reading; the bytes stay the truth and are never written again from this. Unknown members are in it. */
  readonly value: CompiledArtifacts;
  /** What is accepted but worth a look: unknown members, fields younger than the stated version. */
  readonly warnings: readonly DocumentProblem[];
}

/**
 * Reads a CompiledArtifacts document and holds it against the contract. Unknown members are warnings: a later minor version
 * may have brought them.
 *
 * @throws OciError INVALID_DOCUMENT with path, line and sentence for each problem; UNSUPPORTED_VERSION for a higher major
 */
export function parseCompiledArtifacts(document: DocumentFile): CheckedDocument {
  const json = parseJsonDocument(document);
  const { value } = json;
  checkContractVersion(value['version'], document.file);
  const { problems, warnings } = checkContract(value);
  if (problems.length > 0) {
    throw invalidDocument(document.file, locate(problems.slice(0, MAX_PROBLEMS), json));
  }
  return {
    value: value as CompiledArtifacts,
    warnings: warnings.length === 0 ? [] : locate(warnings.slice(0, MAX_PROBLEMS), json),
  };
}

/** What a document of a version that we know has against the contract. */
export interface ContractCheck {
  readonly problems: readonly SchemaProblem[];
  /** Worth a look: unknown members first, then fields younger than the stated version. */
  readonly warnings: readonly SchemaProblem[];
}

/** Holds the value of a document against the contract, all but the major version. */
export function checkContract(value: Readonly<Record<string, unknown>>): ContractCheck {
  const { problems, unknown } = checkSchema(compiledArtifactsSchema, value);
  const young = fieldsBeforeTheirTime(value);
  return {
    problems,
    warnings: [
      ...unknown.map((path): SchemaProblem => ({ path, message: unknownMember(path) })),
      ...young.map(({ path, since }): SchemaProblem => {
        return { path, message: `came with version ${since}, later than the document states` };
      }),
    ],
  };
}

/** floe's Python client writes the members `schema` and `from` of data contracts under the names of its own attributes. */
function unknownMember(path: JsonPath): string {
  const name = path.at(-1);
  return path[0] === 'data_contracts' && (name === 'schema_' || name === 'from_')
    ? `is not known here; ${name.slice(0, -1)} is meant, which some versions of floe misspell`
    : 'is not known here';
}
