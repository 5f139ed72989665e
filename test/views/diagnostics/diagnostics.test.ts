import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { Availability, Cache, fixed, memoryPins, observeOperation, silentLogger } from '../../../src/oci/index.ts';
import { activityLogText } from '../../../src/views/activity/activityLog.ts';
import type { Caches } from '../../../src/views/caches.ts';
import { Recorder as TrafficRecorder } from '../../../src/views/commands/recordTraffic.ts';
import { type DiagnosticsParts, diagnose } from '../../../src/views/commands/showDiagnostics.ts';
import { ConnectedRegistries } from '../../../src/views/connectedRegistries.ts';
import { Connections } from '../../../src/views/connections.ts';
import { Settings } from '../../../src/views/settings.ts';
import { Observability } from '../../../src/views/telemetry/observability.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp/receiver.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { SecretSearch } from '../../support/secretSearch.ts';
import { configuration } from '../../support/vscode.ts';
import { MemorySecrets } from '../support/secrets.ts';

const PASSWORD = 'p4ssw0rd/of+the=registry';
const SECRETS = {
  password: PASSWORD,
  cookie: 'cookie-of-the-session',
  'password of the proxy': 'proxy-p4ssw0rd',
  'key of the collector': 'key-of-the-collector',
  signature: 'signature-of-the-storage',
};

let registry: TestRegistry;
let receiver: OtlpReceiver;
let settings: Settings;
let connections: Connections;
let observability: Observability;
let lines: string[];
beforeEach(async () => {
  configuration.clear();
  registry = await startRegistry({ auth: { username: 'robot', password: PASSWORD, scheme: 'bearer' } });
  registry.fail({ fault: { kind: 'header', name: 'set-cookie', value: `session=${SECRETS.cookie}; HttpOnly` } });
  receiver = await startOtlpReceiver();
  configuration.set('floeOci.registries', [{ name: '![x](http://x.example/)', url: `oci://${registry.host}` }]);
  configuration.set('floeOci.otel.enabled', true);
  configuration.set('floeOci.otel.endpoint', receiver.url);
  configuration.set('floeOci.otel.protocol', 'http/json');
  configuration.set('http.proxy', 'http://user:proxy-p4ssw0rd@proxy.example:3128');
  settings = new Settings();
  lines = [];
  const write = (text: string): number => lines.push(text);
  const log = { trace: write, debug: write, info: write, warn: write, error: write } as unknown as LogOutputChannel;
  observability = new Observability({ log, settings, secrets: new MemorySecrets(), environment: {} });
  await observability.export.headers.save(receiver.url, `x-key=${SECRETS['key of the collector']}`);
  await observability.export.apply();
});
afterEach(async () => {
  await connections.close();
  await observability.export.end();
  settings.dispose();
  await receiver[Symbol.asyncDispose]();
  await registry.close();
});

function partsWith(password: string): DiagnosticsParts {
  const { telemetry, activity, recording, logger } = observability;
  const availability = new Availability({ logger, telemetry });
  const credential = { kind: 'basic', username: 'robot', password, source: 'the secret storage' } as const;
  const credentials = fixed(credential, registry.host);
  const seen = { telemetry, recording, logger, availability };
  connections = new Connections(settings, { credentials, pins: memoryPins(), onCredential: () => {}, ...seen });
  const registries = new ConnectedRegistries(settings, connections, credentials, {
    uses: { refusedAt: () => undefined },
  });
  const path = join(homedir(), 'no-such-cache-of-the-tests');
  const cache = new Cache({ path, isImmutable: () => false, logger: silentLogger });
  const caches = { all: [cache], problemOf: () => undefined } as unknown as Caches;
  const environment = { HTTPS_PROXY: 'http://user:proxy-p4ssw0rd@proxy.example:3129' };
  const reports = { open: async () => {} };
  return { environment, settings, registries, connections, availability, caches, activity, observability, reports };
}

const look = (password: string): Promise<string> => diagnose(partsWith(password), new AbortController().signal);

it('tells what a bug report needs: what runs, how it reaches what, and how each registry answers', async () => {
  const text = await look(PASSWORD);
  for (const line of [
    /^# Floe OCI diagnostics$/m,
    /^- Floe OCI: `0\.0\.0-test`$/m,
    /^- Editor: `Editor of the tests 1\.106\.0, on a desktop`$/m,
    /^- Client: `auto: the editor's/m,
    /^- http\.proxy: `http:\/\/proxy\.example:3128\/`$/m,
    /^- HTTPS_PROXY: `http:\/\/proxy\.example:3129\/`$/m,
    /^- Export: `to http:\/\/127\.0\.0\.1:\d+\/v1\/traces as http\/json`$/m,
    /^ {2}- `0 entries, 0 expired, 0 B of \d/m,
    /^- Credential: `the secret storage, user robot`$/m,
    /^- Registry: `http:\/\/127\.0\.0\.1:\d+\/v2\/ answers with registry\/2\.0, at first in \d+ ms, then in \d+ ms`$/m,
    /^- Catalog: `open: repositories can be listed`$/m,
    /^- Circuit: `closed, 0 failures in a row`$/m,
    /^- Lately: `[▁-█]+ \d+ requests, median \d+ ms, slowest \d+ ms, 0% failed`$/m,
    /^## Last errors$/m,
  ]) {
    expect(text).toMatch(line);
  }
  // Nobody needs to know whose machine it is.
  expect(text).toContain('`~/no-such-cache-of-the-tests`');
  expect(text).not.toContain(homedir());
});

it('is text, whatever names say: no image is loaded by who reads it', async () => {
  expect(await look(PASSWORD)).toMatch(/^## Registry `[^`\n]*x\.example[^`\n]*`$/m);
});

it('tells of a registry that refuses, and of one that is not there, with what lay underneath', async () => {
  expect(await look('wrong-p4ssw0rd')).toMatch(/^- Sign-in: `FAILED UNAUTHORIZED: /m);
  await connections.close();
  await registry.close();
  const text = await look(PASSWORD);
  expect(text).toMatch(
    /^- Registry: `FAILED REGISTRY_UNAVAILABLE: .*`\n( {2}- `caused by .*`\n)*? {2}- `caused by ECONNREFUSED/m,
  );
  expect(text).toMatch(/^- Circuit: `closed, [1-9] failures in a row`$/m);
});

it('tells the last errors of the window with their causes', async () => {
  const parts = partsWith(PASSWORD);
  const cause = new Error(
    `see http://robot:${encodeURIComponent(PASSWORD)}@x.example/?X-Amz-Signature=${SECRETS.signature}`,
  );
  const failing = observeOperation(observability, 'push', async (tell) => {
    tell({ registry: registry.host, repository: 'team/orders', tag: 'v1' });
    throw new Error('it did not work', { cause });
  });
  await expect(failing).rejects.toThrow();
  const text = await diagnose(parts, new AbortController().signal);
  expect(text).toMatch(
    /^- \d{4}-[^`]*Z: `push team\/orders:v1: Error: it did not work`\n {2}- `caused by Error: see http:\/\/x\.example/m,
  );
});

it('shows no secret: not here, not in the log, not in what was recorded, and not to the collector', async () => {
  const recorder = new TrafficRecorder(observability.recording);
  recorder.start();
  const parts = partsWith(PASSWORD);
  const failing = observeOperation(observability, 'pull', async () => {
    await (await connections.storesFor(registry.host)).registry(registry.host).then((each) => each.ping());
    throw new Error(`Authorization: Basic ${btoa(`robot:${PASSWORD}`)} {"password":"${PASSWORD}"}`);
  });
  await expect(failing).rejects.toThrow();
  const text = await diagnose(parts, new AbortController().signal);
  expect(text).toContain('- Recording: `running`');
  const har = recorder.stop();
  expect(har?.count).toBeGreaterThan(3);
  recorder.dispose();
  await observability.export.end();

  const search = new SecretSearch();
  for (const [name, secret] of Object.entries(SECRETS)) search.add(name, secret);
  for (const { headers } of registry.requests()) {
    const [, sent] = headers['authorization']?.split(' ') ?? [];
    if (sent !== undefined) search.add('what was sent', sent);
  }
  const kept = observability.activity.entries.map(activityLogText);
  expect(kept.join('\n')).toContain('http_request');
  expect(lines.join('\n')).toContain('http_request');
  expect(receiver.spans.length).toBeGreaterThan(3);
  expect(receiver.points.length).toBeGreaterThan(3);
  const sent = receiver.requests.map(({ body }) => body.toString('utf8'));
  const shown = { diagnostics: [text], log: lines, activity: kept, recording: [har?.text ?? ''], telemetry: sent };
  const leaks = Object.entries(shown).flatMap(([where, texts]) => texts.flatMap((each) => search.leaksIn(each, where)));
  expect(leaks).toEqual([]);
});

it('a line of the log leads to the operation that it belongs to, and to its trace', async () => {
  partsWith(PASSWORD);
  await observeOperation(observability, 'list', async (tell) => tell({ registry: registry.host }));
  expect(lines.find((line) => line.startsWith('list_completed'))).toMatch(
    / activity=1 trace_id=[0-9a-f]{32} span_id=[0-9a-f]{16}$/,
  );
});
