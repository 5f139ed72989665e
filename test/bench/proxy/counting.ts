import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** What went through a proxy. */
export interface Traffic {
  readonly requests: number;
  /** Bytes of the bodies of all requests. */
  readonly sentBytes: number;
  /** Bytes of the bodies of all answers. */
  readonly receivedBytes: number;
}

export interface CountingProxy extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  traffic(): Traffic;
  /** `GET /v2/…`, in the order in which they came. */
  lines(): readonly string[];
}

/** Hands every request on to the registry as it is, and counts. The registry sees the proxy's address as its own name. */
export async function startCountingProxy(registry: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(`http://${registry}`);
  const agent = new http.Agent({ keepAlive: true });
  const lines: string[] = [];
  const bytes = { sent: 0, received: 0 };
  const server = http.createServer((request, response) => {
    lines.push(`${request.method} ${request.url}`);
    const { method, headers } = request;
    const onward = http.request({ hostname, port, path: request.url, method, headers, agent });
    request.on('data', (chunk: Buffer) => {
      bytes.sent += chunk.length;
    });
    onward.on('response', (answer) => {
      answer.on('data', (chunk: Buffer) => {
        bytes.received += chunk.length;
      });
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      pipeline(answer, response, () => {});
    });
    pipeline(request, onward, (error) => {
      if (error) response.destroy();
    });
    onward.on('error', () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    traffic: () => ({ requests: lines.length, sentBytes: bytes.sent, receivedBytes: bytes.received }),
    lines: () => [...lines],
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
