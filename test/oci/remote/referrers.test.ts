import { afterEach, describe, expect, it } from 'vitest';
import type { ReferrersOptions } from '../../../src/oci/content/store.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';
import { artifact, imageIndex, type ManifestContent, multiPlatform, put, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { referrerOf } from '../../support/referrerContract.ts';
import type { Fault, Quirks } from '../../support/registry/index.ts';
import { type Connected, connect, gathered } from './support.ts';

const SBOM = 'application/vnd.example.sbom.v1+json';
const SIGNATURE = 'application/vnd.example.signature.v1';
const API = /\/referrers\//;

const graph = artifact(1);
const subject = graph.root.descriptor.digest;
const tag = referrersTagOf(subject);
const sbom = referrerOf(graph.root, SBOM);
const signature = referrerOf(graph.root, SIGNATURE);

let connected: Connected | undefined;
afterEach(() => connected?.[Symbol.asyncDispose]());

/** A registry that has the subject. */
async function withSubject(quirks: Quirks = {}): Promise<Connected> {
  connected = await connect({ quirks });
  await putGraph(connected.repository(), graph, 'v1');
  connected.server.clearRequests();
  return connected;
}

/** A registry in which a client has listed the SBOM under the tag, and which knows of the signature itself. */
async function withBoth(): Promise<Connected> {
  const all = await withSubject();
  await put(all.repository(), signature);
  const { bytes, mediaType } = { ...imageIndex([{ ...sbom, descriptor: described(sbom, SBOM) }]), ...INDEX };
  all.server.repository('team/product').putManifest(bytes, mediaType, tag);
  all.server.clearRequests();
  return all;
}

const INDEX = { mediaType: MediaType.imageIndex };
const described = ({ descriptor }: ManifestContent, artifactType: string) => ({ ...descriptor, artifactType });

async function typesOf(all: Connected, options?: ReferrersOptions): Promise<readonly unknown[]> {
  const referrers = await gathered(all.fresh().referrers(subject, options));
  return referrers.map(({ artifactType }) => artifactType);
}

/** What is listed under the tag. */
function indexIn({ server }: Connected): Record<string, unknown> & { manifests: Record<string, unknown>[] } {
  const repository = server.repository('team/product');
  const stored = repository.manifests.get(repository.tags.get(tag) ?? '');
  if (!stored) throw new Error(`there is no ${tag}`);
  return JSON.parse(Buffer.from(stored.bytes).toString('utf8'));
}

describe('the list of referrers is the one under the tag where the registry has no API for it, which shows when it', () => {
  it.each<readonly [string, Fault]>([
    ['does not know the path', { kind: 'status', status: 404 }],
    ['thinks the path wrong', { kind: 'status', status: 400 }],
    ['does not allow it', { kind: 'status', status: 405 }],
    ['has nothing of that type', { kind: 'status', status: 406 }],
    ['has not implemented it', { kind: 'status', status: 501 }],
    ['shows a web page', { kind: 'html' }],
    ['leads to a web page', { kind: 'redirect', location: '/login' }],
    ['answers without a type', { kind: 'header', name: 'content-type', value: null }],
    ['answers in plain text', { kind: 'header', name: 'content-type', value: 'text/plain' }],
  ])('%s', async (_, fault) => {
    const all = await withBoth();
    all.server.fail({ path: API, fault });
    if (fault.kind === 'redirect') all.server.fail({ path: /\/login/, fault: { kind: 'html' } });
    expect(await typesOf(all)).toEqual([SBOM]);
    expect(await typesOf(all, { artifactType: SIGNATURE })).toEqual([]);
  });

  it('answers in JSON that is no index', async () => {
    const all = await withBoth();
    all.server.fail(
      { path: API, fault: { kind: 'header', name: 'content-type', value: 'application/json' } },
      { path: API, fault: { kind: 'body', body: '{"errors":[]}' } },
    );
    expect(await typesOf(all)).toEqual([SBOM]);
  });
});

describe('the list of referrers is that of the API', () => {
  it('in one request, which asks for an index', async () => {
    const all = await withBoth();
    expect(await typesOf(all)).toEqual([SIGNATURE]);
    expect(all.server.lines()).toEqual([`GET /v2/team/product/referrers/${subject}`]);
    expect(all.server.requests()[0]?.headers['accept']).toBe(MediaType.imageIndex);
  });

  it('when an index comes as mere JSON, or its type has parameters', async () => {
    const all = await withBoth();
    for (const value of ['application/json', `${MediaType.imageIndex}; charset=utf-8`]) {
      all.server.clearFaults();
      all.server.fail({ path: API, fault: { kind: 'header', name: 'content-type', value } });
      expect(await typesOf(all)).toEqual([SIGNATURE]);
    }
  });

  it.each<readonly [string, Fault, object]>([
    ['wants to know who asks', { kind: 'status', status: 401 }, failure('UNAUTHORIZED')],
    ['does not let us', { kind: 'status', status: 403 }, failure('DENIED')],
    ['is down', { kind: 'status', status: 503 }, failure('REGISTRY_UNAVAILABLE')],
    ['sends an index that is none', { kind: 'body', body: '{"manifests":7}' }, failure('INVALID_RESPONSE')],
    ['sends half an index', { kind: 'body', body: '{"manifests":[' }, failure('INVALID_RESPONSE')],
    ['lists what has no digest', { kind: 'body', body: '{"manifests":[{"size":1}]}' }, failure('INVALID_RESPONSE')],
    ['sends too much', { kind: 'body', body: Buffer.alloc(8 * 1024 * 1024 + 1, ' ') }, failure('LIMIT_EXCEEDED')],
  ])('or an error, never the list under the tag, when it %s', async (_, fault, error) => {
    const all = await withBoth();
    all.server.fail({ path: API, fault });
    await expect(typesOf(all)).rejects.toEqual(error);
  });

  it('page by page, and a page that is lost is an error', async () => {
    const all = await withSubject({ referrersPageSize: 2 });
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await put(all.repository(), referrerOf(graph.root, SBOM, name));
    expect(await typesOf(all)).toHaveLength(5);
    expect(all.server.requests({ path: API })).toHaveLength(3);
    for (const fault of [{ kind: 'status', status: 404 }, { kind: 'html' }] satisfies Fault[]) {
      all.server.clearFaults();
      all.server.fail({ path: API, skip: 2, fault });
      await expect(typesOf(all)).rejects.toEqual(expect.objectContaining({ name: 'OciError' }));
    }
  });

  it.each<readonly [string, string, object]>([
    ['to itself', `</v2/team/product/referrers/${subject}>; rel="next"`, failure('INVALID_RESPONSE')],
    ['elsewhere', '<http://127.0.0.2/v2/x>; rel="next"', failure('REDIRECT_REFUSED')],
  ])('unless a page leads %s', async (_, value, error) => {
    const all = await withBoth();
    all.server.fail({ path: API, fault: { kind: 'header', name: 'link', value } });
    await expect(typesOf(all)).rejects.toEqual(error);
  });

  it.each([true, false])('of one type, filtered by whoever does it (the registry: %s)', async (filtersReferrers) => {
    const all = await withSubject({ filtersReferrers, referrersPageSize: 1 });
    for (const referrer of [sbom, signature]) await put(all.repository(), referrer);
    all.server.clearRequests();
    expect(await typesOf(all, { artifactType: SBOM })).toEqual([SBOM]);
    expect(all.server.lines()[0]).toBe(
      `GET /v2/team/product/referrers/${subject}?artifactType=${encodeURIComponent(SBOM)}`,
    );
    expect(all.server.requests()).toHaveLength(filtersReferrers ? 1 : 2);
  });

  it('with each once, though the registry says it twice', async () => {
    const all = await withBoth();
    const manifests = [signature, sbom, signature].map((each) => described(each, SBOM));
    all.server.fail({ path: API, fault: { kind: 'body', body: JSON.stringify({ schemaVersion: 2, manifests }) } });
    expect(await typesOf(all)).toEqual([SBOM, SBOM]);
  });

  it('unless there are more than anybody attaches to one manifest', async () => {
    const all = await withBoth();
    const manifests = Array.from({ length: 10_001 }, (_, i) => ({ ...sbom.descriptor, digest: digestOf(String(i)) }));
    all.server.fail({ path: API, fault: { kind: 'body', body: JSON.stringify({ schemaVersion: 2, manifests }) } });
    await expect(typesOf(all)).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: 10_000 }));
  });

  it('without what is no manifest of a kind that we read, and the log says so', async () => {
    const all = await withBoth();
    const mediaType = 'application/vnd.oci.artifact.manifest.v1+json';
    const manifests = [{ ...signature.descriptor, mediaType }, described(signature, SIGNATURE)];
    const old = { ...signature.descriptor, mediaType, digest: digestOf('old') };
    const body = JSON.stringify({ schemaVersion: 2, manifests: [old, ...manifests.slice(1)] });
    all.server.fail({ path: API, fault: { kind: 'body', body } });
    expect(await typesOf(all)).toEqual([SIGNATURE]);
    expect(all.log).toContainEqual(expect.objectContaining({ level: 'warn', event: 'referrer_skipped' }));
  });
});

describe('what is under the tag is no list of referrers when it', () => {
  const cases: readonly (readonly [string, (all: Connected) => void])[] = [
    ['is a manifest', ({ server }) => void server.repository('team/product').tags.set(tag, subject)],
    [
      'is no manifest at all',
      ({ server }) => void server.repository('team/product').putManifest('[]', MediaType.imageIndex, tag),
    ],
    [
      "is Docker's list of manifests",
      ({ server }) =>
        void server
          .repository('team/product')
          .putManifest('{"schemaVersion":2,"manifests":[]}', MediaType.dockerManifestList, tag),
    ],
    ['is a web page', ({ server }) => server.fail({ path: /\/manifests\/sha256-/, fault: { kind: 'html' } })],
  ];

  it.each(cases)('%s', async (_, spoil) => {
    const all = await withSubject({ referrersApi: false });
    spoil(all);
    expect(await typesOf(all)).toEqual([]);
  });

  it('is the subject itself, an index, because the registry takes the tag for a digest, as GitLab does', async () => {
    const all = await withSubject({ referrersApi: false, dashedDigests: true });
    const index = multiPlatform(2);
    await putGraph(all.repository(), index, 'multi');
    expect(await gathered(all.repository().referrers(index.root.descriptor.digest))).toEqual([]);
  });
});

describe('a referrer that is written', () => {
  it('is left to a registry that says it has listed it', async () => {
    const all = await withSubject();
    await put(all.repository(), sbom);
    expect(all.server.requests({ path: /sha256-/ })).toEqual([]);
  });

  it('is listed under the tag in two more requests where the registry does not say so', async () => {
    const all = await withSubject({ referrersApi: false });
    await put(all.repository(), sbom);
    const manifests = '/v2/team/product/manifests';
    expect(all.server.lines()).toEqual([
      `HEAD ${manifests}/${sbom.descriptor.digest}`,
      `PUT ${manifests}/${sbom.descriptor.digest}`,
      `GET ${manifests}/${tag}`,
      `PUT ${manifests}/${tag}`,
    ]);
    const { annotations } = JSON.parse(Buffer.from(sbom.bytes).toString('utf8'));
    expect(indexIn(all)).toEqual({
      schemaVersion: 2,
      mediaType: MediaType.imageIndex,
      manifests: [{ ...described(sbom, SBOM), annotations }],
    });
  });

  it('joins what others have listed, which stays as it is', async () => {
    const all = await withSubject({ referrersApi: false });
    const other = { ...described(signature, SIGNATURE), 'x-own': [1], platform: { os: 'linux', architecture: 'arm' } };
    const document = { schemaVersion: 2, ...INDEX, manifests: [other], annotations: { a: 'b' }, 'x-more': true };
    all.server.repository('team/product').putManifest(JSON.stringify(document), MediaType.imageIndex, tag);
    await putGraph(all.repository(), { root: signature, contents: [signature] });
    await put(all.repository(), sbom);
    const { manifests, ...rest } = indexIn(all);
    expect(rest).toEqual({ schemaVersion: 2, ...INDEX, annotations: { a: 'b' }, 'x-more': true });
    expect(manifests).toEqual([other, expect.objectContaining({ digest: sbom.descriptor.digest })]);
  });

  it('replaces only what it has read: a change in between is done anew', async () => {
    const all = await withSubject({ referrersApi: false });
    await put(all.repository(), signature);
    const before = all.server.repository('team/product').tags.get(tag);
    all.server.clearRequests();
    all.server.fail({ method: 'PUT', path: /sha256-/, times: 1, fault: { kind: 'status', status: 412 } });
    await put(all.repository(), sbom);
    const puts = all.server.requests({ method: 'PUT', path: /sha256-/ });
    expect(puts.map(({ headers }) => headers['if-match'])).toEqual([`"${before}"`, `"${before}"`]);
    expect(indexIn(all).manifests).toHaveLength(2);
  });

  it('gives up on a tag that always changes', async () => {
    const all = await withSubject({ referrersApi: false });
    all.server.fail({ method: 'PUT', path: /sha256-/, fault: { kind: 'status', status: 412 } });
    await expect(put(all.repository(), sbom)).rejects.toEqual(failure('REGISTRY_ERROR', { status: 412 }));
  });

  it.each([false, true])(
    'survives clients at once where the registry minds conditions (first one: %s)',
    async (first) => {
      const all = await withSubject({ referrersApi: false });
      if (!first) await put(all.repository(), signature);
      const referrers = Array.from({ length: 6 }, (_, i) => referrerOf(graph.root, SBOM, String(i)));
      await Promise.all(referrers.map((referrer) => put(all.fresh(), referrer)));
      expect(indexIn(all).manifests).toHaveLength(first ? 6 : 7);
    },
  );

  it.each(['W/"weak"', null])('sends no If-Match where the ETag is %s', async (value) => {
    const all = await withSubject({ referrersApi: false });
    await put(all.repository(), signature);
    all.server.fail({ method: 'GET', path: /sha256-/, fault: { kind: 'header', name: 'etag', value } });
    all.server.clearRequests();
    await put(all.repository(), sbom);
    const [request] = all.server.requests({ method: 'PUT', path: /sha256-/ });
    expect(request?.headers).not.toMatchObject({ 'if-match': expect.anything() });
    expect(request?.headers).not.toMatchObject({ 'if-none-match': expect.anything() });
  });

  it.each([
    ['a manifest', graph.root.bytes, MediaType.imageManifest, 'WRONG_ARTIFACT_TYPE'],
    ['a list of Docker', '{"schemaVersion":2,"manifests":[]}', MediaType.dockerManifestList, 'WRONG_ARTIFACT_TYPE'],
    ['no manifest', '{}', MediaType.imageIndex, 'INVALID_MANIFEST'],
  ] as const)('does not overwrite %s that has the tag', async (_, bytes, mediaType, code) => {
    const all = await withSubject({ referrersApi: false });
    const other = artifact(9).root;
    const content = mediaType === MediaType.imageManifest ? other.bytes : bytes;
    const digest = all.server.repository('team/product').putManifest(content, mediaType, tag);
    await expect(put(all.repository(), sbom)).rejects.toEqual(failure(code));
    expect(all.server.repository('team/product').tags.get(tag)).toBe(digest);
  });

  it('has the tag where the registry takes it for a digest only as long as there is no such tag', async () => {
    const all = await withSubject({ referrersApi: false, dashedDigests: true });
    await put(all.repository(), sbom);
    expect(await typesOf(all)).toEqual([SBOM]);
  });

  it('is UNSUPPORTED where the registry never gives the tag back', async () => {
    const all = await withSubject({ referrersApi: false });
    const location = (path: string) => path.replace('sha256-', 'sha256:');
    all.server.fail({ method: 'GET', path: /\/manifests\/sha256-/, fault: { kind: 'redirect', location } });
    await expect(put(all.repository(), sbom)).rejects.toEqual(failure('UNSUPPORTED'));
  });

  it('is listed under half of a sha512 digest', async () => {
    const all = await withSubject({ referrersApi: false });
    const digest = digestOf(graph.root.bytes, 'sha512');
    const root: ManifestContent = { ...graph.root, descriptor: { ...graph.root.descriptor, digest } };
    await put(all.repository(), referrerOf(root, SBOM));
    expect([...all.server.repository('team/product').tags.keys()]).toContain(`sha512-${digest.slice(7, 71)}`);
    expect(await gathered(all.repository().referrers(digest))).toHaveLength(1);
  });

  it('is not listed again when it only gets a tag', async () => {
    const all = await withSubject({ referrersApi: false });
    await put(all.repository(), sbom);
    all.server.clearRequests();
    await all.repository().tag(sbom.descriptor, tag.slice(0, 5) as typeof tag);
    expect(all.server.requests({ path: /sha256-/ })).toEqual([]);
  });
});
