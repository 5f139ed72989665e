import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { tlsFixture } from './transportServer.ts';

export interface ProxyOptions {
  /** Where every request ends up, whatever it names. */
  readonly target: URL;
  /** `user:password` that is asked for; default: anyone may use it. */
  readonly user?: string;
  /** What is answered to everything. */
  readonly status?: number;
  /** It is spoken to by https, and shows this certificate of `test/fixtures/tls`. */
  readonly ownCertificate?: string;
}

export interface TestProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly origin: string;
  /** What was asked for: `CONNECT registry.example:443`, `GET http://registry.example/`. */
  readonly asked: readonly string[];
  /** What came as `Proxy-Authorization`. */
  readonly authorizations: readonly (string | undefined)[];
}

/** A proxy that tunnels for https and forwards http, and takes everything to one server. */
export async function startProxy({ target, user, status, ownCertificate }: ProxyOptions): Promise<TestProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const tunnels = new Set<Socket>();
  const wanted = user && `Basic ${Buffer.from(user).toString('base64')}`;
  const refusal = ({ method, url, headers }: http.IncomingMessage): number | undefined => {
    asked.push(`${method} ${url}`);
    authorizations.push(headers['proxy-authorization']);
    return status ?? (wanted !== undefined && headers['proxy-authorization'] !== wanted ? 407 : undefined);
  };
  const proxy = ownCertificate === undefined ? http.createServer() : https.createServer(pairOf(ownCertificate));
  proxy.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    const refused = refusal(request);
    if (refused !== undefined)
      return response.writeHead(refused, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
    const { pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const { method = 'GET' } = request;
    const onward = http.request(new URL(pathname + search, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    return request.pipe(onward);
  });
  proxy.on('connect', (request: http.IncomingMessage, socket: Socket) => {
    socket.on('error', () => {});
    const refused = refusal(request);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} No\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    tunnels.add(socket);
    const out = net.connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(out).pipe(socket);
    });
    socket.on('close', () => {
      tunnels.delete(socket);
      out.destroy();
    });
    out.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    origin: `${ownCertificate === undefined ? 'http' : 'https'}://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    authorizations,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => proxy.close(resolve));
      proxy.closeAllConnections();
      for (const tunnel of tunnels) tunnel.destroy();
      await closed;
    },
  };
}

function pairOf(name: string): https.ServerOptions {
  return { cert: tlsFixture(`${name}.crt`), key: tlsFixture(`${name}.key`) };
}
