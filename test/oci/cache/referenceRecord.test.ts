import { describe, expect, it } from 'vitest';
import { isIntact, withChecksum } from '../../../src/oci/cache/recordChecksum.ts';
import { formatRecord, parseRecord, type ReferenceRecord } from '../../../src/oci/cache/referenceRecord.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { artifact, blob, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';

const { descriptor } = artifact(1).root;
const record: ReferenceRecord = {
  registry: 'registry.example:5000',
  repository: parseRepositoryName('team/product'),
  reference: tagOf('latest'),
  descriptor,
  fetchedAt: Date.UTC(2026, 0, 1),
  checkedAt: Date.UTC(2026, 0, 2),
};

/** The record with members replaced, and a checksum that fits. */
function parsed(members: Readonly<Record<string, unknown>>): ReferenceRecord {
  const { checksum: _, ...written } = JSON.parse(Buffer.from(formatRecord(record)).toString('utf8'));
  return parseRecord(Buffer.from(JSON.stringify(withChecksum({ ...written, ...members }))), 'file');
}

describe('the record of a reference', () => {
  it.each([
    {},
    { etag: '"x"' },
    { endorsement: { by: 'floe/1', digest: blob(1).descriptor.digest } },
    { reference: descriptor.digest },
  ])('is read as it was written, with %j', (more) => {
    expect(parseRecord(formatRecord({ ...record, ...more }), 'file')).toStrictEqual({ ...record, ...more });
  });

  it.each(['', 'line\nbreak', 'é', 'x'.repeat(1025)])('leaves out the etag %j, which no header can have', (etag) => {
    expect(parseRecord(formatRecord({ ...record, etag }), 'file')).toStrictEqual(record);
    expect(() => parsed({ etag })).toThrow(failure('INVALID_LAYOUT'));
  });

  it.each([
    { registry: 1 },
    { repository: 'Team' },
    { repository: ['team'] },
    { reference: 'not a tag' },
    { reference: ['latest'] },
    { reference: blob(1).descriptor.digest },
    { descriptor: blob(1).descriptor },
    { descriptor: { ...descriptor, size: -1 } },
    { fetchedAt: '2026' },
    { checkedAt: 1 },
    { endorsement: { by: 'floe' } },
    { endorsement: { by: 1, digest: descriptor.digest } },
    { endorsement: { by: 'floe', digest: 'sha256:0' } },
  ])('is none with %j', (members) => {
    expect(() => parsed(members)).toThrow(failure('INVALID_LAYOUT'));
  });

  it('is none when a bit of it has turned', () => {
    const text = Buffer.from(formatRecord(record)).toString('utf8').replace('team/product', 'team/producu');
    expect(() => parseRecord(Buffer.from(text), 'file')).toThrow(failure('INVALID_LAYOUT'));
  });

  it('is believed without a checksum, as other versions write it', () => {
    expect(isIntact({ a: 1 })).toBe(true);
    expect(isIntact({ ...withChecksum({ a: 1 }) })).toBe(true);
    expect(isIntact({ ...withChecksum({ a: 1 }), a: 2 })).toBe(false);
    expect(withChecksum({ a: 1 })).toEqual({ a: 1, checksum: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });
});
