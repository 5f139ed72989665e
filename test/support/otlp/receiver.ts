import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decode, METRICS, TRACES } from './decode.ts';

type Values = Readonly<Record<string, unknown>>;

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Values;
  readonly events: readonly { readonly name: string; readonly attributes: Values }[];
  /** 2 is an error. */
  readonly status: { readonly code?: number; readonly message?: string };
  readonly resource: Values;
  readonly scope: string;
}

interface ReceivedPoint {
  readonly metric: string;
  readonly unit: string;
  readonly attributes: Values;
  /** Of a histogram, how many were recorded. */
  readonly value: number;
  /** Of a histogram. */
  readonly sum: number | undefined;
}

/** A collector of OpenTelemetry's, as far as it receives. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Of the last sending. */
  readonly points: readonly ReceivedPoint[];
  readonly requests: readonly { readonly path: string; readonly headers: Values; readonly body: Buffer }[];
}

/** @param status what it answers to everything */
export async function startOtlpReceiver(status = 200): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  let points: readonly ReceivedPoint[] = [];
  const requests: OtlpReceiver['requests'][number][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const sent = Buffer.concat(chunks);
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      requests.push({ path, headers, body });
      const isJson = headers['content-type'] === 'application/json';
      const message = path.endsWith('/traces') ? TRACES : METRICS;
      const received = isJson ? JSON.parse(body.toString('utf8')) : decode(body, message);
      if (path.endsWith('/traces')) spans.push(...spansIn(received));
      else points = pointsIn(received);
      response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' });
      response.end(isJson ? '{}' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get points() {
      return points;
    },
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what was decoded has the shape of OTLP, or the test fails
type Received = any;

function spansIn({ resourceSpans }: Received): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: Received) =>
    scopeSpans.flatMap(({ scope, spans }: Received) =>
      spans.map((span: Received) => ({
        ...span,
        parentSpanId: span.parentSpanId || undefined,
        status: span.status ?? {},
        attributes: valuesIn(span.attributes),
        events: (span.events ?? []).map((event: Received) => ({ ...event, attributes: valuesIn(event.attributes) })),
        resource: valuesIn(resource.attributes),
        scope: scope.name,
      })),
    ),
  );
}

function pointsIn({ resourceMetrics }: Received): ReceivedPoint[] {
  return resourceMetrics.flatMap(({ scopeMetrics }: Received) =>
    scopeMetrics.flatMap(({ metrics }: Received) =>
      metrics.flatMap(({ name, unit, ...kinds }: Received) =>
        (kinds.sum ?? kinds.gauge ?? kinds.histogram).dataPoints.map((point: Received) => ({
          metric: name,
          unit,
          attributes: valuesIn(point.attributes),
          value: Number(point.asInt ?? point.asDouble ?? point.count),
          sum: point.sum,
        })),
      ),
    ),
  );
}

function valuesIn(attributes: Received = []): Values {
  return Object.fromEntries(
    attributes.map(({ key, value }: Received) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  );
}
