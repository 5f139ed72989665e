import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface ProxyOptions {
  /** Where every request ends up, whatever it names. */
  readonly target: URL;
  /** `user:password` that is asked for; default: anyone may use it. */
  readonly user?: string;
  /** What is answered to everything. */
  readonly status?: number;
}

export interface TestProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** What was asked for: `CONNECT registry.example:443`, `GET http://registry.example/`. */
  readonly asked: readonly string[];
  /** What came as `Proxy-Authorization`. */
  readonly authorizations: readonly (string | undefined)[];
}

/** A proxy that tunnels for https and forwards http, and takes everything to one server. */
export async function startProxy({ target, user, status }: ProxyOptions): Promise<TestProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const wanted = user && `Basic ${Buffer.from(user).toString('base64')}`;
  const refusal = ({ method, url, headers }: http.IncomingMessage): number | undefined => {
    asked.push(`${method} ${url}`);
    authorizations.push(headers['proxy-authorization']);
    return status ?? (wanted !== undefined && headers['proxy-authorization'] !== wanted ? 407 : undefined);
  };
  const proxy = http.createServer((request, response) => {
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
  proxy.on('connect', (request, socket: Socket) => {
    socket.on('error', () => {});
    const refused = refusal(request);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} No\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const out = net.connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(out).pipe(socket);
    });
    socket.on('close', () => out.destroy());
    out.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    authorizations,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => proxy.close(resolve));
      proxy.closeAllConnections();
      await closed;
    },
  };
}
