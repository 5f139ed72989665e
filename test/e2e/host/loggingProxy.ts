import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';

/** An HTTP proxy that writes down what is asked of it. */
export interface LoggingProxy extends AsyncDisposable {
  /** For `http.proxy`, without what it asks for. */
  readonly url: string;
  /** How often somebody without the right user name and password was refused. */
  readonly refusals: number;
  /** How it was asked for a target, `host:port`, so far: `CONNECT`, or the method of a request with an absolute URI. */
  methods(target: string): readonly string[];
  /** Connections that it opened to a target so far. */
  connections(target: string): number;
}

export interface LoggingProxyOptions {
  /** `user:password` that is asked for; default: anyone may use it. */
  readonly user?: string;
}

/**
 * Starts a proxy that reaches the targets it is given, `host:port`, at these addresses, and nothing else: a name that
 * only the proxy knows cannot be reached around it.
 */
export async function startLoggingProxy(
  addresses: Readonly<Record<string, string>>,
  { user }: LoggingProxyOptions = {},
): Promise<LoggingProxy> {
  const wanted = user && `Basic ${Buffer.from(user).toString('base64')}`;
  let refusals = 0;
  const isRefused = ({ headers }: http.IncomingMessage): boolean => {
    const refused = wanted !== undefined && headers['proxy-authorization'] !== wanted;
    if (refused) refusals++;
    return refused;
  };
  const asked: { readonly method: string; readonly target: string }[] = [];
  const opened: string[] = [];
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    if (isRefused(request)) {
      return void response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
    }
    const url = new URL(request.url ?? '', 'http://unknown.invalid');
    const target = `${url.hostname}:${url.port || '80'}`;
    const { method = 'GET' } = request;
    const { 'proxy-authorization': _, ...headers } = request.headers;
    asked.push({ method, target });
    const address = addresses[target];
    if (address === undefined) return void response.writeHead(502).end();
    opened.push(target);
    const options = { method, headers: { ...headers, connection: 'close' }, agent: false };
    const onward = http.request(new URL(`${url.pathname}${url.search}`, `http://${address}`), options);
    onward.once('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request: http.IncomingMessage, client: Socket) => {
    const { url: target = '' } = request;
    if (isRefused(request)) {
      const answer = 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n';
      return void client.end(`${answer}Content-Length: 0\r\n\r\n`);
    }
    asked.push({ method: 'CONNECT', target });
    const address = addresses[target];
    if (address === undefined) return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    opened.push(target);
    const { hostname, port } = new URL(`tcp://${address}`);
    const onward = net.connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
    }
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get refusals() {
      return refusals;
    },
    methods: (target) => asked.filter((request) => request.target === target).map(({ method }) => method),
    connections: (target) => opened.filter((each) => each === target).length,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
