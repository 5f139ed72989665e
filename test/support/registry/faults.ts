import { type Answer, answer } from './answer.ts';

/** Which requests go wrong, how, and how often. Rules are tried in order; every one that matches has its effect. */
export interface FaultRule {
  /** Default: any method. */
  readonly method?: string;
  /** Matched against the path with its query. Default: any path. */
  readonly path?: RegExp;
  /** Matching requests that go right first; default 0. */
  readonly skip?: number;
  /** Matching requests that go wrong; default: all. */
  readonly times?: number;
  /** What goes wrong, or what decides about it for each request. */
  readonly fault: Fault | ((method: string, path: string) => Fault | undefined);
}

export type Fault =
  /** Answered at once, with no effect on content: 401, 429 and so on. Without `body` the spec's error JSON is sent. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly headers?: Answer['headers'];
      readonly body?: string;
    }
  /** An HTML page where something else is due. */
  | { readonly kind: 'html'; readonly status?: number }
  /** A redirect; `location` may depend on the path with its query. */
  | { readonly kind: 'redirect'; readonly status?: number; readonly location: string | ((path: string) => string) }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection is reset when so many bytes of the request's body have arrived. */
  | { readonly kind: 'resetRequest'; readonly afterBytes: number }
  /** The request has its effect, then the answer breaks off after so many bytes of its body: reset, ended as if complete, or silent. */
  | { readonly kind: 'reset' | 'truncate' | 'stall'; readonly afterBytes: number }
  /** One byte of the answer's body is another. */
  | { readonly kind: 'corrupt'; readonly at?: number }
  /** The answer's body is another. */
  | { readonly kind: 'body'; readonly body: Uint8Array | string }
  /** `Content-Length` is off by so many bytes. */
  | { readonly kind: 'length'; readonly by: number }
  /** The answer does not say how long it is. */
  | { readonly kind: 'chunked' }
  /** A header of the answer is another; `null` takes it away. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string | readonly string[] | null };

/** The rules of one registry, with their counters. */
export class Faults {
  readonly #rules: { readonly rule: FaultRule; seen: number }[] = [];

  add(...rules: readonly FaultRule[]): void {
    this.#rules.push(...rules.map((rule) => ({ rule, seen: 0 })));
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** What happens to this request. Counts it. */
  for(method: string, path: string): readonly Fault[] {
    return this.#rules.flatMap((entry) => {
      const { rule } = entry;
      if (rule.method !== undefined && rule.method !== method) return [];
      if (rule.path !== undefined && !rule.path.test(path)) return [];
      entry.seen += 1;
      const turn = entry.seen - (rule.skip ?? 0);
      if (turn <= 0 || turn > (rule.times ?? Number.POSITIVE_INFINITY)) return [];
      const fault = typeof rule.fault === 'function' ? rule.fault(method, path) : rule.fault;
      return fault ? [fault] : [];
    });
  }
}

/** The answer given instead of doing what was asked, if one of the faults is of that sort. */
export function answerInstead(faults: readonly Fault[], path: string): Answer | undefined {
  for (const fault of faults) {
    if (fault.kind === 'status') {
      const body = fault.body ?? JSON.stringify({ errors: [{ code: fault.code ?? 'UNKNOWN', message: 'a fault' }] });
      return answer(fault.status, { 'content-type': 'application/json', ...fault.headers }, body);
    }
    if (fault.kind === 'html') return answer(fault.status ?? 200, { 'content-type': 'text/html' }, HTML);
    if (fault.kind === 'redirect') {
      const location = typeof fault.location === 'string' ? fault.location : fault.location(path);
      return answer(fault.status ?? 307, { location });
    }
  }
  return undefined;
}

/** The answer as the faults leave it. */
export function spoil(faults: readonly Fault[], good: Answer): Answer {
  return faults.reduce(spoilOnce, good);
}

function spoilOnce(good: Answer, fault: Fault): Answer {
  switch (fault.kind) {
    case 'corrupt': {
      const body = Buffer.from(good.body);
      const at = Math.min(fault.at ?? 0, body.length - 1);
      if (at >= 0) body[at] = (body[at] ?? 0) ^ 0xff;
      return { ...good, body };
    }
    case 'body':
      return { ...good, body: Buffer.from(fault.body) };
    case 'length':
      return { ...good, headers: { ...good.headers, 'content-length': String(good.body.length + fault.by) } };
    case 'header': {
      const { [fault.name]: _, ...headers } = good.headers;
      return { ...good, headers: fault.value === null ? headers : { ...headers, [fault.name]: fault.value } };
    }
    default:
      return good;
  }
}

const HTML = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>';
