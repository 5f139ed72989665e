import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { parseMirror } from '../../../src/oci/remote/mirror.ts';
import { artifact, blob, put, putGraph, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import type { Fault } from '../../support/registry/index.ts';
import { type MirrorSetup, mirrored } from './mirrorSupport.ts';

let setup: MirrorSetup;
beforeEach(async () => {
  setup = await mirrored(2);
});
afterEach(() => setup[Symbol.asyncDispose]());

const graph = artifact(1, { size: 100_000 });
const layer = graph.contents[1] as (typeof graph.contents)[number];
const gone: Fault = { kind: 'status', status: 503 };

/** Puts the graph into the registry and the mirrors named. */
async function fill(...servers: readonly number[]): Promise<void> {
  for (const server of servers) await putGraph(setup.direct(server), graph, 'v1');
  for (const server of setup.servers) server.clearRequests();
}
const asked = (): readonly number[] => setup.servers.map((server) => server.requests().length);
const logged = (): readonly string[] => setup.log.map(({ event }) => event);
const read = () => bytesOf(setup.repository.read(layer.descriptor));

describe('mirrors', () => {
  it('are not asked while the registry answers', async () => {
    await fill(0, 1, 2);
    expect(await setup.repository.resolve(tagOf('v1'))).toEqual(graph.root.descriptor);
    expect(await read()).toEqual(Buffer.from(layer.bytes));
    expect(await Array.fromAsync(setup.repository.tags())).toEqual(['v1']);
    expect(asked().slice(1)).toEqual([0, 0]);
    expect(logged()).toEqual([]);
  });

  it('are not asked for what the registry says it has not', async () => {
    await fill(1, 2);
    await expect(setup.repository.resolve(tagOf('v1'))).rejects.toEqual(failure('NOT_FOUND'));
    await expect(read()).rejects.toEqual(failure('NOT_FOUND'));
    expect(asked().slice(1)).toEqual([0, 0]);
  });

  it.each<readonly [string, Fault]>([
    ['401', { kind: 'status', status: 401 }],
    ['403', { kind: 'status', status: 403 }],
    ['wrong content', { kind: 'corrupt', at: 5 }],
  ])('are not asked when the registry answers with %s', async (_, fault) => {
    await fill(0, 1, 2);
    setup.server(0).fail({ fault });
    await expect(read()).rejects.toMatchObject({ code: expect.not.stringMatching('REGISTRY_UNAVAILABLE') });
    expect(asked().slice(1)).toEqual([0, 0]);
  });

  it.each<readonly [string, Fault]>([
    ['503', gone],
    ['429', { kind: 'status', status: 429 }],
    ['a reset', { kind: 'reset', afterBytes: 0 }],
    ['silence', { kind: 'stall', afterBytes: 0 }],
  ])('serve content when the registry answers with %s', async (_, fault) => {
    await fill(0, 1, 2);
    setup.server(0).fail({ fault });
    expect(await read()).toEqual(Buffer.from(layer.bytes));
    expect(asked()[2]).toBe(0);
    expect(setup.log).toContainEqual(
      expect.objectContaining({
        level: 'info',
        event: 'mirror_served',
        fields: {
          repository: setup.repository.name,
          mirror: setup.direct(1).name,
          digest: layer.descriptor.digest,
        },
      }),
    );
  });

  it('serve content when the registry is not there at all', async () => {
    await fill(1);
    await setup.server(0).close();
    expect(await read()).toEqual(Buffer.from(layer.bytes));
  });

  it('are asked in their order', async () => {
    await fill(2);
    setup.server(0).fail({ fault: gone });
    setup.server(1).fail({ fault: gone });
    expect(await read()).toEqual(Buffer.from(layer.bytes));
    expect(logged()).toEqual(['mirror_failed', 'mirror_served']);
  });

  it('are passed over when they lack it, refuse it or have something else', async () => {
    await fill(2);
    setup.server(0).fail({ fault: gone });
    expect(await read()).toEqual(Buffer.from(layer.bytes));
    setup.server(1).fail({ times: 1, fault: { kind: 'status', status: 401 } });
    expect(await read()).toEqual(Buffer.from(layer.bytes));
    setup.server(1).fail({ fault: { kind: 'redirect', location: 'http://127.0.0.1:1/' } });
    expect(await read()).toEqual(Buffer.from(layer.bytes));
  });

  it('go on where the registry broke off', async () => {
    await fill(0, 1);
    setup.server(0).fail({ times: 1, fault: { kind: 'truncate', afterBytes: 40_000 } }, { skip: 1, fault: gone });
    expect(await read()).toEqual(Buffer.from(layer.bytes));
    expect(logged()).toContain('mirror_served');
  });

  it('are held against the same digest, together with what the registry sent', async () => {
    await fill(0, 1);
    setup
      .server(0)
      .fail(
        { times: 1, fault: { kind: 'corrupt', at: 3 } },
        { times: 1, fault: { kind: 'truncate', afterBytes: 40_000 } },
        { skip: 1, fault: gone },
      );
    await expect(read()).rejects.toEqual(failure('DIGEST_MISMATCH', { expected: layer.descriptor.digest }));
    setup.server(0).clearFaults();
    setup.server(0).fail({ fault: gone });
    setup.server(1).fail({ fault: { kind: 'corrupt', at: 99_000 } });
    await expect(read()).rejects.toEqual(failure('DIGEST_MISMATCH'));
  });

  it('say where a tag leads while the registry cannot, with a warning', async () => {
    await fill(1);
    setup.server(0).fail({ fault: gone });
    expect(await setup.repository.resolve(tagOf('v1'))).toEqual(graph.root.descriptor);
    expect(setup.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        event: 'mirror_resolved_tag',
        fields: expect.objectContaining({ tag: 'v1', digest: graph.root.descriptor.digest }),
      }),
    );
    expect(await Array.fromAsync(setup.repository.tags())).toEqual(['v1']);
    expect(await setup.repository.exists(layer.descriptor)).toBe(true);
  });

  it('do not turn a failure of the registry into something else', async () => {
    setup.server(0).fail({ fault: gone });
    await expect(setup.repository.resolve(tagOf('v1'))).rejects.toEqual(
      failure('REGISTRY_UNAVAILABLE', { registry: setup.server(0).host }),
    );
    await expect(read()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE', { registry: setup.server(0).host }));
  });

  it('are not asked by somebody who has cancelled', async () => {
    await fill(1);
    setup.server(0).fail({ fault: gone });
    const abort = new AbortController();
    abort.abort();
    await expect(setup.repository.resolve(tagOf('v1'), { signal: abort.signal })).rejects.toEqual(failure('CANCELLED'));
    expect(asked()).toEqual([0, 0, 0]);
  });

  it('are not written to, and not asked by somebody who did not want them', async () => {
    const content = blob(9);
    await put(setup.repository, content);
    expect(setup.server(0).repository('team/product').blobs.has(content.descriptor.digest)).toBe(true);
    expect(asked().slice(1)).toEqual([0, 0]);
    setup.server(0).fail({ fault: gone });
    await expect(put(setup.repository, blob(10))).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    await expect(setup.unmirrored.resolve(tagOf('v1'))).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(asked().slice(1)).toEqual([0, 0]);
  });

  it('are reached below their prefix', async () => {
    await using prefixed = await mirrored(1, { prefix: 'proxy/main' });
    prefixed.server(1).repository('proxy/main/team/product').putBlob(layer.bytes);
    prefixed.server(0).fail({ fault: gone });
    expect(await bytesOf(prefixed.repository.read(layer.descriptor))).toEqual(Buffer.from(layer.bytes));
  });

  it('never get the credentials of the registry, but their own', async () => {
    const [home, away] = [
      { username: 'home', password: 'secret of home' },
      { username: 'away', password: 'secret of away' },
    ];
    await using guarded = await mirrored(2, { auth: [home, away, undefined] });
    guarded.server(2).repository('team/product').putBlob(layer.bytes);
    guarded.server(0).fail({ skip: 1, fault: gone });
    expect(await bytesOf(guarded.repository.read(layer.descriptor))).toEqual(Buffer.from(layer.bytes));
    const sent = guarded.servers.map((server) => [
      ...new Set(server.requests().flatMap(({ headers }) => headers['authorization'] ?? [])),
    ]);
    const basic = ({ username, password }: typeof home): string => `Basic ${btoa(`${username}:${password}`)}`;
    expect(sent).toEqual([[basic(home)], [basic(away)], []]);
  });
});

describe('a mirror is written', () => {
  it.each([
    ['mirror.example', { registry: 'mirror.example' }],
    ['oci://Mirror.example:5000/', { registry: 'mirror.example:5000' }],
    ['mirror.example/proxy/hub', { registry: 'mirror.example', prefix: 'proxy/hub' }],
    ['[::1]:5000/a/', { registry: '[::1]:5000', prefix: 'a' }],
  ])('%s', (input, mirror) => {
    expect(parseMirror(input)).toEqual(mirror);
  });

  it.each(['', '/', 'https://mirror.example', 'mirror.example/UPPER', 'mirror.example/a//b', 'a b'])(
    'not %j',
    (input) => {
      expect(() => parseMirror(input)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          details: { argument: 'mirrors', value: input, accepted: 'HOST[:PORT] or HOST[:PORT]/PREFIX' },
        }),
      );
    },
  );
});
