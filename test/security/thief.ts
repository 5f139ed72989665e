import type { IncomingMessage } from 'node:http';
import { SecretSearch } from '../support/secretSearch.ts';
import { type ServeOptions, serve } from '../support/transportServer.ts';

/** Another origin, which answers everything with success and keeps what it was sent. */
export interface Thief extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Method and path of each request, in their order. */
  readonly asked: readonly string[];
  /** Which of the secrets it has, each with the request that brought it; and cookies and certificates of anybody. */
  loot(secrets: Readonly<Record<string, string>>): readonly string[];
}

export async function startThief(options: ServeOptions = {}): Promise<Thief> {
  const bodies = new Map<IncomingMessage, string>();
  const certificates: string[] = [];
  const server = await serve((request, response) => {
    const { socket } = request;
    if ('getPeerCertificate' in socket) {
      const { subject } = (socket as import('node:tls').TLSSocket).getPeerCertificate();
      if (subject !== undefined) certificates.push(`the certificate of ${subject.CN}`);
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.set(request, Buffer.concat(chunks).toString('latin1'));
      response.writeHead(request.method === 'POST' ? 202 : 200, {
        'content-type': 'application/json',
        location: '/v2/mine/blobs/uploads/1',
        'docker-distribution-api-version': 'registry/2.0',
      });
      response.end(JSON.stringify({ token: 'token-of-the-thief', name: 'mine', tags: ['v1'], repositories: ['mine'] }));
    });
  }, options);
  return {
    host: server.host,
    get asked() {
      return server.requests.map(({ method, url }) => `${method} ${url}`);
    },
    loot(secrets) {
      const search = new SecretSearch();
      for (const [name, secret] of Object.entries(secrets)) search.add(name, secret);
      const found = server.requests.flatMap((request) => {
        const where = `${request.method} ${request.url}`;
        const headers = JSON.stringify(request.rawHeaders);
        const cookies = request.headers.cookie === undefined ? [] : [`a cookie in ${where}`];
        return [...search.leaksIn(`${headers}\n${request.url}\n${bodies.get(request) ?? ''}`, where), ...cookies];
      });
      return [...found, ...certificates];
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}
