import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { type Abilities, ownAbilities } from '../../../src/oci/remote/abilities.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import type { UploadMode } from '../../../src/oci/remote/uploadHabits.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { artifact, blob, put, putGraph, tagOf } from '../../support/artifacts.ts';
import { referrerOf } from '../../support/referrerContract.ts';
import { type Adapter, errorAnswer, type RegistryOptions } from '../../support/registry/index.ts';
import { connect, gathered } from './support.ts';

/** A registry, and clients that come after one another and know what those before them have found out. */
async function start(options: RegistryOptions, known: Abilities = {}) {
  const connected = await connect(options);
  const { server, transport } = connected;
  const abilities = ownAbilities();
  abilities.learn(known);
  const next = (uploadMode: UploadMode = 'monolithic') => {
    server.clearRequests();
    const registry = new Registry({ host: server.host, plainHttp: true, transport, abilities, uploadMode });
    return { registry, repository: registry.repository(parseRepositoryName('team/product')) };
  };
  const statuses = () => server.requests().map(({ method, status }) => `${method} ${status}`);
  return { ...connected, abilities, next, statuses };
}

const MIB = 1024 * 1024;
const large = (seed: number) => blob(seed, { size: 9 * MIB });

describe('what a registry refuses', () => {
  it('as too large is sent to it in chunks from then on', async () => {
    await using it = await start({ quirks: { maxBody: 8 * MIB } });
    const [first, second] = [large(1), large(2)];
    await it.next().repository.write(first.descriptor, sourceOf(first.bytes));
    expect(it.statuses()).toContain('PUT 413');
    expect(it.abilities.current).toMatchObject({ wholeUploads: false, chunkedUploads: true });
    await it.next().repository.write(second.descriptor, sourceOf(second.bytes));
    expect(it.statuses()).toEqual(['HEAD 404', 'POST 202', 'PATCH 202', 'PATCH 202', 'PUT 201']);
  });

  it('in chunks is sent to it whole from then on, whatever the setting', async () => {
    await using it = await start({ quirks: { chunks: 'refused' } });
    const [first, second] = [large(1), large(2)];
    await it.next('chunked').repository.write(first.descriptor, sourceOf(first.bytes));
    expect(it.statuses()).toContain('PATCH 405');
    expect(it.abilities.current).toMatchObject({ wholeUploads: true, chunkedUploads: false });
    await it.next('chunked').repository.write(second.descriptor, sourceOf(second.bytes));
    expect(it.statuses()).toEqual(['HEAD 404', 'POST 202', 'PUT 201']);
  });

  it('and takes by now is found out by what it refuses instead', async () => {
    await using it = await start({ quirks: { chunks: 'refused' } }, { wholeUploads: false, chunkedUploads: true });
    const content = large(1);
    await it.next().repository.write(content.descriptor, sourceOf(content.bytes));
    expect(it.abilities.current).toMatchObject({ wholeUploads: true, chunkedUploads: false });
  });

  it('as a mount is not asked of it again', async () => {
    const refuses: Adapter = async (exchange, next) =>
      exchange.query.has('mount') ? errorAnswer(405, 'UNSUPPORTED', 'no mounts') : next(exchange);
    await using it = await start({ adapters: [refuses] });
    const from = parseRepositoryName('team/other');
    const write = async (content: ReturnType<typeof blob>) => {
      const { registry, repository } = it.next();
      const origin = registry.repository(from);
      await repository.write(content.descriptor, sourceOf(content.bytes), { origin });
      return it.server.requests({ path: /mount=/ }).length;
    };
    it.server.repository(from).putBlob(blob('x').bytes);
    expect([await write(blob('one')), await write(blob('two'))]).toEqual([1, 0]);
    expect(it.abilities.current.mount).toBe(false);
  });

  it('as a page of a thousand is not asked of it again', async () => {
    await using it = await start({ quirks: { maxPageSize: 100, largePages: 'refuse' } });
    await putGraph(it.repository(), artifact(1), 'v1');
    expect(await gathered(it.next().repository.tags())).toEqual(['v1']);
    expect(it.statuses()).toEqual(['GET 400', 'GET 200']);
    expect(await gathered(it.next().repository.tags())).toEqual(['v1']);
    expect(it.statuses()).toEqual(['GET 200']);
  });

  it('as a condition is left out, and the tag looked at instead', async () => {
    const chokes: Adapter = async (exchange, next) =>
      exchange.method === 'PUT' && (exchange.headers['if-match'] ?? exchange.headers['if-none-match']) !== undefined
        ? errorAnswer(400, 'UNKNOWN', 'bad header')
        : next(exchange);
    await using it = await start({ adapters: [chokes] });
    const { root } = artifact(1);
    await putGraph(it.repository(), artifact(1));
    const tag = (name: string) => it.next().repository.tag(root.descriptor, tagOf(name), { expected: 'absent' });
    await tag('v1');
    expect(it.statuses()).toContain('PUT 400');
    expect(it.abilities.current.conditionalWrites).toBe(false);
    await tag('v2');
    expect(it.statuses().filter((line) => line.startsWith('PUT'))).toEqual(['PUT 201']);
    expect(it.statuses()).toContain('GET 404');
  });
});

describe('the API for referrers', () => {
  it('that is missing is not asked for again', async () => {
    await using it = await start({ quirks: { referrersApi: false } });
    const graph = artifact(1);
    await putGraph(it.repository(), graph, 'v1');
    await put(it.repository(), referrerOf(graph.root, 'application/vnd.example.sbom'));
    const list = async () => gathered(it.next().repository.referrers(graph.root.descriptor.digest));
    expect(await list()).toHaveLength(1);
    expect(it.abilities.current.referrersApi).toBe(false);
    expect(await list()).toHaveLength(1);
    expect(it.server.requests({ path: /\/referrers\// })).toEqual([]);
  });

  it('that something before the registry has hidden once hides no referrers from then on', async () => {
    let isHidden = true;
    const gateway: Adapter = async (exchange, next) =>
      isHidden && exchange.path.includes('/referrers/')
        ? { status: 404, headers: { 'content-type': 'text/plain' }, body: Buffer.from('default backend - 404') }
        : next(exchange);
    await using it = await start({ adapters: [gateway] });
    const graph = artifact(1);
    await putGraph(it.repository(), graph, 'v1');
    await put(it.repository(), referrerOf(graph.root, 'application/vnd.example.sbom'));
    const list = async () => gathered(it.next().repository.referrers(graph.root.descriptor.digest));
    expect(await list()).toEqual([]);
    expect(it.abilities.current.referrersApi).toBe(false);
    isHidden = false;
    expect(await list()).toHaveLength(1);
    expect(it.abilities.current.referrersApi).toBe(true);
  });

  it('is not taken for missing because a repository is', async () => {
    const unknown: Adapter = async (exchange, next) =>
      exchange.path.includes('/referrers/') ? errorAnswer(404, 'NAME_UNKNOWN', 'no such repository') : next(exchange);
    await using it = await start({ adapters: [unknown] });
    const digest = artifact(1).root.descriptor.digest;
    expect(await gathered(it.next().repository.referrers(digest))).toEqual([]);
    expect(it.abilities.current.referrersApi).toBeUndefined();
  });
});
