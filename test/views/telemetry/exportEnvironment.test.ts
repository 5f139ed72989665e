import { expect, it } from 'vitest';
import { exportSettingsFrom } from '../../../src/oci/index.ts';
import { exportEnvironment } from '../../../src/views/telemetry/exportEnvironment.ts';

const ENVIRONMENT = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example',
  OTEL_EXPORTER_OTLP_HEADERS: 'key=of-the-environment',
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'key=of-traces',
  OTEL_SERVICE_NAME: 'nightly',
};

const read = (...asked: Parameters<typeof exportEnvironment>) =>
  exportSettingsFrom(exportEnvironment(...asked)).settings;
const nothing = { endpoint: undefined, protocol: undefined };

it('with nothing else said, it goes to the usual place', () => {
  expect(read(nothing, {}, undefined)).toMatchObject({
    traces: { url: 'http://localhost:4318/v1/traces', protocol: 'http/protobuf', headers: {} },
    metrics: { url: 'http://localhost:4318/v1/metrics' },
  });
});

it('the variables say what the settings leave open', () => {
  expect(read({ endpoint: undefined, protocol: 'http/json' }, ENVIRONMENT, undefined)).toMatchObject({
    traces: { url: 'https://collector.example/v1/traces', protocol: 'http/json', headers: { key: 'of-traces' } },
    metrics: { headers: { key: 'of-the-environment' } },
    resource: { 'service.name': 'nightly' },
  });
});

it('a collector of the settings does not get the keys of the one that the environment names', () => {
  const { traces, metrics, resource } = read(
    { endpoint: 'http://mine:4318', protocol: undefined },
    ENVIRONMENT,
    undefined,
  );
  expect([traces?.url, metrics?.url]).toEqual(['http://mine:4318/v1/traces', 'http://mine:4318/v1/metrics']);
  expect([traces?.headers, metrics?.headers]).toEqual([{}, {}]);
  expect(resource).toEqual({ 'service.name': 'nightly' });
});

it('a collector gets its own headers, and one of the two can be left out', () => {
  const settings = { endpoint: 'http://mine:4318', protocol: undefined };
  const { traces, metrics } = read(settings, { OTEL_METRICS_EXPORTER: 'none' }, 'authorization=Bearer%20x');
  expect(traces?.headers).toEqual({ authorization: 'Bearer x' });
  expect(metrics).toBeUndefined();
});
