import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { PART_SIZE, readInParts, type Span } from '../../../src/oci/remote/partedRead.ts';

const MIB = 1024 * 1024;

/** Reads a blob of zeros whose parts take as long as they are told to; gives the parts, and what was under way at most. */
async function read(
  size: number,
  secondsOf: (span: Span) => number,
  isAlone = () => true,
): Promise<{ readonly parts: readonly Span[]; readonly most: number; readonly length: number }> {
  const parts: Span[] = [];
  let [milliseconds, underWay, most] = [0, 0, 0];
  async function* part(span: Span): AsyncGenerator<Uint8Array> {
    parts.push(span);
    most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    milliseconds += 1000 * secondsOf(span);
    for (let at = span.start; at < span.end; at += MIB) yield new Uint8Array(Math.min(MIB, span.end - at));
    underWay--;
  }
  const whole = (): never => expect.unreachable();
  const { length } = await bytesOf(readInParts({ size, start: 0, part, whole, isAlone }, {}, () => milliseconds));
  return { parts, most, length };
}

const seconds = (bytesASecond: number) => (span: Span) => (span.end - span.start) / bytesASecond;
const sizes = (parts: readonly Span[]): readonly number[] => parts.map(({ start, end }) => (end - start) / MIB);

describe('the parts of a large blob', () => {
  it('grow, one at a time, while they come fast', async () => {
    const { parts, most, length } = await read(100 * MIB, seconds(500 * MIB));
    expect(sizes(parts)).toEqual([4, 8, 16, 32, 40]);
    expect(most).toBe(1);
    expect(length).toBe(100 * MIB);
  });

  it('come several at a time when the first is slow', async () => {
    const { parts, most, length } = await read(40 * MIB, seconds(20 * MIB));
    expect(sizes(parts)).toEqual(Array(10).fill(4));
    expect(most).toBe(4);
    expect(length).toBe(40 * MIB);
  });

  it('come several at a time from where it has become slow', async () => {
    const { parts, most, length } = await read(40 * MIB, (span) =>
      seconds(span.start === 0 ? 500 * MIB : 1 * MIB)(span),
    );
    expect(sizes(parts)).toEqual([4, 8, 4, 4, 4, 4, 4, 4, 4]);
    expect(most).toBe(4);
    expect(length).toBe(40 * MIB);
  });

  it('are two where another blob comes beside it: the first, and all the rest', async () => {
    const { parts, length } = await read(100 * MIB, seconds(20 * MIB), () => false);
    expect(sizes(parts)).toEqual([4, 96]);
    expect(length).toBe(100 * MIB);
  });

  it('leave nothing out, and give nothing twice', async () => {
    const { parts } = await read(70 * MIB + 1, (span) => seconds(span.end > 20 * MIB ? MIB : 500 * MIB)(span));
    expect(parts[0]?.start).toBe(0);
    expect(parts.at(-1)?.end).toBe(70 * MIB + 1);
    for (const [at, { start }] of parts.entries()) if (at > 0) expect(start).toBe(parts[at - 1]?.end);
    expect(Math.min(...parts.slice(0, -1).map(({ start, end }) => end - start))).toBe(PART_SIZE);
  });
});
