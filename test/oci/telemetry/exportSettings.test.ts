import { describe, expect, it } from 'vitest';
import { exportSettingsFrom } from '../../../src/oci/telemetry/exportSettings.ts';

const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

describe('what the environment says of export', () => {
  it('is nothing, of itself', () => {
    expect(exportSettingsFrom({ OTEL_SERVICE_NAME: 'x' })).toMatchObject({ settings: { sampled: 1 }, problems: [] });
    expect(exportSettingsFrom({}).settings).not.toHaveProperty('traces');
  });

  it('is one address for both kinds, or one for each', () => {
    const { traces, metrics } = exportSettingsFrom({
      ...base,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://numbers.example.com/in',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=2,c=%2C',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    }).settings;
    const timeoutMs = 500;
    const url = 'http://collector:4318/v1/traces';
    expect(traces).toEqual({ url, headers: { a: '1' }, protocol: 'http/json', timeoutMs });
    const numbers = 'https://numbers.example.com/in';
    expect(metrics).toEqual({ url: numbers, headers: { b: '2', c: ',' }, protocol: 'http/protobuf', timeoutMs });
  });

  it('is the usual address when an exporter is named alone, and not the other kind', () => {
    const { settings } = exportSettingsFrom({ OTEL_TRACES_EXPORTER: 'otlp' });
    expect(settings.traces?.url).toBe('http://localhost:4318/v1/traces');
    expect(settings).not.toHaveProperty('metrics');
    expect(exportSettingsFrom({ ...base, OTEL_METRICS_EXPORTER: 'none' }).settings).not.toHaveProperty('metrics');
  });

  it.each([
    ['always_off', undefined, 0],
    ['parentbased_traceidratio', '0.25', 0.25],
    ['traceidratio', undefined, 1],
  ])('samples by %s %s', (sampler, share, sampled) => {
    const env = { ...base, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share };
    expect(exportSettingsFrom(env)).toMatchObject({ settings: { sampled }, problems: [] });
  });

  it.each([
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' }, /OTEL_TRACES_SAMPLER_ARG from 0 to 1/],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' }, /milliseconds from 1/],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' }, /OTEL_RESOURCE_ATTRIBUTES/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://collector' }, /URL of http or https/],
  ])('is a problem with %o, never a failure', (wrong, problem) => {
    const { problems } = exportSettingsFrom({ ...base, ...wrong });
    expect(problems.length).toBeGreaterThan(0);
    for (const each of problems) expect(each).toMatch(problem);
    expect(exportSettingsFrom({ ...base, ...wrong, OTEL_SDK_DISABLED: 'true' }).problems).toEqual([]);
  });
});
