import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { observeOperation, TelemetryRelay } from '../../../src/oci/index.ts';
import { Settings } from '../../../src/views/settings.ts';
import { TelemetryExport } from '../../../src/views/telemetry/telemetryExport.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp/receiver.ts';
import { asked, configuration, setTelemetry, workspace } from '../../support/vscode.ts';
import { Recorder } from '../support/recorder.ts';
import { MemorySecrets } from '../support/secrets.ts';

let receiver: OtlpReceiver;
let settings: Settings;
let secrets: MemorySecrets;
let relay: TelemetryRelay;
let logger: Recorder;
let exporting: TelemetryExport;
beforeEach(async () => {
  configuration.clear();
  asked.length = 0;
  receiver = await startOtlpReceiver();
  settings = new Settings();
  secrets = new MemorySecrets();
  relay = new TelemetryRelay();
  logger = new Recorder();
  exporting = new TelemetryExport({ settings, secrets, environment: {}, relay, logger });
});
afterEach(async () => {
  setTelemetry(true);
  await exporting.end();
  settings.dispose();
  await receiver[Symbol.asyncDispose]();
});

const set = (name: string, value: unknown): Promise<void> => workspace.getConfiguration('floeOci').update(name, value);

async function switchOn(endpoint: string = receiver.url): Promise<void> {
  await set('otel.endpoint', endpoint);
  await set('otel.protocol', 'http/json');
  await set('otel.enabled', true);
  await exporting.apply();
}

const list = (): Promise<void> => observeOperation({ telemetry: relay, logger }, 'list', async () => {});

it('is off unless it is wanted', async () => {
  await set('otel.endpoint', receiver.url);
  await exporting.apply();
  await list();
  await exporting.end();
  expect(exporting.state).toEqual({ isOn: false, reason: 'floeOci.otel.enabled is false' });
  expect(receiver.requests).toEqual([]);
});

it('sends what was done when the window ends, and registers nothing for others', async () => {
  await switchOn();
  await list();
  expect(exporting.state).toEqual({ isOn: true, url: `${receiver.url}/v1/traces`, protocol: 'http/json' });
  await exporting.end();
  expect(receiver.spans).toMatchObject([{ name: 'floe.oci.list', scope: 'floe.oci' }]);
  expect(receiver.points.map(({ metric }) => metric)).toContain('floe_oci_operations_total');
  const globals = Object.getOwnPropertySymbols(globalThis).map(String);
  expect(globals.filter((name) => name.includes('opentelemetry'))).toEqual([]);
});

it('follows the settings: what was on before goes where it was meant to, and nothing afterwards', async () => {
  await switchOn();
  await list();
  await set('otel.enabled', false);
  await exporting.apply();
  await list();
  await exporting.end();
  expect(receiver.spans).toHaveLength(1);
});

it("sends nothing while VS Code's own telemetry is off, whatever our setting says", async () => {
  setTelemetry(false);
  await switchOn();
  await list();
  expect(exporting.state).toMatchObject({ isOn: false, reason: expect.stringContaining('telemetry.telemetryLevel') });
  setTelemetry(true);
  await exporting.apply();
  await list();
  setTelemetry(false);
  await exporting.apply();
  await list();
  await exporting.end();
  expect(receiver.spans).toHaveLength(1);
});

it('shows a collector the headers that are kept for it, and no other', async () => {
  await switchOn();
  expect(exporting.origin).toBe(receiver.url);
  await exporting.headers.save(receiver.url, 'authorization=Bearer%20key-of-the-collector');
  await exporting.apply();
  await list();
  const other = await startOtlpReceiver();
  await set('otel.endpoint', other.url);
  await exporting.apply();
  await list();
  await exporting.end();
  expect(receiver.requests.map(({ headers }) => headers['authorization'])).toContain('Bearer key-of-the-collector');
  expect(other.requests.length).toBeGreaterThan(0);
  expect(other.requests.filter(({ headers }) => headers['authorization'] !== undefined)).toEqual([]);
  expect(logger.lines.join('\n')).not.toContain('key-of-the-collector');
  await other[Symbol.asyncDispose]();
});

it('an address with a password in it is not used', async () => {
  await switchOn('http://user:password-of-mine@127.0.0.1:4318');
  expect(exporting.state).toEqual({ isOn: false, reason: 'floeOci.otel.endpoint is not accepted' });
});

it('a collector that is not there is one warning', async () => {
  const { url } = receiver;
  await receiver[Symbol.asyncDispose]();
  await switchOn(url);
  await list();
  await exporting.end();
  expect(asked.filter((text) => text.includes('could not be sent'))).toHaveLength(1);
  expect(logger.lines.filter((line) => line.startsWith('warn telemetry_not_sent'))).toHaveLength(1);
  receiver = await startOtlpReceiver();
});

it('a collector that says nothing holds up the end of the window for no longer than two seconds', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  await switchOn(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await list();
  await exporting.end();
  expect(asked.some((text) => text.includes('within two seconds'))).toBe(true);
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});
