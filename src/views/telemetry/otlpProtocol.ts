/** How OTLP travels, by the names of OpenTelemetry's variables. https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json'] as const;

/** How traces and numbers are sent, as settings name it. */
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];
