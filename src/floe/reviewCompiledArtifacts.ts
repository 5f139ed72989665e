import { isOciError } from '../oci/index.ts';
import { checkContract } from './compiledArtifacts.ts';
import { checkContractVersion } from './contractVersion.ts';
import { MAX_DEPTH, MAX_DOCUMENT_SIZE, MAX_PROBLEMS, TOO_LARGE } from './jsonDocument.ts';
import { formatJsonPath } from './jsonPath.ts';
import { type PlaceInJson, rangesIn } from './jsonRanges.ts';
import { type JsonPath, JsonSyntaxError, scanJson } from './jsonScanner.ts';
import { findSecretPaths } from './secrets.ts';
import type { Finding } from './textRange.ts';

type Remark = Pick<Finding, 'severity' | 'message'> & { readonly path: JsonPath; readonly mark?: 'name' };

const SECRET = 'looks like a secret, and a push refuses it: refer to the secret instead, as in {{ env_var("NAME") }}';

/**
 * What a push would say of a document, place by place, errors first. That the text is not JSON, or has a member twice, is
 * left to the editor, which says so itself.
 */
export function reviewCompiledArtifacts(text: string): readonly Finding[] {
  if (text.length > MAX_DOCUMENT_SIZE) {
    return [{ severity: 'error', path: '', message: TOO_LARGE, start: 0, end: 1 }];
  }
  try {
    scanJson(text, MAX_DEPTH);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { message, offset: start, isTooDeep } = error;
    return isTooDeep ? [{ severity: 'error', path: '', message, start, end: start + 1 }] : [];
  }
  const value: unknown = JSON.parse(text);
  const remarks = remarksOn(value).slice(0, MAX_PROBLEMS);
  const ranges = rangesIn(
    text,
    value,
    remarks.map(({ path, mark }): PlaceInJson => ({ path, mark: mark ?? 'value' })),
  );
  return remarks.map(({ severity, path, message }, index) => {
    const { start, end } = ranges[index] ?? { start: 0, end: 1 };
    return { severity, path: formatJsonPath(path), message, start, end };
  });
}

function remarksOn(value: unknown): readonly Remark[] {
  const secrets = findSecretPaths(value).map((path): Remark => ({ severity: 'error', path, message: SECRET }));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ severity: 'error', path: [], message: 'is not a JSON object' }, ...secrets];
  }
  const document = value as Readonly<Record<string, unknown>>;
  const tooNew = versionRemark(document['version']);
  if (tooNew !== undefined) return [tooNew, ...secrets];
  const { problems, warnings } = checkContract(document);
  return [
    ...problems.map((problem): Remark => ({ ...problem, severity: 'error' })),
    ...secrets,
    ...warnings.map((warning): Remark => ({ ...warning, severity: 'warning', mark: 'name' })),
  ];
}

function versionRemark(version: unknown): Remark | undefined {
  try {
    checkContractVersion(version, '');
  } catch (error) {
    if (!isOciError(error, 'UNSUPPORTED_VERSION')) throw error;
    const message = `is ${error.details.version}; supported is ${error.details.supported}`;
    return { severity: 'error', path: ['version'], message };
  }
  return undefined;
}
