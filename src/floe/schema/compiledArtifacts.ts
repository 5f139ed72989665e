import * as z from 'zod/mini';
import { dataContract } from './dataContract.ts';
import { freeObject, nonEmpty, nullish, release, strings, text, timestamp, whole } from './fields.ts';
import { observability } from './observability.ts';
import { qualityCheck, qualityConfig, tier } from './quality.ts';

const metadata = z.strictObject({
  compiled_at: timestamp,
  floe_version: text,
  source_hash: text,
  product_name: z
    .string()
    .check(
      z.regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,127}$/, 'must be 1 to 128 letters, digits, "_" or "-", starting with a letter'),
    ),
  product_version: text,
});

const identity = z.strictObject({
  product_id: nonEmpty,
  domain: nonEmpty,
  repository: text,
  namespace_registered: z.optional(z.boolean()),
  registration_timestamp: nullish(timestamp),
});

const ancestor = z.strictObject({ name: text, version: text, scope: z.enum(['enterprise', 'domain']), ref: text });

const plugin = z.strictObject({ type: nonEmpty, version: release, config: nullish(freeObject) });
const plugins = z.strictObject({
  compute: plugin,
  orchestrator: plugin,
  catalog: nullish(plugin),
  storage: nullish(plugin),
  ingestion: nullish(plugin),
  semantic: nullish(plugin),
  lineage_backend: nullish(plugin),
});

const model = z.strictObject({
  name: nonEmpty,
  compute: nonEmpty,
  tags: nullish(strings),
  depends_on: nullish(strings),
  quality_checks: nullish(z.array(qualityCheck)),
  quality_tier: nullish(tier),
});
const transforms = z.strictObject({ models: z.array(model).check(z.minLength(1)), default_compute: nonEmpty });

const enforcementLevel = z.enum(['off', 'warn', 'strict']);
const governance = z.strictObject({
  pii_encryption: nullish(z.enum(['required', 'optional'])),
  audit_logging: nullish(z.enum(['enabled', 'disabled'])),
  policy_enforcement_level: nullish(enforcementLevel),
  data_retention_days: nullish(whole(1)),
  default_ttl_hours: nullish(whole(1, 8760)),
  snapshot_keep_last: nullish(whole(1, 100)),
  stale_table_recovery_mode: nullish(z.enum(['strict', 'repair'])),
});
const enforcementResult = z.strictObject({
  passed: z.boolean(),
  error_count: whole(0),
  warning_count: whole(0),
  policy_types_checked: strings,
  models_validated: whole(0),
  enforcement_level: enforcementLevel,
  rbac_principal: nullish(text),
  secrets_scanned: z.optional(whole(0)),
});

/**
 * floe's CompiledArtifacts, versions 0.1.0 to 0.10.0: what a compiler hands to the platform. Strict, so that every unknown
 * member is seen; whoever reads decides what becomes of it.
 */
export const compiledArtifactsSchema = z.strictObject({
  version: z.optional(release),
  metadata,
  identity,
  mode: z.optional(z.enum(['simple', 'centralized', 'mesh'])),
  inheritance_chain: z.optional(z.array(ancestor)),
  observability,
  plugins: nullish(plugins),
  transforms: nullish(transforms),
  dbt_profiles: nullish(freeObject),
  governance: nullish(governance),
  enforcement_result: nullish(enforcementResult),
  data_contracts: z.optional(z.array(dataContract)),
  quality_config: nullish(qualityConfig),
});

/** A document that keeps the contract, as far as we know its members. */
export type CompiledArtifacts = z.infer<typeof compiledArtifactsSchema>;
