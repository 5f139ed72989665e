import * as z from 'zod/mini';
import { between, name128, nonEmpty, nullish, rule, text, whole } from './fields.ts';

const environment = z.enum(['dev', 'staging', 'prod']);

const authentication = z
  .strictObject({
    auth_type: z.enum(['api_key', 'bearer']),
    api_key: nullish(text),
    bearer_token: nullish(text),
    header_name: z.optional(text),
  })
  .check(
    rule('api_key', ({ auth_type, api_key }) =>
      auth_type === 'api_key' && !api_key ? 'is required when auth_type is api_key' : undefined,
    ),
    rule('bearer_token', ({ auth_type, bearer_token }) =>
      auth_type === 'bearer' && !bearer_token ? 'is required when auth_type is bearer' : undefined,
    ),
  );

/** The defaults of the contract: what a left-out side of the rule below counts as. */
const MAX_QUEUE_SIZE = 2048;
const MAX_EXPORT_BATCH_SIZE = 512;

const batchProcessor = z
  .strictObject({
    max_queue_size: z.optional(whole(1)),
    max_export_batch_size: z.optional(whole(1)),
    schedule_delay_millis: z.optional(whole(1)),
    export_timeout_millis: z.optional(whole(1)),
  })
  .check(
    rule(
      'max_export_batch_size',
      ({ max_queue_size: queue = MAX_QUEUE_SIZE, max_export_batch_size: batch = MAX_EXPORT_BATCH_SIZE }) =>
        batch > queue ? 'must not be more than max_queue_size' : undefined,
    ),
  );

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** Any of the words, whatever their case. A JSON Schema has no flag for that. */
function anyCase(words: readonly string[]): RegExp {
  const pattern = words.map((word) => word.replace(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`));
  return new RegExp(`^(?:${pattern.join('|')})$`);
}

const telemetry = z.strictObject({
  enabled: z.optional(z.boolean()),
  otlp_endpoint: z.optional(text),
  otlp_protocol: z.optional(z.enum(['grpc', 'http'])),
  sampling: z.optional(
    z.strictObject({
      dev: z.optional(between(0, 1)),
      staging: z.optional(between(0, 1)),
      prod: z.optional(between(0, 1)),
    }),
  ),
  resource_attributes: z.strictObject({
    service_name: name128,
    service_version: z.string().check(z.regex(/^\d+\.\d+\.\d+/, 'must start with a version such as 1.2.3')),
    deployment_environment: environment,
    floe_namespace: name128,
    floe_product_name: name128,
    floe_product_version: text,
    floe_mode: environment,
  }),
  authentication: nullish(authentication),
  batch_processor: z.optional(batchProcessor),
  logging: z.optional(
    z.strictObject({
      log_level: z.optional(z.string().check(z.regex(anyCase(LOG_LEVELS), `must be one of ${LOG_LEVELS.join(', ')}`))),
      json_output: z.optional(z.boolean()),
    }),
  ),
  backend: z.optional(text),
});

/** `observability`: what a compiled product sends where. */
export const observability = z.strictObject({
  telemetry,
  lineage: z.optional(z.boolean()),
  lineage_namespace: nonEmpty,
  lineage_endpoint: nullish(text),
  lineage_transport: nullish(z.enum(['http', 'console', 'noop'])),
});
