import * as z from 'zod/mini';
import { between, freeObject, nonEmpty, nullish, rule, strings, text, whole } from './fields.ts';

const severity = z.enum(['critical', 'warning', 'info']);
/** `quality_tier` of a model, and the gates of `quality_config`. */
export const tier = z.enum(['bronze', 'silver', 'gold']);

/** One entry of `transforms.models[].quality_checks`. */
export const qualityCheck = z.strictObject({
  name: nonEmpty,
  type: nonEmpty,
  column: nullish(text),
  dimension: z.enum(['completeness', 'accuracy', 'validity', 'consistency', 'timeliness']),
  severity: z.optional(severity),
  custom_weight: nullish(between(0.1, 10)),
  parameters: z.optional(freeObject),
  enabled: z.optional(z.boolean()),
});

const gate = z.optional(
  z.strictObject({
    min_test_coverage: z.optional(between(0, 100)),
    required_tests: z.optional(strings),
    min_score: z.optional(whole(0, 100)),
    overridable: z.optional(z.boolean()),
  }),
);

/** The defaults of the contract, which count where a weight is left out. */
const WEIGHTS = { completeness: 0.25, accuracy: 0.25, validity: 0.2, consistency: 0.15, timeliness: 0.15 };
const NAMES = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[];
/** Weights are decimal fractions; their binary sum is not exact. */
const TOLERANCE = 0.001;

const weight = z.optional(between(0, 1));
const dimensionWeights = z
  .strictObject({ completeness: weight, accuracy: weight, validity: weight, consistency: weight, timeliness: weight })
  .check(
    rule('', (weights) => {
      const sum = NAMES.reduce((total, name) => total + (weights[name] ?? WEIGHTS[name]), 0);
      return Math.abs(sum - 1) > TOLERANCE ? 'must add up to 1.0' : undefined;
    }),
  );

const percent = z.optional(whole(0, 100));

/** `quality_config`: how a product's quality is measured, and what each tier demands. */
export const qualityConfig = z.strictObject({
  provider: nonEmpty,
  quality_gates: z.optional(z.strictObject({ bronze: gate, silver: gate, gold: gate })),
  dimension_weights: z.optional(dimensionWeights),
  calculation: z.optional(
    z.strictObject({
      baseline_score: percent,
      max_positive_influence: percent,
      max_negative_influence: percent,
      severity_weights: z.optional(z.partialRecord(severity, z.number())),
    }),
  ),
  thresholds: z.optional(z.strictObject({ min_score: percent, warn_score: percent })),
  check_timeout_seconds: z.optional(whole(1, 3600)),
  enabled: z.optional(z.boolean()),
});
