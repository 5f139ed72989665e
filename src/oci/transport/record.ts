import { redactHeaders, redactText, redactUrl } from './redact.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';

interface Named {
  readonly name: string;
  readonly value: string;
}

/** One exchange. http://www.softwareishard.com/blog/har-12-spec/#entries */
export interface HarEntry {
  readonly startedDateTime: string;
  /** Milliseconds until the headers were in. */
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly headers: readonly Named[];
    readonly queryString: readonly Named[];
    readonly cookies: readonly never[];
    readonly headersSize: -1;
    readonly bodySize: number;
  };
  readonly response: {
    /** 0: there was none. */
    readonly status: number;
    readonly statusText: string;
    readonly httpVersion: string;
    readonly headers: readonly Named[];
    readonly cookies: readonly never[];
    readonly content: { size: number; readonly mimeType: string; text?: string };
    readonly redirectURL: string;
    readonly headersSize: -1;
    readonly bodySize: -1;
  };
  readonly cache: Readonly<Record<string, never>>;
  readonly timings: { readonly send: 0; readonly wait: number; readonly receive: 0 };
}

/** Bytes of an answer that are kept: enough for a manifest or a page of tags, little enough to mail. */
const MAX_TEXT = 256 * 1024;
/** Bytes of all answers, in memory until they are written: a recording that nobody ends must not fill it. */
const MAX_ALL_TEXT = 64 * 1024 * 1024;
/** For the same reason; a report of more nobody reads. */
const MAX_ENTRIES = 20_000;

/** Whose answers are kept: what describes content. Not content itself, which is the user's, and not tokens. */
const DESCRIBING = /^\/v2\/.*\/(manifests|tags|referrers)\//;

/**
 * Keeps what is sent and answered, redacted as a log is, for a bug report. Of bodies it keeps those that describe content;
 * of blobs and tokens there is the size alone.
 */
export class HttpRecording {
  #entries: HarEntry[] = [];
  #isRunning: boolean;
  #kept = 0;

  /** @param isRunning whether it records from the beginning; default true */
  constructor({ isRunning = true }: { readonly isRunning?: boolean } = {}) {
    this.#isRunning = isRunning;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Exchanges so far. */
  get count(): number {
    return this.#entries.length;
  }

  /** Begins anew, with nothing kept. */
  start(): void {
    this.#entries = [];
    this.#kept = 0;
    this.#isRunning = true;
  }

  /** Keeps what it has, and nothing that comes. */
  stop(): void {
    this.#isRunning = false;
  }

  /** A HAR 1.2 document. @param version of ours */
  toHar(version: string): string {
    const creator = { name: 'floe-oci', version };
    return `${JSON.stringify({ log: { version: '1.2', creator, entries: this.#entries } }, null, 2)}\n`;
  }

  add(entry: HarEntry): void {
    if (this.#isRunning && this.#entries.length < MAX_ENTRIES) this.#entries.push(entry);
  }

  /** What an answer said, as far as there is room. */
  keepText(content: HarEntry['response']['content'], text: string): void {
    this.#kept += text.length;
    if (this.#kept <= MAX_ALL_TEXT) content.text = text;
  }
}

/** Records every hop that begins while the recording runs. */
export function recorded(inner: Transport, recording: HttpRecording | undefined): Transport {
  if (recording === undefined) return inner;
  const send = async (request: HttpRequest, options?: SendOptions): Promise<HttpResponse> => {
    if (!recording.isRunning) return inner.send(request, options);
    const started = new Date();
    const since = performance.now();
    const add = (response: Parameters<typeof entryOf>[3]): HarEntry => {
      const entry = entryOf(request, started, Math.round(performance.now() - since), response);
      recording.add(entry);
      return entry;
    };
    try {
      const response = await inner.send(request, options);
      const { content } = add(response).response;
      const keep = DESCRIBING.test(request.url.pathname) && ((text: string) => recording.keepText(content, text));
      return { ...response, body: kept(response.body, content, keep) };
    } catch (error) {
      add(undefined);
      throw error;
    }
  };
  return { send, close: () => inner.close() };
}

function entryOf(
  { method, url, headers = {}, body }: HttpRequest,
  started: Date,
  time: number,
  response: Pick<HttpResponse, 'status' | 'headers'> | undefined,
): HarEntry {
  const shown = redactUrl(url);
  const answered = redactHeaders(response?.headers ?? {});
  const common = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1 } as const;
  return {
    startedDateTime: started.toISOString(),
    time,
    request: {
      ...common,
      method,
      url: shown,
      headers: namedOf(Object.entries(redactHeaders(headers))),
      queryString: namedOf([...new URL(shown).searchParams]),
      bodySize: body?.size ?? 0,
    },
    response: {
      ...common,
      status: response?.status ?? 0,
      statusText: '',
      headers: namedOf(Object.entries(answered)),
      content: { size: 0, mimeType: answered['content-type'] ?? '' },
      redirectURL: answered['location'] ?? '',
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
  };
}

function namedOf(entries: readonly (readonly [string, string])[]): readonly Named[] {
  return entries.map(([name, value]) => ({ name, value }));
}

async function* kept(
  body: AsyncIterable<Uint8Array>,
  content: HarEntry['response']['content'],
  keep: ((text: string) => void) | false,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body) {
      content.size += chunk.length;
      if (keep && content.size <= MAX_TEXT) text += decoder.decode(chunk, { stream: true });
      yield chunk;
    }
  } finally {
    if (keep && content.size > 0 && content.size <= MAX_TEXT) keep(redactText(text + decoder.decode()));
  }
}
