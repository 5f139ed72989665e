/** What the registry says to one request. The body is sent unless the request was HEAD, and its length always is. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. A list is sent as several header lines. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
}

const nothing = new Uint8Array();

export function answer(status: number, headers: Answer['headers'] = {}, body: Uint8Array | string = nothing): Answer {
  return { status, headers, body: typeof body === 'string' ? Buffer.from(body) : body };
}

export function jsonAnswer(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return answer(status, { 'content-type': 'application/json', ...headers }, JSON.stringify(value));
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  more: { readonly detail?: unknown; readonly headers?: Answer['headers'] } = {},
): Answer {
  const { detail, headers } = more;
  return jsonAnswer(status, { errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] }, headers);
}
