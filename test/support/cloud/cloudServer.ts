import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { serve } from '../transportServer.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/cloud');

/** A documented message of a cloud, with the values in it that differ each time. */
export function message(name: string, values: Readonly<Record<string, string | number>> = {}): string {
  return readFileSync(join(FIXTURES, name), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${name} needs a value for ${key}`);
    return String(value);
  });
}

/** A request as it arrived. */
export interface CloudRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CloudAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CloudServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  readonly requests: readonly CloudRequest[];
  /** What requests did that the real service would not take; a test ends with none. */
  readonly violations: readonly string[];
}

class Violation extends Error {}

/** What a service insists on; otherwise the request is answered with 400, and the sentence is kept. */
export function insist(isTrue: boolean, sentence: string): asserts isTrue {
  if (!isTrue) throw new Violation(sentence);
}

export interface CloudServerOptions {
  /** Name of a TLS fixture; without it, http. */
  readonly certificate?: string;
}

/** A service of a cloud on a port of its own. What `answer` does not know how to answer, it is to {@link insist} about. */
export async function startCloudServer(
  answer: (request: CloudRequest, url: string) => CloudAnswer | Promise<CloudAnswer>,
  options: CloudServerOptions = {},
): Promise<CloudServer> {
  const requests: CloudRequest[] = [];
  const violations: string[] = [];
  const respond = async (request: CloudRequest): Promise<CloudAnswer> => {
    requests.push(request);
    try {
      return await answer(request, url);
    } catch (error) {
      violations.push(`${request.method} ${request.url.pathname}: ${error}`);
      return { status: 400, body: 'the test server does not take this' };
    }
  };
  const server = await serve((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', headers } = incoming;
      const request = {
        method,
        headers,
        url: new URL(incoming.url ?? '', url),
        body: Buffer.concat(chunks).toString(),
      };
      void respond(request).then(({ status, body, headers: own = {} }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...own }).end(body);
      });
    });
  }, options);
  const url = server.url.origin;
  return { url, requests, violations, [Symbol.asyncDispose]: () => server.close() };
}
