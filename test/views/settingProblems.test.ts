import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { readRegistryDocument } from '../../src/floe/registryManifest.ts';
import { NUMBER_SETTINGS, type NumberSettingName, SWITCHES } from '../../src/views/settingLimits.ts';
import { settingProblems } from '../../src/views/settingProblems.ts';
import { Settings } from '../../src/views/settings.ts';
import { warnOfSettings } from '../../src/views/settingWarnings.ts';
import { asked, configuration, workspace } from '../support/vscode.ts';

const { properties } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).contributes
  .configuration;

function problemsOf(values: Record<string, unknown>) {
  return settingProblems((name) => values[name]);
}

beforeEach(() => {
  configuration.clear();
  asked.length = 0;
});

it('finds nothing wrong with what is not set', () => {
  expect(problemsOf({})).toEqual([]);
});

it.each([
  ['retry.maxAttempts', 11, 'a whole number from 1 to 10'],
  ['retry.maxAttempts', 2.5, 'a whole number from 1 to 10'],
  ['retry.initialDelayMs', 99, 'a whole number from 100 up'],
  ['retry.backoffMultiplier', 0.5, 'a number from 1 to 5'],
  ['retry.maxDelayMs', '30 s', 'a whole number from 1000 up'],
  ['circuitBreaker.recoveryTimeoutMs', 0, 'a whole number from 1000 up'],
  ['cache.maxSizeGb', 0, 'a whole number from 1 up'],
  ['cache.ttlHours', null, 'a whole number from 1 up'],
  ['cache.enabled', 'yes', 'true or false'],
  ['cache.path', 'cache', 'an absolute path'],
  ['transfer.concurrency', 65, 'a whole number from 1 to 64'],
])('names %s of %j and what is accepted', (name, value, accepted) => {
  expect(problemsOf({ [name]: value })).toMatchObject([
    { setting: `floeOci.${name}`, value: JSON.stringify(value), accepted },
  ]);
});

it('names two that contradict each other, and both defaults are used', () => {
  configuration.set('floeOci.retry.initialDelayMs', 5000);
  configuration.set('floeOci.retry.maxDelayMs', 2000);
  const settings = new Settings();
  expect(settingProblems((name) => settings.read(name))).toMatchObject([
    { setting: 'floeOci.retry.initialDelayMs', accepted: expect.stringContaining('maxDelayMs, which is 2000') },
  ]);
  expect(settings.retry).toMatchObject({ initialDelayMs: 1000, maxDelayMs: 30_000 });
});

it('names a mirror that is none, beside others that are', () => {
  const registryOptions = { 'r.example': { mirrors: ['m.example/proxy', 'not a host', 7] } };
  expect(problemsOf({ registryOptions }).map(({ value }) => value)).toEqual(['"not a host"', '7']);
  expect(problemsOf({ registryOptions })[0]?.setting).toBe('floeOci.registryOptions["r.example"].mirrors');
});

it('names a way to sign in that there is not', () => {
  const registryOptions = { 'r.example': { auth: 'dockr' }, 's.example': { auth: 'basic' } };
  expect(problemsOf({ registryOptions })).toMatchObject([
    {
      setting: 'floeOci.registryOptions["r.example"].auth',
      value: '"dockr"',
      accepted: expect.stringContaining('anonymous, basic, token, secretStorage'),
      instead: 'no credential is sent',
    },
  ]);
});

it('names a way of uploading that there is not', () => {
  const registryOptions = { 'r.example': { uploadMode: 'pieces' }, 's.example': { uploadMode: 'chunked' } };
  expect(problemsOf({ registryOptions })).toMatchObject([
    { setting: 'floeOci.registryOptions["r.example"].uploadMode', accepted: '"monolithic" or "chunked"' },
  ]);
});

it('names a kind of registry that there is not', () => {
  const registryOptions = { 'r.example': { provider: 'docker' }, 's.example': { provider: 'acr' } };
  expect(problemsOf({ registryOptions })).toMatchObject([
    { setting: 'floeOci.registryOptions["r.example"].provider', accepted: expect.stringContaining('harbor, ecr') },
  ]);
});

it('names an address of an API that is none', () => {
  const registryOptions = {
    'r.example': { apiUrl: 'http://gitlab.example.com/api' },
    's.example': { apiUrl: 'https://gitlab.example.com/api/v4' },
  };
  expect(problemsOf({ registryOptions })).toMatchObject([{ setting: 'floeOci.registryOptions["r.example"].apiUrl' }]);
});

it('names an address of a collector that is none, or that holds a password, without the password', () => {
  const endpoints = ['localhost:4318', 'ftp://x.example', 'http://user:password-of-mine@x.example'];
  for (const endpoint of endpoints) {
    const [problem] = settingProblems((name) => (name === 'otel.endpoint' ? endpoint : undefined));
    expect(problem).toMatchObject({
      setting: 'floeOci.otel.endpoint',
      accepted: 'an address of http or https, without a user name',
      instead: 'nothing is sent',
    });
    expect(JSON.stringify(problem)).not.toContain('password-of-mine');
  }
  expect(settingProblems((name) => (name === 'otel.protocol' ? 'grpc' : undefined))).toMatchObject([
    { setting: 'floeOci.otel.protocol', accepted: 'one of http/protobuf, http/json' },
  ]);
});

it('says each once, and again when it is another', async () => {
  configuration.set('floeOci.retry.maxAttempts', 50);
  const subscription = warnOfSettings(new Settings());
  const change = (name: string, value: unknown) => workspace.getConfiguration('floeOci').update(name, value);
  await change('cache.ttlHours', 12);
  expect(asked).toEqual([
    'The setting floeOci.retry.maxAttempts is 50. Accepted is a whole number from 1 to 10; its default is used, 3.',
  ]);
  await change('retry.maxAttempts', 0);
  expect(asked).toHaveLength(2);
  subscription.dispose();
});

describe('the limits', () => {
  it.each(Object.entries(NUMBER_SETTINGS))('of %s are in package.json', (name, limits) => {
    const { minimum, maximum, default: standard, type } = properties[`floeOci.${name}`];
    const { isWhole, ...others } = limits;
    expect({ maximum, minimum, default: standard }).toEqual({ maximum: undefined, ...others });
    expect(type).toBe(isWhole ? 'integer' : 'number');
  });

  it('and the switches have the defaults of package.json', () => {
    for (const [name, standard] of Object.entries(SWITCHES)) {
      expect(properties[`floeOci.${name}`]).toMatchObject({ type: 'boolean', default: standard });
    }
  });

  const KEYS: readonly (readonly [NumberSettingName, string])[] = [
    ['cache.maxSizeGb', 'cache: { max_size_gb: N }'],
    ['cache.ttlHours', 'cache: { ttl_hours: N }'],
    ['retry.maxAttempts', 'resilience: { retry: { max_attempts: N } }'],
    ['retry.initialDelayMs', 'resilience: { retry: { initial_delay_ms: N } }'],
    ['retry.backoffMultiplier', 'resilience: { retry: { backoff_multiplier: N } }'],
    ['retry.maxDelayMs', 'resilience: { retry: { max_delay_ms: N } }'],
    ['circuitBreaker.failureThreshold', 'resilience: { circuit_breaker: { failure_threshold: N } }'],
    ['circuitBreaker.recoveryTimeoutMs', 'resilience: { circuit_breaker: { recovery_timeout_ms: N } }'],
    ['circuitBreaker.halfOpenRequests', 'resilience: { circuit_breaker: { half_open_requests: N } }'],
  ];

  it.each(KEYS)('of %s are those of manifest.yaml', (name, yaml) => {
    const isAccepted = (number: number): boolean => {
      const registry = `{ uri: oci://r.example/a, auth: { type: anonymous }, ${yaml.replace('N', String(number))} }`;
      try {
        return readRegistryDocument(`artifacts: { registry: ${registry} }`, 'manifest.yaml') !== undefined;
      } catch {
        return false;
      }
    };
    const { minimum, default: standard, ...rest } = NUMBER_SETTINGS[name];
    const maximum = 'maximum' in rest ? rest.maximum : undefined;
    expect(isAccepted(standard)).toBe(true);
    expect(isAccepted(minimum - 1)).toBe(false);
    if (maximum !== undefined) expect([isAccepted(maximum), isAccepted(maximum + 1)]).toEqual([true, false]);
  });
});
