import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';
import * as z from 'zod/mini';
import { root } from '../../scripts/lib/terminal.mjs';
import { startRegistry } from '../support/registry/index.ts';

const { programs } = inject('peers');
const program = programs['otelcol'];
const SAMPLE = path.join(root, 'samples/ticket-sales/target/compiled_artifacts.json');

/** A collector of OpenTelemetry's own that prints what it takes. */
interface Collector extends AsyncDisposable {
  readonly url: string;
  /** All that it has printed so far. */
  readonly said: () => string;
}

async function startCollector(): Promise<Collector> {
  const folder = await mkdtemp(path.join(tmpdir(), 'otelcol-'));
  const endpoint = `127.0.0.1:${await freePort()}`;
  const pipeline = { receivers: ['otlp'], exporters: ['debug'] };
  // YAML is a superset of JSON.
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    exporters: { debug: { verbosity: 'detailed' } },
    service: { telemetry: { metrics: { level: 'none' } }, pipelines: { traces: pipeline, metrics: pipeline } },
  };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  const args = ['--config', path.join(folder, 'config.json')];
  const child = spawn(z.parse(z.string(), program), args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  while (!said.includes('Everything is ready')) {
    if (child.exitCode !== null) throw new Error(`the collector did not start: ${said}`);
    await sleep(50);
  }
  return {
    url: `http://${endpoint}`,
    said: () => said,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

for (const protocol of ['http/protobuf', 'http/json']) {
  it.runIf(program !== undefined)(`OpenTelemetry's collector understands what we send as ${protocol}`, async () => {
    await using collector = await startCollector();
    await using registry = await startRegistry();
    const folder = await mkdtemp(path.join(tmpdir(), 'collected-'));
    const env = {
      PATH: process.env['PATH'],
      FLOE_OCI_CACHE_DIR: path.join(folder, 'cache'),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    };
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];
    const floe = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [inject('cli'), ...args], { env, cwd: folder });
    expect((await floe('push', '-a', SAMPLE, ...place)).stderr).not.toContain('warning');
    expect((await floe('pull', '-o', 'pulled.json', ...place)).stderr).not.toContain('warning');
    await rm(folder, { recursive: true, force: true });
    for (const expected of [
      /service\.name: Str\(floe-oci\)/,
      /InstrumentationScope floe\.oci /,
      /Name +: floe\.oci\.push\n/,
      /Name +: floe\.oci\.upload_layer\n/,
      /Name +: floe\.oci\.pull\n/,
      /Name +: floe\.oci\.download_layer\n/,
      /Name +: PUT\n/,
      /oci\.product\.name: Str\(ticket-sales\)/,
      /oci\.artifact\.layer_count: Int\(1\)/,
      /http\.response\.status_code: Int\(201\)/,
      /Name: floe_oci_operations_total\n/,
      /Name: floe_oci_operation_duration_seconds\n[\s\S]*?Unit: s\n[\s\S]*?DataType: Histogram\n/,
      /Name: floe_oci_circuit_breaker_state\n[\s\S]*?DataType: Gauge\n/,
      /Name: floe_oci_transferred_bytes_total\n[\s\S]*?Unit: By\n/,
    ]) {
      await expect.poll(collector.said).toMatch(expected);
    }
  });
}
