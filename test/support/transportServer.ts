import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

const FIXTURES = join(import.meta.dirname, '../fixtures/tls');

/** A certificate or key of `test/fixtures/tls`, as PEM. */
export function tlsFixture(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

export interface TestServer {
  /** `http://127.0.0.1:PORT/`, or https. */
  readonly url: URL;
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Connections that carried a request and are still open. */
  readonly busy: number;
  readonly requests: readonly http.IncomingMessage[];
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Names of fixtures: `server`, `other`, `expired`. */
  readonly certificate?: string;
  /** Ask for a client certificate signed by our test authority, and refuse others. */
  readonly wantsClientCertificate?: boolean;
  /** Ask for one, and take whoever has none. */
  readonly asksForClientCertificate?: boolean;
  /** Default 127.0.0.1. */
  readonly address?: string;
}

/** An HTTP server on a port of its own. */
export async function serve(handler: http.RequestListener, options: ServeOptions = {}): Promise<TestServer> {
  const requests: http.IncomingMessage[] = [];
  const listener: http.RequestListener = (request, response) => {
    requests.push(request);
    // A client that goes away is what some tests are about.
    request.on('error', () => {});
    response.on('error', () => {});
    handler(request, response);
  };
  const { certificate, wantsClientCertificate = false, asksForClientCertificate = false } = options;
  const server = certificate
    ? https.createServer(
        {
          cert: tlsFixture(`${certificate}.crt`),
          key: tlsFixture(`${certificate}.key`),
          ca: tlsFixture('ca.crt'),
          requestCert: wantsClientCertificate || asksForClientCertificate,
          rejectUnauthorized: wantsClientCertificate,
        },
        listener,
      )
    : http.createServer(listener);
  return listen(server, { scheme: certificate ? 'https' : 'http', requests, ...options });
}

/** A server that speaks what the test writes, and may be anything but HTTP. */
export async function serveRaw(talk: (socket: Socket) => void): Promise<TestServer> {
  return listen(net.createServer(talk), { scheme: 'http', requests: [] });
}

async function listen(
  server: net.Server,
  options: ServeOptions & { scheme: string; requests: http.IncomingMessage[] },
): Promise<TestServer> {
  const { scheme, requests, address = '127.0.0.1' } = options;
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const host = `${address}:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: new URL(`${scheme}://${host}/`),
    requests,
    get connections() {
      return connections;
    },
    get busy() {
      return requests.filter(({ socket }) => !socket.destroyed).length;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A host on which nothing listens. */
export async function closedPort(): Promise<URL> {
  const server = await serve(() => {});
  await server.close();
  return server.url;
}

/** Waits until a number has stopped growing, and returns it. */
export async function settled(read: () => number): Promise<number> {
  let previous = -1;
  while (read() !== previous) {
    previous = read();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return previous;
}
