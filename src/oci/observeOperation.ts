import { isOciError } from './errors.ts';
import type { Logger } from './telemetry/logger.ts';
import { OPERATIONS, type Operation } from './telemetry/names.ts';
import type { Failure } from './telemetry/openTelemetry.ts';
import type { ActiveSpan, Telemetry } from './telemetry/telemetry.ts';
import { quotable } from './transport/redact.ts';

/** What an operation is about, as far as it is known; more is said while it goes on. */
export interface OperationFacts {
  /** `host[:port]`; absent for a folder. */
  readonly registry?: string | undefined;
  readonly repository?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  /** Bytes: the sum of the layers. */
  readonly size?: number | undefined;
  readonly layers?: number | undefined;
  /** Nothing had to be fetched. */
  readonly isCacheHit?: boolean | undefined;
  readonly productName?: string | undefined;
  readonly productVersion?: string | undefined;
}

/** Who is told of operations: telemetry for numbers and traces, the logger for people. */
export interface Observer {
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** How many causes of an error are told. An error that is its own cause ends here too. */
const MAX_CAUSES = 8;

/** Runs an operation so that it is seen: in a span, in numbers, and in the log as `…_started` and `…_completed` or `…_failed`. */
export async function observeOperation<T>(
  { telemetry, logger }: Observer,
  operation: Operation,
  run: (tell: (facts: OperationFacts) => void) => Promise<T>,
): Promise<T> {
  let facts: OperationFacts = {};
  let isStarted = false;
  const observed = async (span: ActiveSpan): Promise<T> => {
    const started = performance.now();
    const tell = (more: OperationFacts): void => {
      facts = { ...facts, ...more };
      span.set(attributesOf(more));
      if (isStarted) return;
      isStarted = true;
      logger.info(`${operation}_started`, fieldsOf(facts));
    };
    const ended = (status: 'success' | 'failure', code?: string): number => {
      const seconds = (performance.now() - started) / 1000;
      const { registry = 'local' } = facts;
      telemetry.count('floe_oci_operations_total', { operation, registry, status, error_type: code });
      telemetry.record('floe_oci_operation_duration_seconds', seconds, { operation, registry });
      return Math.round(seconds * 1000);
    };
    try {
      const result = await run(tell);
      const duration_ms = ended('success');
      if (facts.size !== undefined) telemetry.record('floe_oci_artifact_size_bytes', facts.size, { operation });
      if (facts.isCacheHit) logger.info(`${operation}_cache_hit`, fieldsOf(facts));
      logger.info(`${operation}_completed`, { ...fieldsOf(facts), duration_ms });
      return result;
    } catch (error) {
      const { code, message } = describeFailure(error);
      const duration_ms = ended('failure', code);
      const causes = causesOf(error);
      logger.info(`${operation}_failed`, { ...fieldsOf(facts), duration_ms, error_type: code, error: message, causes });
      throw error;
    }
  };
  const name = `floe.oci.${OPERATIONS[operation]}` as const;
  return telemetry.span(name, { 'oci.operation': operation }, observed, { isOperation: true });
}

/** What may be said of an error in a trace or a log. */
export function describeFailure(error: unknown): Failure {
  if (isOciError(error)) return { code: error.code, message: quotable(error.message) };
  if (!(error instanceof Error)) return { code: 'INTERNAL', message: 'something that is no error was thrown' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code: quotable(code), message: quotable(error.message) };
}

/** What lay underneath an error, outermost first, each as its code and its words. */
export function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  for (let cause = causeOf(error); cause !== undefined && causes.length < MAX_CAUSES; cause = causeOf(cause)) {
    const { code, message } = describeFailure(cause);
    causes.push(`${code}: ${message}`);
  }
  return causes;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** The names of floe's Python client. */
function attributesOf(facts: OperationFacts): Record<string, string | number | boolean | undefined> {
  return {
    'oci.registry': facts.registry,
    'oci.repository': facts.repository,
    'oci.tag': facts.tag,
    'oci.artifact.digest': facts.digest,
    'oci.artifact.size_bytes': facts.size,
    'oci.artifact.layer_count': facts.layers,
    'oci.cache_hit': facts.isCacheHit,
    'oci.product.name': safely(facts.productName),
    'oci.product.version': safely(facts.productVersion),
  };
}

function fieldsOf(facts: OperationFacts): Record<string, unknown> {
  return {
    registry: facts.registry,
    repository: facts.repository,
    tag: facts.tag,
    digest: facts.digest,
    size: facts.size,
    layer_count: facts.layers,
    product_name: safely(facts.productName),
    product_version: safely(facts.productVersion),
  };
}

/** What a registry says of a product may hold anything. */
function safely(text: string | undefined): string | undefined {
  return text === undefined ? undefined : quotable(text);
}
