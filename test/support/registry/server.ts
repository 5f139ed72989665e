import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answer, errorAnswer } from './answer.ts';
import { createGuard } from './auth.ts';
import { handleBlob } from './blobs.ts';
import { RegistryContent, type RepositoryContent } from './content.ts';
import type { Exchange } from './exchange.ts';
import { answerInstead, type Fault, type FaultRule, Faults, spoil } from './faults.ts';
import { type LoggedRequest, type MutableLoggedRequest, type RequestFilter, RequestLog } from './log.ts';
import { handleManifest } from './manifests.ts';
import type { RegistryOptions } from './options.ts';
import { listReferrers } from './referrers.ts';
import { Rounds } from './rounds.ts';
import { type Route, routeOf } from './route.ts';
import { listRepositories, listTags } from './tags.ts';
import { beginUpload, handleUpload } from './uploads.ts';

/** A registry in this process, by the distribution spec 1.1, whose every request is seen and can be made to fail. */
export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as it stands in a reference. */
  readonly host: string;
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  /** The repository's content, made when there is none: to look into, and to put anything into. */
  repository(name: string): RepositoryContent;
  readonly content: RegistryContent;
  /** Requests so far, in the order in which they came. */
  requests(filter?: RequestFilter): readonly LoggedRequest[];
  /** `GET /v2/…` and so on, one line a request, for `toEqual`. */
  lines(): readonly string[];
  clearRequests(): void;
  /** Round trips that a client far away would wait for, one after the other, while something is done here. */
  roundTrips(act: () => Promise<unknown>): Promise<number>;
  /** Connections that were opened so far. */
  readonly connections: number;
  fail(...rules: readonly FaultRule[]): void;
  clearFaults(): void;
  /** Cuts every connection and stops listening. Safe to call twice. */
  close(): Promise<void>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const content = new RegistryContent();
  const faults = new Faults();
  faults.add(...(options.faults ?? []));
  const log = new RequestLog();
  const numbers = new WeakMap<Socket, number>();
  let connections = 0;
  let rounds: Rounds | undefined;

  const { tls } = options;
  const server = tls
    ? https.createServer({
        key: tls.key,
        cert: tls.cert,
        ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
      })
    : http.createServer();
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections += 1;
    numbers.set(socket, connections);
  });
  server.listen(options.port ?? 0, options.address ?? '127.0.0.1');
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  const host = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const url = `${tls ? 'https' : 'http'}://${host}`;
  const called = options.publicUrl ?? url;
  const guard = options.auth && createGuard(options.auth, called);
  const quirks = options.quirks ?? {};
  const locate = (path: string): string => (quirks.locations === 'absolute' ? `${called}${path}` : path);

  server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    void serve(request, response).catch((error: unknown) => {
      // The client went away, or a fault cut the connection: there is nobody to tell.
      if (request.socket.destroyed || response.destroyed) return;
      response.destroy(error instanceof Error ? error : undefined);
    });
  });

  async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const [path = '', rawQuery = ''] = splitOnce(target, '?');
    const headers = headersOf(request);
    const entry: MutableLoggedRequest = {
      method,
      path: target,
      headers,
      connection: numbers.get(request.socket) ?? 0,
      received: 0,
      sent: 0,
      status: null,
      overlap: 1,
    };
    log.begin(entry);
    response
      .once('finish', () => log.end(entry))
      .once('close', () => {
        log.end(entry);
        options.onRequest?.(entry);
      });

    const bad = faults.for(method, target);
    for (const fault of bad) if (fault.kind === 'delay') await sleep(fault.milliseconds);
    const body = received(request, entry, bad);
    const exchange: Exchange = {
      method,
      path,
      rawQuery,
      query: new URLSearchParams(rawQuery),
      headers,
      body,
      content,
      quirks,
      locate,
    };
    const good = answerInstead(bad, target) ?? (await adapted(exchange));
    await rounds?.turn();
    await deliver(response, method, spoil(bad, good), bad, entry);
  }

  const adapted = (options.adapters ?? []).reduceRight<(exchange: Exchange) => Promise<Answer>>(
    (next, adapter) => (exchange) => adapter(exchange, next),
    handle,
  );

  async function handle(exchange: Exchange): Promise<Answer> {
    if (guard && exchange.path === guard.path) {
      return guard.token({ ...exchange, route: undefined }, await textOf(exchange.body));
    }
    const route = routeOf(exchange.path);
    if (route === undefined) return answer(404, { 'content-type': 'text/plain' }, '404 page not found\n');
    if (route === 'invalid name') return errorAnswer(400, 'NAME_INVALID', 'invalid repository name');
    return guard?.check({ ...exchange, route }) ?? (await dispatch(exchange, route));
  }

  return {
    host,
    url,
    content,
    repository: (name) => content.repository(name),
    requests: (filter) => log.matching(filter),
    lines: () => log.matching().map(({ method, path }) => `${method} ${path}`),
    clearRequests: () => log.clear(),
    async roundTrips(act) {
      const counting = new Rounds();
      rounds = counting;
      try {
        await act();
      } finally {
        rounds = undefined;
      }
      return counting.count;
    },
    get connections() {
      return connections;
    },
    fail: (...rules) => faults.add(...rules),
    clearFaults: () => faults.clear(),
    close,
    [Symbol.asyncDispose]: close,
  };

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

/** What the registry does, without the line to it. */
export async function dispatch(exchange: Exchange, route: Route): Promise<Answer> {
  switch (route.kind) {
    case 'base':
      return answer(
        200,
        { 'content-type': 'application/json', 'docker-distribution-api-version': 'registry/2.0' },
        '{}',
      );
    case 'catalog':
      return listRepositories(exchange);
    case 'tags':
      return listTags(exchange, route.name);
    case 'blob':
      return handleBlob(exchange, route.name, route.reference);
    case 'manifest':
      return await handleManifest(exchange, route.name, route.reference);
    case 'referrers':
      return listReferrers(exchange, route.name, route.reference);
    case 'uploads':
      return await beginUpload(exchange, route.name);
    case 'upload':
      return await handleUpload(exchange, route.name, route.session);
  }
}

/** The request's body, counted, and cut where a fault says so. */
async function* received(
  request: http.IncomingMessage,
  entry: MutableLoggedRequest,
  faults: readonly Fault[],
): AsyncGenerator<Uint8Array> {
  const reset = faults.find((fault): fault is Fault & { kind: 'resetRequest' } => fault.kind === 'resetRequest');
  const limit = reset?.afterBytes ?? Number.POSITIVE_INFINITY;
  // An early answer, such as 413, must not cut the connection that it goes over.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    entry.received += chunk.length;
    yield chunk;
    if (entry.received >= limit) request.socket.resetAndDestroy();
  }
}

type Cut = Fault & { kind: 'reset' | 'truncate' | 'stall' };

async function deliver(
  response: http.ServerResponse,
  method: string,
  { status, headers, body }: Answer,
  faults: readonly Fault[],
  entry: MutableLoggedRequest,
): Promise<void> {
  entry.status = status;
  const hasBody = status !== 204 && status !== 304;
  const isChunked = faults.some(({ kind }) => kind === 'chunked');
  response.writeHead(status, {
    ...(hasBody && !isChunked ? { 'content-length': String(body.length) } : {}),
    ...(headers as Record<string, string | string[]>),
  });
  const cut = faults.find(
    (fault): fault is Cut => fault.kind === 'reset' || fault.kind === 'truncate' || fault.kind === 'stall',
  );
  const sent = method === 'HEAD' || !hasBody ? body.subarray(0, 0) : body.subarray(0, cut?.afterBytes);
  entry.sent = sent.length;
  if (cut === undefined) {
    response.end(sent);
    return;
  }
  if (cut.kind === 'reset' && cut.afterBytes === 0) {
    response.socket?.resetAndDestroy();
    return;
  }
  response.flushHeaders();
  await new Promise<void>((resolve) => {
    response.write(sent, () => resolve());
  });
  if (cut.kind === 'truncate') response.socket?.end();
  // A reset discards what the other side has not read yet; the wait lets it arrive.
  if (cut.kind === 'reset') setTimeout(() => response.socket?.resetAndDestroy(), 20);
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf({ headers }: http.IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
