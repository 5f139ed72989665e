import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createStores,
  type Facts,
  fixed,
  HttpRecording,
  isOciError,
  type LogFields,
  parseDigest,
  parseReference,
  parseTag,
  silentTelemetry,
  type Telemetry,
  visibleJson,
} from '../../src/oci/index.ts';
import { type Adapter, answer, errorAnswer, startRegistry } from '../support/registry/index.ts';
import { SecretSearch } from '../support/secretSearch.ts';

/*
 * A registry gets a password, and gives it back: in any place of its answers, in any spelling, amid any other text. None of
 * it comes out in an error, in the log, in a recording or in a trace.
 */

const spellings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  uri: (secret) => encodeURIComponent(secret),
  form: (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  json: (secret) => JSON.stringify(secret),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 of more': (secret) => Buffer.from(`ann:${secret} it was`).toString('base64'),
  base64url: (secret) => Buffer.from(`x${secret}`).toString('base64url'),
};

/** What the registry says to whoever has signed in. @param said the secret, spelled somehow, amid other text */
const places: Readonly<Record<string, (status: number, said: string) => ReturnType<typeof answer>>> = {
  'an error': (status, said) => errorAnswer(status, 'NOPE', `no: ${said}`),
  'the code of an error': (status, said) => errorAnswer(status, said, 'no'),
  'the detail of an error': (status, said) => errorAnswer(status, 'NOPE', 'no', { detail: { said } }),
  'a text': (status, said) => answer(status, { 'content-type': 'text/plain' }, said),
  'a page': (status, said) => answer(status, { 'content-type': 'text/html' }, `<p>${said}`),
  'a manifest': (_, said) => answer(200, { 'content-type': MANIFEST }, JSON.stringify({ schemaVersion: 2, said })),
  'the type of a manifest': (_, said) =>
    answer(200, { 'content-type': MANIFEST }, JSON.stringify({ schemaVersion: 2, mediaType: said })),
  'no JSON': (_, said) => answer(200, { 'content-type': MANIFEST }, said),
  'a media type': (_, said) => answer(200, { 'content-type': `application/${said}` }, '{}'),
  ...Object.fromEntries(
    ['warning', 'server', 'etag', 'docker-content-digest', 'retry-after', 'date', 'x-echo', 'www-authenticate'].map(
      (name) => [`the header ${name}`, (status: number, said: string) => answer(status, { [name]: said }, '{}')],
    ),
  ),
  'the name of a header': (status, said) => answer(status, { [said.replace(/[^\w-]/g, '') || 'x']: 'y' }, '{}'),
  'a redirect': (_, said) => answer(307, { location: `https://127.0.0.2/${said}?a=${said}` }),
  'a link': (_, said) => answer(200, { link: `</v2/${said}?last=${said}>; rel="next"` }, '{"tags":["v1"]}'),
  'a link elsewhere': (_, said) => answer(200, { link: `<https://127.0.0.2/${said}>; rel="next"` }, '{"tags":[]}'),
  'the names of a list': (_, said) =>
    answer(200, { 'content-type': 'application/json' }, JSON.stringify({ tags: [`/${said}`] })),
};
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Keeps all that is said of what goes on. */
function listening(said: unknown[]): Telemetry {
  const note = (facts: Facts): void => void said.push(facts);
  const span = {
    set: note,
    fail: (code: string) => void said.push(code),
    count: () => {},
    traceparentFor: () => undefined,
  };
  return {
    ...silentTelemetry,
    span: (name, facts, run) => {
      said.push(name, facts);
      return run(span);
    },
  };
}

function all(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return [error];
  const details = isOciError(error) ? error.details : {};
  return [error.message, details, ...(error.cause === undefined ? [] : all(error.cause))];
}

const printable = fc.stringMatching(/^[!-~]{8,40}$/);
const around = fc.oneof(
  fc.constantFrom('', ' ', 'token: ', 'X-Custom: ', '"auth":"', "key='", '?a=', 'https://u:', '&', '\\"', 'x', '***'),
  fc.stringMatching(/^[ -~]{0,12}$/),
);

it('what a registry repeats of a secret is seen nowhere', { timeout: 60_000 }, async () => {
  let reply: ReturnType<typeof answer> = answer(200);
  const hostile: Adapter = async ({ headers }) =>
    headers['authorization'] === undefined
      ? answer(401, { 'www-authenticate': 'Basic realm="r"' })
      : { ...reply, headers: { ...reply.headers } };
  await using server = await startRegistry({ adapters: [hostile] });
  const reference = parseReference(`${server.host}/team/product:v1`);
  if (reference.kind !== 'registry') throw new Error('a reference to a registry is due');

  await fc.assert(
    fc.asyncProperty(
      printable,
      fc.constantFrom(...Object.keys(places)),
      fc.constantFrom(...Object.keys(spellings)),
      fc.constantFrom(200, 201, 202, 400, 401, 403, 404, 405, 409, 416, 429, 500, 503),
      around,
      around,
      async (password, place, spelling, status, before, after) => {
        const said: unknown[] = [];
        const recording = new HttpRecording();
        const at = (event: string, fields: LogFields = {}): void =>
          void said.push(event, ...Object.values(fields).flatMap(all));
        const stores = createStores({
          engine: 'undici',
          credentials: fixed({ kind: 'basic', source: 'test', username: 'ann', password }, server.host),
          logger: { trace: at, debug: at, info: at, warn: at, error: at },
          telemetry: listening(said),
          recording,
          retry: { maxAttempts: 1 },
          circuitBreaker: { enabled: false },
          userAgent: 'floe-oci/test',
        });
        const spelled = spellings[spelling]?.(password) ?? '';
        reply = places[place]?.(status, before + spelled + after) ?? reply;
        const repository = await stores.repository(reference);
        const digest = parseDigest(`sha256:${'0'.repeat(64)}`);
        for (const ask of [
          () => repository.resolve(parseTag('v1')),
          () => Array.fromAsync(repository.tags()),
          () => Array.fromAsync(repository.referrers(digest)),
        ]) {
          await ask().catch((error: unknown) => said.push(...all(error)));
        }
        await stores.close();
        const search = new SecretSearch();
        search.add('the password', password);
        expect(search.leaksIn(visibleJson(said), 'what was said')).toEqual([]);
        expect(search.leaksIn(recording.toHar('1'), 'the recording')).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});
