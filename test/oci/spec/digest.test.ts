import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  algorithmOf,
  createHasher,
  digestOf,
  encodedOf,
  isDigest,
  parseDigest,
  shortDigest,
} from '../../../src/oci/spec/digest.ts';
import { failure } from '../../support/failure.ts';

const HEX = 'a'.repeat(64);
const algorithm = fc.constantFrom('sha256' as const, 'sha512' as const);

describe('a digest', () => {
  it('is what the standard vectors say', () => {
    expect(digestOf('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(digestOf('abc', 'sha512')).toBe(
      'sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    );
  });

  it('of any bytes is read back as itself', () => {
    fc.assert(
      fc.property(fc.uint8Array(), algorithm, (bytes, name) => {
        const digest = digestOf(bytes, name);
        expect(parseDigest(digest)).toBe(digest);
        expect(algorithmOf(digest)).toBe(name);
        expect(`${name}:${encodedOf(digest)}`).toBe(digest);
        expect(encodedOf(digest).startsWith(shortDigest(digest))).toBe(true);
        expect(shortDigest(digest)).toHaveLength(12);
      }),
    );
  });

  it('does not depend on how the bytes came', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), algorithm, (chunks, name) => {
        const hasher = createHasher(name);
        for (const chunk of chunks) hasher.update(chunk);
        expect(hasher.digest()).toBe(digestOf(Buffer.concat(chunks), name));
      }),
    );
  });

  it.each([
    '',
    'sha256',
    'sha256:',
    HEX,
    `sha256:${HEX.slice(1)}`,
    `sha256:${HEX}a`,
    `sha512:${HEX}`,
    `sha256:${HEX.toUpperCase()}`,
    `SHA256:${HEX}`,
    `sha384:${'a'.repeat(96)}`,
    `md5:${'a'.repeat(32)}`,
    `sha256:${HEX}\n`,
    `\nsha256:${HEX}`,
    `sha256:${HEX.slice(1)}\n`,
    ` sha256:${HEX}`,
    `sha256:${HEX.slice(3)}/..`,
    `sha256:${'g'.repeat(64)}`,
    `sha256:${'٣'.repeat(64)}`,
    `sha256::${HEX.slice(1)}`,
  ])('is not %j', (text) => {
    expect(isDigest(text)).toBe(false);
    expect(() => parseDigest(text)).toThrow(failure('INVALID_DIGEST', { input: text }));
  });
});
