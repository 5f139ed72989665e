import { OciError } from '../oci/index.ts';
import type { JsonPath } from './jsonScanner.ts';

/** The newest CompiledArtifacts contract whose fields we know. */
const CONTRACT_VERSION = '0.10.0';
/** For people: what the gate lets through. */
const SUPPORTED = `0.1.0 to ${CONTRACT_VERSION}, and later 0.x versions with fields that are not known here kept as they are`;
const SUPPORTED_MAJOR = 0;

/**
 * Lets a document through whose major version we know; minor versions only add optional fields.
 * A version that is no version is left to the schema, which says so at its line.
 *
 * @throws OciError UNSUPPORTED_VERSION
 */
export function checkContractVersion(version: unknown, file: string): void {
  const major = typeof version === 'string' ? /^(\d+)\.\d+\.\d+$/.exec(version)?.[1] : undefined;
  if (typeof version !== 'string' || major === undefined || Number(major) <= SUPPORTED_MAJOR) return;
  throw new OciError('UNSUPPORTED_VERSION', `${file} has version ${version}; supported is ${SUPPORTED}`, {
    file,
    version,
    supported: SUPPORTED,
  });
}

/** The fields that came after 0.1.0, with the minor version that brought them; `*` stands for every entry of a list. */
const SINCE: readonly (readonly [minor: number, ...path: string[]])[] = [
  [2, 'plugins'],
  [2, 'transforms'],
  [2, 'dbt_profiles'],
  [2, 'governance'],
  [3, 'enforcement_result'],
  [3, 'data_contracts'],
  [4, 'quality_config'],
  [4, 'transforms', 'models', '*', 'quality_checks'],
  [4, 'transforms', 'models', '*', 'quality_tier'],
  [5, 'plugins', 'lineage_backend'],
  [6, 'plugins', 'ingestion'],
  [7, 'enforcement_result', 'rbac_principal'],
  [7, 'enforcement_result', 'secrets_scanned'],
  [8, 'observability', 'lineage_endpoint'],
  [8, 'observability', 'lineage_transport'],
  [9, 'governance', 'default_ttl_hours'],
  [9, 'governance', 'snapshot_keep_last'],
  [10, 'governance', 'stale_table_recovery_mode'],
];

/**
 * Fields that are younger than the version the document states, outermost first. Harmless to read; the writer states the
 * wrong version. Fields that are null or empty say nothing and do not count.
 */
export function fieldsBeforeTheirTime(
  document: Readonly<Record<string, unknown>>,
): readonly { path: JsonPath; since: string }[] {
  const { version } = document;
  const minor = typeof version === 'string' ? Number(/^0\.(\d+)\./.exec(version)?.[1]) : Number.NaN;
  if (Number.isNaN(minor)) return [];
  const found: { path: JsonPath; since: string }[] = [];
  for (const [since, ...pattern] of SINCE) {
    if (since <= minor || found.some(({ path }) => path[0] === pattern[0] && path.length === 1)) continue;
    for (const path of matches(document, pattern)) found.push({ path, since: `0.${since}.0` });
  }
  return found;
}

function matches(value: unknown, [step, ...rest]: readonly string[]): JsonPath[] {
  if (step === undefined) return value == null || (Array.isArray(value) && value.length === 0) ? [] : [[]];
  if (typeof value !== 'object' || value === null) return [];
  const steps = step === '*' && Array.isArray(value) ? [...value.keys()] : Object.hasOwn(value, step) ? [step] : [];
  return steps.flatMap((key) =>
    matches((value as Record<string | number, unknown>)[key], rest).map((path) => [key, ...path]),
  );
}
