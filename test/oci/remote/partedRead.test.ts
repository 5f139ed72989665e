import { afterEach, describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { blob } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import type { Fault } from '../../support/registry/index.ts';
import { type Connected, type ConnectOptions, connect } from './support.ts';

const MIB = 1024 * 1024;
/** Nine parts, the last of which is short. */
const large = blob(1, { size: 32 * MIB + 1000 });

let connected: Connected | undefined;
afterEach(() => connected?.[Symbol.asyncDispose]());

const start = async (options: ConnectOptions = {}): Promise<Connected> => {
  connected = await connect(options);
  connected.server.repository('team/product').blobs.set(large.descriptor.digest, large.bytes);
  return connected;
};
const readFrom = async ({ repository }: Connected): Promise<string> =>
  digestOf(await bytesOf(repository().read(large.descriptor)));
const ranges = ({ server }: Connected): readonly (string | undefined)[] =>
  server.requests({ method: 'GET' }).map(({ headers }) => headers['range']);

describe('a large blob', () => {
  it('that does not come fast comes in parts, several at once, each byte once', async () => {
    const all = await start();
    all.server.fail({ fault: { kind: 'delay', milliseconds: 100 } });
    expect(await readFrom(all)).toBe(large.descriptor.digest);
    const parts = Array.from({ length: 8 }, (_, at) => `bytes=${at * 4 * MIB}-${(at + 1) * 4 * MIB - 1}`);
    expect(ranges(all)[0]).toBe(parts[0]);
    expect(new Set(ranges(all))).toEqual(new Set([...parts, `bytes=${32 * MIB}-`]));
    expect(ranges(all)).toHaveLength(9);
    const requests = all.server.requests();
    expect(Math.max(...requests.map(({ overlap }) => overlap))).toBeGreaterThan(1);
    expect(requests.reduce((sum, { sent }) => sum + sent, 0)).toBe(large.descriptor.size);
  });

  it('comes in one stream beside another one, which has no more parts then', async () => {
    const all = await start();
    await Promise.all([readFrom(all), readFrom(all)]);
    expect(new Set(ranges(all))).toEqual(new Set(['bytes=0-4194303', undefined, 'bytes=4194304-']));
    expect(ranges(all)).toHaveLength(3);
  });

  it.each(['ignored', 'misplaced', 'refused'] as const)(
    'comes in one stream where ranges are %s, and is not asked for in parts again',
    async (answer) => {
      const all = await start({ quirks: { ranges: answer } });
      expect(await readFrom(all)).toBe(large.descriptor.digest);
      expect(ranges(all)).toContain(undefined);
      all.server.clearRequests();
      expect(await readFrom(all)).toBe(large.descriptor.digest);
      expect(ranges(all)).toEqual([undefined]);
    },
  );

  it.each<readonly [string, Fault]>([
    ['breaks off', { kind: 'reset', afterBytes: 3 * MIB }],
    ['ends too early', { kind: 'truncate', afterBytes: 2 * MIB }],
    ['is not to be had for now', { kind: 'status', status: 503 }],
  ])('goes on where it was when a part %s', async (_, fault) => {
    const all = await start();
    all.server.fail({ method: 'GET', path: /blobs/, skip: 2, times: 1, fault });
    if (fault.kind === 'status') await expect(readFrom(all)).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    else expect(await readFrom(all)).toBe(large.descriptor.digest);
  });

  it('goes on in one stream where ranges are no longer honoured', async () => {
    const all = await start();
    const fault: Fault = { kind: 'status', status: 416 };
    all.server.fail({ method: 'GET', path: /blobs/, skip: 3, times: 1, fault });
    expect(await readFrom(all)).toBe(large.descriptor.digest);
    expect(ranges(all)).toContain(undefined);
  });

  it('that is not what its digest says fails before its end', async () => {
    const all = await start();
    all.server.fail({ method: 'GET', path: /blobs/, skip: 1, times: 1, fault: { kind: 'corrupt', at: MIB } });
    await expect(readFrom(all)).rejects.toEqual(failure('DIGEST_MISMATCH'));
  });

  it('leaves nothing under way when its reader has had enough', async () => {
    const all = await start();
    for await (const _ of all.repository().read(large.descriptor)) break;
    const asked = all.server.requests().length;
    expect(await all.repository().exists(large.descriptor)).toBe(true);
    expect(all.server.requests()).toHaveLength(asked + 1);
  });
});
