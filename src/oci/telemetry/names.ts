/** What is traced: the operations of people, and the parts of them that take time. */
export type SpanName =
  | `floe.oci.${(typeof OPERATIONS)[Operation]}`
  | 'floe.oci.upload_layer'
  | 'floe.oci.download_layer'
  /** One HTTP request is named by its method. https://opentelemetry.io/docs/specs/semconv/http/http-spans/#name */
  | 'GET'
  | 'HEAD'
  | 'POST'
  | 'PUT'
  | 'PATCH'
  | 'DELETE';

/**
 * What people ask for, each with the span that it is. The spans are few, and floe's dashboards know them; which of its
 * operations one is, its attribute `oci.operation` says.
 */
export const OPERATIONS = {
  push: 'push',
  attach: 'push',
  tag: 'push',
  pull: 'pull',
  inspect: 'inspect',
  resolve: 'inspect',
  validate: 'inspect',
  diff: 'inspect',
  doctor: 'inspect',
  list: 'list',
  repos: 'list',
  referrers: 'list',
  copy: 'copy',
  mirror: 'copy',
  backup: 'copy',
  restore: 'copy',
  delete: 'delete',
  login: 'auth',
  logout: 'auth',
  cache: 'cache',
} as const;

/** What people ask for, as spans and numbers name it. */
export type Operation = keyof typeof OPERATIONS;

/** Whether a command or task is one that is measured. */
export function isOperation(name: string): name is Operation {
  return Object.hasOwn(OPERATIONS, name);
}

interface MetricDescription {
  readonly kind: 'counter' | 'upDownCounter' | 'histogram' | 'gauge';
  /** As UCUM has it. */
  readonly unit: string;
  readonly description: string;
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}

/** Seconds: from a hit in the cache to a large artifact over a slow line. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** Bytes: from a small document to a large image, by powers of eight. */
const SIZES = Array.from({ length: 9 }, (_, power) => 1024 * 8 ** power);

/** What is measured. The names and units are those of floe's Python client, so that its dashboards work. */
export const METRICS = {
  floe_oci_operations_total: { kind: 'counter', unit: '1', description: 'Operations that have ended' },
  floe_oci_operation_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    description: 'How long operations took',
    buckets: DURATIONS,
  },
  floe_oci_artifact_size_bytes: {
    kind: 'histogram',
    unit: 'By',
    description: 'Sizes of the artifacts that operations were about',
    buckets: SIZES,
  },
  floe_oci_cache_operations_total: {
    kind: 'counter',
    unit: '1',
    description: 'What the cache did: hit, miss, evict, expire, repair',
  },
  floe_oci_cache_size_bytes: { kind: 'gauge', unit: 'By', description: 'Size of the cache' },
  floe_oci_cache_entries_count: { kind: 'gauge', unit: '1', description: 'References in the cache' },
  floe_oci_circuit_breaker_state: {
    kind: 'gauge',
    unit: '1',
    description: 'The circuit of a registry: 0 closed, 1 open, 2 half-open',
  },
  floe_oci_circuit_breaker_failures: {
    kind: 'gauge',
    unit: '1',
    description: 'Requests in a row that failed because a registry was not available',
  },
  floe_oci_retries_total: { kind: 'counter', unit: '1', description: 'Requests that were sent once more' },
  floe_oci_transferred_bytes_total: {
    kind: 'counter',
    unit: 'By',
    description: 'Bytes of bodies, sent (upload) and received (download)',
  },
  floe_oci_queue_length: { kind: 'upDownCounter', unit: '1', description: 'Requests that wait for a place at a host' },
} as const satisfies Readonly<Record<string, MetricDescription>>;

type NamesOf<Kind> = {
  [Name in keyof typeof METRICS]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[keyof typeof METRICS];

/** Instruments that count, up or both ways. */
export type CounterName = NamesOf<'counter' | 'upDownCounter'>;
/** Instruments that take the distribution of a value. */
export type HistogramName = NamesOf<'histogram'>;
/** Instruments that are asked for their value when numbers are sent. */
export type GaugeName = NamesOf<'gauge'>;
