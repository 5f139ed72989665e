import { describe, expect, it } from 'vitest';
import { lend, PIECE_SIZE, pieceOfMemory } from '../../../../src/oci/lending.ts';
import { Exchange } from '../../../../src/oci/transport/engines/exchange.ts';

const KIB = 1024;

/** Takes all pieces of an upload of lent chunks; gives their sizes, and the memory they were in. */
async function take(
  count: number,
  hasLeft?: (piece: Uint8Array) => boolean,
): Promise<{ readonly sizes: readonly number[]; readonly memory: ReadonlySet<ArrayBufferLike> }> {
  const memory = new Set<ArrayBufferLike>();
  const open = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < count; at++) {
      const chunk = lend(pieceOfMemory());
      memory.add(chunk.buffer);
      yield chunk;
    }
  };
  const body = { size: count * PIECE_SIZE, open };
  const exchange = new Exchange({ method: 'PUT', url: new URL('http://127.0.0.1/') }, {}, {});
  const sizes: number[] = [];
  try {
    for await (const { length } of exchange.upload(body, hasLeft)) sizes.push(length);
  } finally {
    exchange.end();
  }
  return { sizes, memory };
}

describe('the pieces of an upload', () => {
  it('are small at first, and never larger than what is read at once', async () => {
    const { sizes } = await take(4);
    expect(sizes[0]).toBe(64 * KIB);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(PIECE_SIZE);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(4 * PIECE_SIZE);
  });

  it('leave their memory to the next ones where the engine has no more use for them', async () => {
    expect((await take(6, () => true)).memory.size).toBeLessThanOrEqual(2);
  });

  it('keep their memory where the engine may still send from it', async () => {
    expect((await take(6)).memory.size).toBe(6);
  });
});
