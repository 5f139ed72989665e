import { digestOf, encodedOf } from '../spec/digest.ts';

/** Hexadecimal digits: what is to be noticed are accidents. */
const LENGTH = 16;

/** The members of a record, and a checksum of them: a digest in it that lost a bit would lead to content that nobody has. */
export function withChecksum(members: object): object {
  return { ...members, checksum: checksumOf(members) };
}

/** Whether the members are as they were written; those without a checksum are believed. */
export function isIntact({ checksum, ...members }: Readonly<Record<string, unknown>>): boolean {
  return checksum === undefined || checksum === checksumOf(members);
}

function checksumOf(members: object): string {
  return encodedOf(digestOf(JSON.stringify(members))).slice(0, LENGTH);
}
