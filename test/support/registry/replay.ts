import { readFile } from 'node:fs/promises';
import type { HarEntry } from '../../../src/oci/transport/record.ts';
import { redactUrl } from '../../../src/oci/transport/redact.ts';
import { answer } from './answer.ts';
import type { Adapter } from './options.ts';

/** About the connection, which is another one now, or about the bytes, which are sent as they are. */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

/** What a token server says here, for no recording holds a token. */
const TOKEN = JSON.stringify({ token: 'token-of-the-player' });

/**
 * Answers as the registry in a recording did, each answer once and in its order; what the recording does not know goes to
 * the registry behind. Addresses in headers that lead to the recorded registry lead here.
 */
export async function replaying(file: string): Promise<Adapter> {
  const { log } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly log: { readonly entries: readonly HarEntry[] };
  };
  const left = log.entries.filter(({ response }) => response.status > 0);
  return async (exchange, next) => {
    const { method, path, rawQuery, headers } = exchange;
    const here = `http://${headers['host']}`;
    const asked = pathOf(redactUrl(new URL(rawQuery === '' ? path : `${path}?${rawQuery}`, here)));
    const at = left.findIndex(({ request }) => request.method === method && pathOf(request.url) === asked);
    const [entry] = at < 0 ? [] : left.splice(at, 1);
    if (entry === undefined) return next(exchange);
    const { origin } = new URL(entry.request.url);
    const { status, headers: recorded, content } = entry.response;
    const own = recorded
      .filter(({ name }) => !OF_CONNECTION.has(name))
      .map(({ name, value }) => [name, value.replaceAll(origin, here)] as const);
    const body = content.text ?? (path.startsWith('/v2/') ? '' : TOKEN);
    return answer(status, Object.fromEntries(own), body);
  };
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
