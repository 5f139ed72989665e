import { gzipSync } from 'node:zlib';
import { answer } from './answer.ts';
import { handleBlob } from './blobs.ts';
import type { Adapter } from './options.ts';
import { type Route, routeOf } from './route.ts';

/** Where blobs are when they are kept elsewhere. */
const STORAGE = '/storage';

/** The same machine and port by its other name: another origin, to which no credential belongs. */
export function otherNameOf(host: string): string {
  const { hostname, port } = new URL(`http://${host}`);
  return `${hostname === 'localhost' ? '127.0.0.1' : 'localhost'}${port === '' ? '' : `:${port}`}`;
}

/** Blobs are redirected to another origin, which answers 400 to a credential, as object storage does. */
export const storesBlobsElsewhere: Adapter = async (exchange, next) => {
  const { path, headers } = exchange;
  if (path.startsWith(STORAGE)) {
    if (headers['authorization'] !== undefined || headers['cookie'] !== undefined) {
      const body = '<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>';
      return answer(400, { 'content-type': 'application/xml' }, body);
    }
    const route = entityOf(path.slice(STORAGE.length));
    return route?.kind === 'blob' ? handleBlob(exchange, route.name, route.reference) : answer(404);
  }
  const given = await next(exchange);
  if (entityOf(path)?.kind !== 'blob' || (given.status !== 200 && given.status !== 206)) return given;
  const location = `http://${otherNameOf(headers['host'] ?? '')}${STORAGE}${path}?signature=0123456789abcdef`;
  return answer(307, { location });
};

/** What clients accept compressed is compressed. */
export const compresses: Adapter = async (exchange, next) => {
  const given = await next(exchange);
  const isAccepted = /\bgzip\b/.test(exchange.headers['accept-encoding'] ?? '');
  if (!isAccepted || exchange.method !== 'GET' || given.status !== 200) return given;
  return { ...given, headers: { ...given.headers, 'content-encoding': 'gzip' }, body: gzipSync(given.body) };
};

/** Manifests and blobs are answered to GET alone. */
export const withoutHead: Adapter = async (exchange, next) => {
  const given = await next(exchange);
  const isRefused = exchange.method === 'HEAD' && given.status !== 401 && entityOf(exchange.path) !== undefined;
  return isRefused ? answer(405, { allow: 'GET' }) : given;
};

/** Manifests end with one byte more than their digest is of, and are JSON as before. */
export const lengthensManifests: Adapter = async (exchange, next) => {
  const given = await next(exchange);
  const isManifest = exchange.method === 'GET' && entityOf(exchange.path)?.kind === 'manifest';
  return isManifest && given.status === 200
    ? { ...given, body: Buffer.concat([given.body, Buffer.from('\n')]) }
    : given;
};

/** The first upload of more than so many bytes to each repository breaks off there. */
export function cutsUploads(afterBytes: number): Adapter {
  const cut = new Set<string>();
  return (exchange, next) => {
    const route = routeOf(exchange.path);
    const isUpload = typeof route === 'object' && (route.kind === 'upload' || route.kind === 'uploads');
    return next(isUpload ? { ...exchange, body: until(exchange.body, route.name) } : exchange);
  };

  async function* until(body: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > afterBytes && !cut.has(name)) {
        cut.add(name);
        throw new Error('the connection is cut');
      }
      yield chunk;
    }
  }
}

/** A bearer token opens so many requests, whatever was said of its end. */
export function wearsTokensOut(requests: number): Adapter {
  const uses = new Map<string, number>();
  return (exchange, next) => {
    const { authorization = '' } = exchange.headers;
    if (!/^Bearer /i.test(authorization)) return next(exchange);
    const count = (uses.get(authorization) ?? 0) + 1;
    uses.set(authorization, count);
    const headers = count <= requests ? exchange.headers : { ...exchange.headers, authorization: 'Bearer none' };
    return next({ ...exchange, headers });
  };
}

/** The link to the next page is written otherwise. */
export function links(rewrite: (target: string, host: string, here: string) => string | readonly string[]): Adapter {
  return async (exchange, next) => {
    const given = await next(exchange);
    const { link } = given.headers;
    const [, target] = typeof link === 'string' ? (/^<(.*)>; rel="next"$/.exec(link) ?? []) : [];
    if (target === undefined) return given;
    const here = exchange.rawQuery === '' ? exchange.path : `${exchange.path}?${exchange.rawQuery}`;
    return { ...given, headers: { ...given.headers, link: rewrite(target, exchange.headers['host'] ?? '', here) } };
  };
}

/** What the path of a manifest or a blob is about. */
function entityOf(path: string): Extract<Route, { readonly reference: string }> | undefined {
  const route = routeOf(path);
  return typeof route === 'object' && (route.kind === 'blob' || route.kind === 'manifest') ? route : undefined;
}
