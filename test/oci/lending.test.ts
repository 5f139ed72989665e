import { describe, expect, it } from 'vitest';
import { giveBack, lend, PIECE_SIZE, pieceOfMemory } from '../../src/oci/lending.ts';

describe('memory for pieces of content', () => {
  it('is used again when its chunk has been given back', () => {
    const memory = pieceOfMemory();
    const chunk = lend(memory.subarray(100));
    giveBack(chunk);
    expect(pieceOfMemory().buffer).toBe(memory.buffer);
  });

  it('has the size of a piece, whatever part of it came back', () => {
    giveBack(lend(pieceOfMemory().subarray(5, 10)));
    expect(pieceOfMemory()).toHaveLength(PIECE_SIZE);
  });

  it('is not used again while nobody gives it back', () => {
    const memory = pieceOfMemory();
    lend(memory);
    expect(pieceOfMemory().buffer).not.toBe(memory.buffer);
  });

  it.each<readonly [string, (memory: Uint8Array) => void]>([
    ['a part of it comes back', (memory) => giveBack(lend(memory).subarray(0, 10))],
    ['it was never lent', (memory) => giveBack(memory)],
    ['something of another size comes back', () => giveBack(lend(Buffer.allocUnsafeSlow(10)))],
  ])('is not used again when %s', (_, act) => {
    const memory = pieceOfMemory();
    act(memory);
    expect(pieceOfMemory().buffer).not.toBe(memory.buffer);
  });

  it('is used again once, however often it comes back', () => {
    const memory = lend(pieceOfMemory());
    giveBack(memory);
    giveBack(memory);
    expect(pieceOfMemory().buffer).toBe(memory.buffer);
    expect(pieceOfMemory().buffer).not.toBe(memory.buffer);
  });

  it('does not pile up', () => {
    const many = Array.from({ length: 100 }, () => lend(pieceOfMemory()));
    for (const chunk of many) giveBack(chunk);
    const mine = new Set(many.map(({ buffer }) => buffer));
    const again = Array.from({ length: 100 }, () => pieceOfMemory().buffer).filter((buffer) => mine.has(buffer));
    expect(again).toHaveLength(16);
  });
});
