import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OciError } from '../../../src/oci/errors.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { type RequestSubject, responseError } from '../../../src/oci/transport/responseError.ts';
import type { HttpRequest } from '../../../src/oci/transport/transport.ts';
import { failure } from '../../support/failure.ts';
import { type Fault, startRegistry, type TestRegistry } from '../../support/registry/index.ts';

const transport = createUndiciTransport({});
let server: TestRegistry;
beforeAll(async () => {
  server = await startRegistry();
});
afterEach(() => server.clearFaults());
afterAll(async () => {
  await transport.close();
  await server.close();
});

/** The error made of what a registry answers that fails like this. */
async function errorOf(subject: RequestSubject, ...faults: readonly Fault[]): Promise<OciError> {
  server.fail(...faults.map((fault) => ({ fault })));
  const request: HttpRequest = { method: 'GET', url: new URL(`${server.url}/v2/a/blobs/uploads/1?_state=secret&n=5`) };
  return await responseError(await transport.send(request), request, subject);
}

const digest = digestOf('manifest');
const subject: RequestSubject = {
  registry: 'docker.io',
  repository: 'docker.io/a',
  notFound: { kind: 'blob', what: 'docker.io/a@sha256:…' },
};
const status = (code: number, error?: string): Fault =>
  error === undefined ? { kind: 'status', status: code, body: '' } : { kind: 'status', status: code, code: error };

describe('an answer outside the expected statuses', () => {
  it.each<readonly [Fault, object]>([
    [status(401, 'UNAUTHORIZED'), failure('UNAUTHORIZED', { registry: 'docker.io', reason: 'UNAUTHORIZED: a fault' })],
    [status(401), failure('UNAUTHORIZED', { reason: 'status 401' })],
    [status(403, 'DENIED'), failure('DENIED', { registry: 'docker.io' })],
    [status(404, 'BLOB_UNKNOWN'), failure('NOT_FOUND', { kind: 'blob' })],
    [status(404), failure('NOT_FOUND', { kind: 'blob' })],
    [status(404, 'NAME_UNKNOWN'), failure('NOT_FOUND', { kind: 'repository', what: 'docker.io/a' })],
    [status(405), failure('UNSUPPORTED')],
    [status(501), failure('UNSUPPORTED')],
    [status(400, 'UNSUPPORTED'), failure('UNSUPPORTED')],
    [status(408), failure('REGISTRY_UNAVAILABLE', { status: 408 })],
    [status(429, 'TOOMANYREQUESTS'), failure('REGISTRY_UNAVAILABLE', { status: 429 })],
    [status(500), failure('REGISTRY_UNAVAILABLE', { status: 500 })],
    [status(503), failure('REGISTRY_UNAVAILABLE', { status: 503 })],
    [status(400, 'NAME_INVALID'), failure('REGISTRY_ERROR', { status: 400 })],
    [status(304), failure('REGISTRY_ERROR', { status: 304 })],
    [status(204), failure('INVALID_RESPONSE', { status: 204 })],
  ])('is told by its code: %j', async (fault, error) => {
    expect(await errorOf(subject, fault)).toEqual(error);
  });

  it('is a REGISTRY_ERROR when 404 is about nothing in particular', async () => {
    expect(await errorOf({}, status(404))).toEqual(failure('REGISTRY_ERROR', { status: 404 }));
  });

  it('names the registry by its address when nobody said how it is called', async () => {
    expect(await errorOf({}, status(401))).toEqual(failure('UNAUTHORIZED', { registry: server.host }));
  });

  it('hides what may be a secret in the address', async () => {
    const error = await errorOf(subject, status(400));
    expect(JSON.stringify([error.message, error.details])).not.toContain('secret');
    expect(error.details).toMatchObject({ url: `${server.url}/v2/a/blobs/uploads/1?_state=***&n=5` });
  });

  it.each(['MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN'])('to a manifest names what is missing: %s', async (code) => {
    const [first, second] = [digestOf('1'), digestOf('2')];
    const errors = [
      { code, detail: { digest: first } },
      { code, detail: second },
      { code, detail: { digest: first } },
    ];
    const error = await errorOf({ ...subject, manifest: digest }, body(400, { errors }));
    expect(error).toEqual(failure('MISSING_REFERENCE', { manifest: digest, missing: [first, second] }));
  });
});

describe('the body of such an answer', () => {
  const entries = async (fault: Fault): Promise<unknown> => (await errorOf({}, fault)).details;

  it('may have one error instead of a list, a number as its code, or null as its message', async () => {
    const one = { errors: { code: 'DENIED', message: 'no' } };
    expect(await entries(body(400, one))).toMatchObject({ errors: [{ code: 'DENIED', message: 'no' }] });
    server.clearFaults();
    const odd = { errors: [{ code: 7, message: null }, {}] };
    expect(await entries(body(400, odd))).toMatchObject({
      errors: [
        { code: '7', message: '' },
        { code: 'UNKNOWN', message: '' },
      ],
    });
  });

  it.each(['', '{"errors":', '[]', 'null', '{"errors":7}'])('may be no error body: %j', async (text) => {
    expect(await errorOf({}, { kind: 'status', status: 400, body: text })).toEqual(failure('REGISTRY_ERROR'));
  });

  it('is quoted when it is a sentence', async () => {
    const text = {
      kind: 'status',
      status: 400,
      body: 'Not Authorized',
      headers: { 'content-type': 'text/plain' },
    } as const;
    expect(await entries(text)).toMatchObject({ errors: [{ code: 'UNKNOWN', message: 'Not Authorized' }] });
  });

  it('is not quoted when it is a page', async () => {
    expect(await entries({ kind: 'html', status: 400 })).toMatchObject({ errors: [] });
  });

  it('is fit for a terminal', async () => {
    const message = 'red \u001b[31m\u202etxet\r\nnew line '.repeat(100);
    const error = await errorOf({}, body(400, { errors: [{ code: 'A\u0007B', message }] }));
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/\\u00|\\r|\\n|\u202e/);
    expect(error.message.length).toBeLessThan(1000);
  });

  it('is read no further than anybody would read', async () => {
    const errors = Array.from({ length: 1000 }, () => ({ code: 'X', message: 'x' }));
    expect(await entries(body(400, { errors }))).toMatchObject({ errors: { length: 10 } });
    server.clearFaults();
    const endless = { kind: 'status', status: 400, body: 'x'.repeat(5_000_000) } as const;
    expect(await errorOf({}, endless)).toEqual(failure('REGISTRY_ERROR'));
  });

  it('may break off: the status has been said', async () => {
    const error = await errorOf({}, body(503, { errors: [] }), { kind: 'truncate', afterBytes: 3 });
    expect(error).toEqual(failure('REGISTRY_UNAVAILABLE', { status: 503 }));
  });
});

function body(code: number, value: unknown): Fault {
  return { kind: 'status', status: code, body: JSON.stringify(value) };
}
