import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { sourceIn, throughEach } from '../../../src/oci/content/sources.ts';
import { blob } from '../../support/artifacts.ts';

const content = blob('0123456789');
const calls = { signal: new AbortController().signal };

async function* from(offset: number): AsyncGenerator<Uint8Array> {
  yield content.bytes.subarray(offset);
}

async function* shouted(stream: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${offset}:`);
  yield* stream;
}

describe('content in a store', () => {
  it('is opened anew each time', async () => {
    const source = sourceIn({ read: () => from(0) }, content.descriptor, calls);
    expect([await text(source()), await text(source())]).toEqual(['0123456789', '0123456789']);
  });

  it('cannot be opened further on where the store cannot', () => {
    const source = sourceIn({ read: () => from(0) }, content.descriptor, calls);
    expect(source.after).toBeUndefined();
    expect(throughEach(source, shouted).after).toBeUndefined();
  });

  it('is opened further on where the store can, with the options of the call', async () => {
    const asked: unknown[] = [];
    const store = {
      read: () => expect.unreachable(),
      readAfter: (...call: readonly [unknown, number, unknown?]) => {
        asked.push(call);
        return from(call[1]);
      },
    };
    const source = sourceIn(store, content.descriptor, calls);
    expect(await text(source())).toBe('0123456789');
    expect(await text(source.after?.(4) ?? expect.unreachable())).toBe('456789');
    expect(asked).toEqual([
      [content.descriptor, 0, calls],
      [content.descriptor, 4, calls],
    ]);
  });

  it('is at rest where the store says so, and stays that when it passes through something', () => {
    const store = { read: () => from(0), readAfter: () => from(0) };
    const descriptors: unknown[] = [];
    const isAtRest = (descriptor: unknown): boolean => descriptors.push(descriptor) === 1;
    const [first, second] = [1, 2].map(() => sourceIn({ ...store, isAtRest }, content.descriptor, calls));
    expect([first?.atRest, second?.atRest, sourceIn(store, content.descriptor, calls).atRest]).toEqual([
      true,
      undefined,
      undefined,
    ]);
    expect(descriptors).toEqual([content.descriptor, content.descriptor]);
    expect(throughEach(first ?? expect.unreachable(), shouted).atRest).toBe(true);
    expect(throughEach(second ?? expect.unreachable(), shouted).atRest).toBeUndefined();
  });

  it('passes through something, which is told where it begins', async () => {
    const source = throughEach(
      Object.assign(() => from(0), { after: from }),
      shouted,
    );
    expect(await text(source())).toBe('0:0123456789');
    expect(await text(source.after?.(7) ?? expect.unreachable())).toBe('7:789');
  });
});
