import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import {
  bytesOf,
  MAX_MANIFEST_SIZE,
  measured,
  readVerified,
  skip,
  sourceOf,
  verified,
} from '../../../src/oci/content/verify.ts';
import { artifact, blob, putGraph } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';

async function* pieces(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe('a measured stream', () => {
  const { descriptor } = blob(1, { size: 100 });

  it('passes whatever has the right size', async () => {
    const zeros = Buffer.alloc(100);
    expect(await bytesOf(measured(descriptor, pieces(zeros.subarray(1), zeros.subarray(0, 1))))).toEqual(zeros);
  });

  it('fails when it ends too early, and at the first byte too many', async () => {
    const [short, long] = [Buffer.alloc(99), Buffer.alloc(1)];
    const early = bytesOf(measured(descriptor, pieces(short)));
    await expect(early).rejects.toEqual(failure('SIZE_MISMATCH', { expected: 100, actual: 99 }));
    const late = bytesOf(measured(descriptor, pieces(short, long, long, long)));
    await expect(late).rejects.toEqual(failure('SIZE_MISMATCH', { expected: 100, actual: 101 }));
  });
});

describe('a verified stream', () => {
  const { descriptor, bytes } = blob(1, { size: 100 });

  it.each(['sha256', 'sha512'] as const)('passes what has the right %s digest, piece by piece', async (algorithm) => {
    const content = blob(1, { size: 100, algorithm });
    const stream = verified(content.descriptor, pieces(bytes.subarray(0, 10), bytes.subarray(10)));
    expect(await bytesOf(stream)).toEqual(Buffer.from(bytes));
  });

  it('fails before it ends when a byte is wrong', async () => {
    const wrong = Buffer.from(bytes).fill(0, 99);
    await expect(bytesOf(verified(descriptor, pieces(wrong)))).rejects.toEqual(
      failure('DIGEST_MISMATCH', { expected: descriptor.digest }),
    );
  });

  it('fails when it ends too early', async () => {
    const stream = verified(descriptor, pieces(bytes.subarray(1)));
    await expect(bytesOf(stream)).rejects.toEqual(failure('SIZE_MISMATCH', { expected: 100, actual: 99 }));
  });

  it('fails at the first byte too many, without passing it on, and closes what it reads', async () => {
    let closed = false;
    const passed: Uint8Array[] = [];
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield bytes;
      } finally {
        closed = true;
      }
    };
    const drain = async (): Promise<void> => {
      for await (const chunk of verified(descriptor, endless())) passed.push(chunk);
    };
    await expect(drain()).rejects.toEqual(failure('SIZE_MISMATCH'));
    expect(passed).toHaveLength(1);
    expect(closed).toBe(true);
  });
});

describe('reading a manifest', () => {
  it('gives its bytes, checked', async () => {
    const store = new MemoryStore();
    const graph = artifact(1);
    const descriptor = await putGraph(store, graph);
    expect(await readVerified(store, descriptor)).toEqual({ descriptor, bytes: Buffer.from(graph.root.bytes) });
  });

  it('may be as large as the limit', async () => {
    const store = new MemoryStore();
    const graph = artifact(1);
    const descriptor = await putGraph(store, graph);
    expect(await readVerified(store, descriptor, { maxSize: descriptor.size })).toMatchObject({ descriptor });
    expect(MAX_MANIFEST_SIZE).toBeGreaterThanOrEqual(4 * 1024 * 1024);
  });

  it('is refused above the limit before anything is read', async () => {
    const { descriptor } = artifact(1).root;
    const huge = { ...descriptor, size: MAX_MANIFEST_SIZE + 1 };
    const limited = readVerified(new MemoryStore(), huge);
    await expect(limited).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: MAX_MANIFEST_SIZE }));
    const own = readVerified(new MemoryStore(), descriptor, { maxSize: 10 });
    await expect(own).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: 10 }));
  });
});

describe('a source over bytes', () => {
  it('can be opened again and again', async () => {
    const source = sourceOf(Buffer.from('again'));
    for (let i = 0; i < 3; i++) expect(Buffer.from(await bytesOf(source())).toString()).toBe('again');
  });

  it('has no chunk where there are no bytes', async () => {
    for await (const chunk of sourceOf(new Uint8Array())()) expect.unreachable(`a chunk of ${chunk.length} bytes`);
  });
});

describe('a stream without its first bytes', () => {
  const chunks = ['ab', 'c', '', 'def'].map((text) => Buffer.from(text));

  it.each([
    [0, ['ab', 'c', 'def']],
    [1, ['b', 'c', 'def']],
    [2, ['c', 'def']],
    [3, ['def']],
    [4, ['ef']],
    [6, []],
    [7, []],
  ])('has what comes after %i of them', async (count, expected) => {
    const left: string[] = [];
    for await (const chunk of skip(count, pieces(...chunks))) left.push(Buffer.from(chunk).toString());
    expect(left).toEqual(expected);
  });
});
