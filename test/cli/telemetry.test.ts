import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp/receiver.ts';
import { type RegistryOptions, startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});
function owned<T extends AsyncDisposable>(made: T): T {
  cleanup.push(async () => made[Symbol.asyncDispose]());
  return made;
}

interface Scene {
  readonly receiver: OtlpReceiver;
  readonly registry: TestRegistry;
  readonly workspace: Workspace;
  readonly env: Readonly<Record<string, string>>;
  readonly orders: string;
}

async function scene(env: Readonly<Record<string, string>> = {}, options: RegistryOptions = {}): Promise<Scene> {
  const receiver = owned(await startOtlpReceiver());
  const registry = owned(await startRegistry(options));
  const workspace = owned(await makeWorkspace());
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env };
  return { receiver, registry, workspace, env: all, orders: `oci://${registry.host}/team/orders` };
}

const spanOf = ({ spans }: OtlpReceiver, name: string): ReceivedSpan => {
  const span = spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`no ${name} in ${spans.map((each) => each.name)}`);
  return span;
};

const numberOf = ({ points }: OtlpReceiver, metric: string, attributes: object): number | undefined =>
  points.find(
    (point) =>
      point.metric === metric && Object.entries(attributes).every(([name, value]) => point.attributes[name] === value),
  )?.value;

describe.each(['http/protobuf', 'http/json'])('telemetry over %s', (protocol) => {
  it('tells of a push: the operation, its layers and its requests, as one trace', async () => {
    const { receiver, registry, workspace, env, orders } = await scene({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    const { code, stdout } = await workspace.runIn({ env }, 'push', '-a', 'doc.json', '-r', orders, '-t', 'v1.0.0');
    expect(code).toBe(0);
    const push = spanOf(receiver, 'floe.oci.push');
    expect(push).toMatchObject({
      scope: 'floe.oci',
      kind: 1,
      parentSpanId: undefined,
      attributes: {
        'oci.registry': registry.host,
        'oci.repository': 'team/orders',
        'oci.tag': 'v1.0.0',
        'oci.operation': 'push',
        'oci.artifact.digest': stdout.trim(),
        'oci.artifact.layer_count': 1,
        'oci.product.name': 'ticket-sales',
        'oci.product.version': '1.2.0',
      },
      resource: { 'service.name': 'floe-oci' },
    });
    expect(push.attributes['oci.artifact.size_bytes']).toBeGreaterThan(0);
    const upload = spanOf(receiver, 'floe.oci.upload_layer');
    expect(upload.traceId).toBe(push.traceId);
    expect(upload.parentSpanId).toBe(push.spanId);
    const sent = receiver.spans.find(({ name, parentSpanId }) => name === 'PUT' && parentSpanId === upload.spanId);
    expect(sent).toMatchObject({
      kind: 3,
      attributes: {
        'http.request.method': 'PUT',
        'http.response.status_code': 201,
        'server.address': '127.0.0.1',
        'server.port': Number(registry.host.split(':')[1]),
      },
    });
    expect(numberOf(receiver, 'floe_oci_operations_total', { operation: 'push', status: 'success' })).toBe(1);
    expect(numberOf(receiver, 'floe_oci_operation_duration_seconds', { operation: 'push' })).toBe(1);
  });
});

const PUSH = ['push', '-a', 'doc.json'] as const;
/** So that a test need not wait between attempts. */
const FAST = { FLOE_REGISTRY_USERNAME: 'robot', FLOE_REGISTRY_PASSWORD: 'pass-of-robot' };

describe('traces', () => {
  it('tell the code of a failure, and the status of the request that it comes from', async () => {
    const { receiver, registry, workspace, env, orders } = await scene();
    const { code } = await workspace.runIn({ env }, 'inspect', `${orders}:v9`);
    expect(code).toBe(3);
    const inspect = spanOf(receiver, 'floe.oci.inspect');
    expect(inspect.status.code).toBe(2);
    expect(inspect.status.message).toMatch(/^NOT_FOUND: /);
    expect(inspect.attributes['error.type']).toBe('NOT_FOUND');
    expect(inspect.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'NOT_FOUND' } }]);
    const request = receiver.spans.find(({ attributes }) => attributes['http.response.status_code'] === 404);
    expect(request).toMatchObject({
      traceId: inspect.traceId,
      status: { code: 2 },
      attributes: { 'error.type': '404' },
    });
    const labels = { operation: 'inspect', registry: registry.host, status: 'failure', error_type: 'NOT_FOUND' };
    expect(numberOf(receiver, 'floe_oci_operations_total', labels)).toBe(1);
  });

  it('tell how often a request was sent before, and numbers how often in all', async () => {
    const { receiver, registry, workspace, env, orders } = await scene();
    await workspace.runIn({ env: {} }, ...PUSH, '-r', orders, '-t', 'v1.0.0');
    registry.fail({ path: /manifests/, times: 1, fault: { kind: 'status', status: 503 } });
    const { code } = await workspace.runIn({ env }, 'inspect', `${orders}:v1.0.0`, '--no-cache');
    expect(code).toBe(0);
    const sent = receiver.spans.filter(({ attributes }) => String(attributes['url.full']).includes('/manifests/'));
    expect(sent.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1]);
    expect(sent.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, 200]);
    expect(numberOf(receiver, 'floe_oci_retries_total', { registry: registry.host })).toBe(1);
  });

  it('tell whether the cache had it, and what it did', async () => {
    const { receiver, workspace, env, orders } = await scene();
    await workspace.run(...PUSH, '-r', orders, '-t', 'v1.0.0');
    const pull = ['pull', '-r', orders, '-t', 'v1.0.0', '-o', 'pulled.json'];
    await workspace.runIn({ env }, ...pull);
    expect(spanOf(receiver, 'floe.oci.pull').attributes['oci.cache_hit']).toBe(false);
    const layer = spanOf(receiver, 'floe.oci.download_layer');
    const { traceId } = spanOf(receiver, 'floe.oci.pull');
    expect(layer.traceId).toBe(traceId);
    expect(receiver.spans.some(({ name, parentSpanId }) => name === 'GET' && parentSpanId === layer.spanId)).toBe(true);
    expect(numberOf(receiver, 'floe_oci_cache_operations_total', { operation: 'miss' })).toBe(2);
    expect(numberOf(receiver, 'floe_oci_cache_entries_count', {})).toBe(1);
    expect(numberOf(receiver, 'floe_oci_cache_size_bytes', {})).toBeGreaterThan(1000);

    const again = owned(await startOtlpReceiver());
    await workspace.runIn({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: again.url } }, ...pull);
    const hit = spanOf(again, 'floe.oci.pull');
    expect(hit.attributes).toMatchObject({ 'oci.cache_hit': true, 'oci.product.name': 'ticket-sales' });
    expect(spanOf(again, 'floe.oci.cache')).toMatchObject({
      parentSpanId: hit.spanId,
      attributes: { 'oci.cache_hit': true },
    });
    expect(again.spans.filter(({ kind }) => kind === 3)).toEqual([]);
    expect(numberOf(again, 'floe_oci_cache_operations_total', { operation: 'hit' })).toBeGreaterThan(0);
    expect(numberOf(again, 'floe_oci_artifact_size_bytes', { operation: 'pull' })).toBe(1);
  });

  it('tell that an operation was cancelled', async () => {
    const { receiver, registry, workspace, env, orders } = await scene();
    const abort = new AbortController();
    registry.fail({
      fault: () => {
        abort.abort();
        return { kind: 'delay', milliseconds: 60_000 };
      },
    });
    const { code } = await workspace.runIn({ env, signal: abort.signal }, 'inspect', `${orders}:v1`, '--no-cache');
    expect(code).toBe(130);
    expect(spanOf(receiver, 'floe.oci.inspect').attributes['error.type']).toBe('CANCELLED');
  });

  it('tell of signing in, as a part of what needed it', async () => {
    const auth = { username: 'robot', password: 'pass-of-robot', scheme: 'bearer' } as const;
    const { receiver, registry, workspace, env, orders } = await scene(FAST, { auth });
    const { code } = await workspace.runIn({ env }, ...PUSH, '-r', orders, '-t', 'v1.0.0');
    expect(code).toBe(0);
    const signIn = spanOf(receiver, 'floe.oci.auth');
    expect(signIn.attributes).toMatchObject({ 'oci.registry': registry.host, 'oci.auth.anonymous': false });
    expect(signIn.traceId).toBe(spanOf(receiver, 'floe.oci.push').traceId);
    expect(receiver.requests.some(({ body }) => body.includes('pass-of-robot'))).toBe(false);
  });

  it('tell of every command by one of few spans, which says which operation it is', async () => {
    const { receiver, registry, workspace, env, orders } = await scene();
    const v1 = `${orders}:v1.0.0`;
    await workspace.run(...PUSH, '-r', orders, '-t', 'v1.0.0');
    await workspace.run('push', '-a', 'changed.json', '-r', orders, '-t', 'latest');
    const commands: readonly (readonly [span: string, argv: readonly string[]])[] = [
      ['list', ['list', orders]],
      ['list', ['repos', registry.host]],
      ['list', ['referrers', v1]],
      ['inspect', ['resolve', v1]],
      ['inspect', ['validate', v1]],
      ['inspect', ['diff', v1, `${orders}:latest`]],
      ['inspect', ['doctor', registry.host]],
      ['push', ['tag', v1, 'v1.0.1']],
      ['push', ['attach', v1, 'doc.json', '--artifact-type', 'text/notes']],
      ['copy', ['copy', v1, 'layout:copied:v1.0.0']],
      ['copy', ['mirror', orders, 'layout:mirrored']],
      ['copy', ['backup', orders, 'saved']],
      ['copy', ['restore', 'saved', `oci://${registry.host}/team/restored`]],
      ['delete', ['delete', `${orders}:v1.0.1`, '--yes']],
      ['auth', ['logout', registry.host]],
      ['cache', ['cache', 'status']],
    ];
    for (const [span, argv] of commands) {
      const [operation = ''] = argv;
      const world = { env: { ...env, DOCKER_CONFIG: workspace.path('docker') } };
      const { code, stderr } = await workspace.runIn(world, ...argv);
      // Two documents that differ are an answer, and no failure.
      expect(code, stderr).toBe(operation === 'diff' ? 1 : 0);
      const seen = receiver.spans.findLast(({ attributes }) => attributes['oci.operation'] === operation);
      expect(seen?.name, operation).toBe(`floe.oci.${span}`);
      expect(seen?.status.code ?? 0, operation).toBe(0);
      expect(seen?.parentSpanId, operation).toBeUndefined();
      if (operation !== 'cache') expect(seen?.attributes['oci.registry'], operation).toBe(registry.host);
      const labels = { operation, status: 'success' };
      expect(numberOf(receiver, 'floe_oci_operations_total', labels), operation).toBe(1);
    }
  });

  it('are told to no registry, and to those that are listed', async () => {
    const { receiver, registry, workspace, env, orders } = await scene();
    await workspace.runIn({ env }, 'list', orders);
    expect(registry.requests().some(({ headers }) => 'traceparent' in headers)).toBe(false);
    registry.clearRequests();
    await workspace.runIn({ env: { ...env, FLOE_OCI_TRACE_HOSTS: registry.host } }, 'list', orders);
    const headers = registry.requests().map((request) => request.headers['traceparent']);
    expect(headers.length).toBeGreaterThan(0);
    const ids = receiver.spans.filter(({ kind }) => kind === 3).map((span) => `00-${span.traceId}-${span.spanId}-01`);
    for (const header of headers) expect(ids).toContain(header);
  });

  it('are not made without a wish for them, and the share of them can be none', async () => {
    const { receiver, workspace, env, orders } = await scene();
    await workspace.runIn({ env: { OTEL_SERVICE_NAME: 'x' } }, 'list', orders);
    await workspace.runIn({ env: { ...env, OTEL_SDK_DISABLED: 'true' } }, 'list', orders);
    expect(receiver.requests).toEqual([]);
    await workspace.runIn({ env: { ...env, OTEL_TRACES_SAMPLER: 'always_off' } }, 'list', orders);
    expect(receiver.spans).toEqual([]);
    expect(receiver.points.length).toBeGreaterThan(0);
  });

  it('carry the headers and the resource of the environment', async () => {
    const { receiver, workspace, env, orders } = await scene({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod',
      OTEL_SERVICE_NAME: 'nightly',
    });
    await workspace.runIn({ env }, 'list', orders);
    expect(receiver.requests.map(({ headers }) => headers['x-key'])).toEqual(receiver.requests.map(() => 'a b'));
    expect(spanOf(receiver, 'floe.oci.list').resource).toMatchObject({
      'service.name': 'nightly',
      'deployment.environment.name': 'prod',
    });
  });
});

describe('a collector that cannot be used', () => {
  it('costs one warning, and nothing else', async () => {
    const { receiver, workspace, env, orders } = await scene();
    await receiver[Symbol.asyncDispose]();
    const { code, stderr } = await workspace.runIn({ env }, ...PUSH, '-r', orders, '-t', 'v1.0.0');
    expect(code, stderr).toBe(0);
    expect(stderr.match(/^warning: telemetry/gm)).toHaveLength(1);
  });

  it('that does not answer is waited for no longer than two seconds', async () => {
    const { workspace, orders } = await scene();
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanup.push(async () => {
      silent.closeAllConnections();
      await new Promise((resolve) => silent.close(resolve));
    });
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` };
    const { code, stderr } = await workspace.runIn({ env }, ...PUSH, '-r', orders, '-t', 'v1.0.0');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: telemetry was not sent to .*: it did not take them within two seconds/m);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /http\/protobuf, http\/json/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'user:secret-of-mine@nowhere' }, /not a URL/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'secret-of-mine' }, /NAME=VALUE/],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /accepted: otlp, none/],
  ])('is named by what is wrong with %o, and the command goes on', async (wrong, message) => {
    const { workspace, env, orders } = await scene();
    const { code, stderr } = await workspace.runIn(
      { env: { ...env, ...wrong } },
      ...PUSH,
      '-r',
      orders,
      '-t',
      'v1.0.0',
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('secret-of-mine');
  });
});

describe('--metrics-file', () => {
  it('writes Prometheus text, with all that was counted', async () => {
    const { registry, workspace, orders } = await scene();
    const { code } = await workspace.run(...PUSH, '-r', orders, '-t', 'v1.0.0', '--metrics-file', 'm.prom');
    expect(code).toBe(0);
    const text = await readFile(workspace.path('m.prom'), 'utf8');
    const { host } = registry;
    expect(text).toContain('# TYPE floe_oci_operations_total counter\n');
    expect(text).toContain(`floe_oci_operations_total{operation="push",registry="${host}",status="success"} 1\n`);
    expect(text).toContain('# TYPE floe_oci_operation_duration_seconds histogram\n');
    expect(text).toContain(`_duration_seconds_bucket{operation="push",registry="${host}",le="+Inf"} 1\n`);
    expect(text).toMatch(/^floe_oci_artifact_size_bytes_sum\{operation="push"\} \d{4,}$/m);
    expect(text).toContain(`floe_oci_circuit_breaker_state{registry="${host}"} 0\n`);
    expect(text).toContain(`floe_oci_circuit_breaker_failures{registry="${host}"} 0\n`);
    expect(text).toMatch(
      new RegExp(`^floe_oci_transferred_bytes_total\\{direction="upload",registry="${host}"\\} \\d{4,}$`, 'm'),
    );
    await workspace.run('pull', '-r', orders, '-t', 'v1.0.0', '-o', 'x.json', '--no-cache', '--metrics-file', 'p.prom');
    const pulled = await readFile(workspace.path('p.prom'), 'utf8');
    const received = new RegExp(
      `^floe_oci_transferred_bytes_total\\{direction="download",registry="${host}"\\} (\\d+)$`,
      'm',
    );
    const document = await readFile(workspace.path('x.json'));
    expect(Number(received.exec(pulled)?.[1])).toBeGreaterThan(document.length);
    expect(pulled).toContain('floe_oci_operation_duration_seconds_count{operation="pull"');
  });

  it('that cannot be written is a warning, for the command is done', async () => {
    const { workspace, orders } = await scene();
    const { code, stderr } = await workspace.run(...PUSH, '-r', orders, '-t', 'v1', '--metrics-file', 'no/m.prom');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^warning: the metrics were not written/m);
  });

  it('that is no regular file is not replaced by one', async () => {
    const { workspace, orders } = await scene();
    const socket = createServer().listen(workspace.path('socket'));
    await once(socket, 'listening');
    try {
      const { stderr } = await workspace.run(...PUSH, '-r', orders, '-t', 'v1', '--metrics-file', 'socket');
      expect(stderr).toMatch(/^warning: the metrics were not written: .*not a regular file/m);
      expect((await stat(workspace.path('socket'))).isSocket()).toBe(true);
    } finally {
      socket.close();
    }
  });

  it('tells of a circuit that has opened', async () => {
    const { registry, workspace, orders } = await scene();
    registry.fail({ fault: { kind: 'status', status: 503 } });
    const attempts = ['--max-attempts', '1', '--metrics-file', 'm.prom'];
    const { code } = await workspace.run('mirror', orders, 'layout:mirrored', ...attempts);
    expect(code).toBe(5);
    const text = await readFile(workspace.path('m.prom'), 'utf8');
    expect(text).toMatch(/^floe_oci_circuit_breaker_failures\{registry="[^"]+"\} [1-9]/m);
  });
});

describe('the log', () => {
  it('has the events and fields of floe, and leads to the trace', async () => {
    const { receiver, workspace, env, orders } = await scene({ FLOE_OCI_LOG: 'info' });
    const { stderr } = await workspace.runIn(
      { env },
      ...PUSH,
      ...['-r', orders, '-t', 'v1.0.0', '--log-format', 'json'],
    );
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { traceId } = spanOf(receiver, 'floe.oci.push');
    expect(events.find(({ event }) => event === 'push_started')).toMatchObject({ tag: 'v1.0.0', trace_id: traceId });
    expect(events.find(({ event }) => event === 'push_completed')).toMatchObject({
      level: 'info',
      repository: 'team/orders',
      product_name: 'ticket-sales',
      digest: expect.stringMatching(/^sha256:/),
      size: expect.any(Number),
      layer_count: 1,
      duration_ms: expect.any(Number),
      trace_id: traceId,
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it('tells where a credential comes from, as floe does, and never what it is', async () => {
    const auth = { username: 'robot', password: 'pass-of-robot' };
    const { registry, workspace, env, orders } = await scene({ ...FAST, FLOE_OCI_LOG: 'debug' }, { auth });
    await workspace.runIn({ env }, ...PUSH, '-r', orders, '-t', 'v1.0.0');
    const { stderr } = await workspace.runIn({ env }, 'list', orders, '--log-format', 'json', '--no-cache');
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.find(({ event }) => event === 'basic_auth_credentials_loaded')).toMatchObject({
      registry: registry.host,
      username: 'robot',
      source: expect.any(String),
    });
    expect(stderr).not.toContain('pass-of-robot');
  });

  it('tells what lay under a failure', async () => {
    const { registry, workspace, orders } = await scene();
    await registry.close();
    const argv = ['inspect', `${orders}:v1`, '--log-format', 'json', '--max-attempts', '1', '--no-cache'];
    const { code, stderr } = await workspace.runIn({ env: { FLOE_OCI_LOG: 'info' } }, ...argv);
    expect(code).toBe(5);
    const failed = stderr
      .split('\n')
      .filter((line) => line.includes('inspect_failed'))
      .map((line) => JSON.parse(line));
    expect(failed).toMatchObject([
      { error_type: 'REGISTRY_UNAVAILABLE', causes: [expect.stringMatching(/ECONNREFUSED/)] },
    ]);
  });
});
