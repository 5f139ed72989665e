import fc from 'fast-check';
import { digestOf } from '../../../src/oci/spec/digest.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

const alphanumeric = fc.string({ unit: fc.constantFrom(...LOWER), minLength: 1, maxLength: 8 });

/** Pieces with separators between them. */
function joined(piece: fc.Arbitrary<string>, separator: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc
    .tuple(piece, fc.array(fc.tuple(separator, piece), { maxLength: maxLength - 1 }))
    .map(([head, tail]) => head + tail.map((pair) => pair.join('')).join(''));
}

const component = joined(alphanumeric, fc.constantFrom('.', '_', '__', '-', '---'), 3);

/** Repository names by the distribution spec's grammar. */
export const repositoryNames = joined(component, fc.constant('/'), 4);

/** Tags by the distribution spec's grammar. */
export const tags = fc
  .tuple(
    fc.constantFrom(...LOWER, '_', 'A', 'Z'),
    fc.string({ unit: fc.constantFrom(...LOWER, 'A', 'Z', '.', '-', '_'), maxLength: 127 }),
  )
  .map((parts) => parts.join(''));

export const digests = fc
  .tuple(fc.string(), fc.constantFrom('sha256' as const, 'sha512' as const))
  .map(([text, algorithm]) => digestOf(text, algorithm));

const label = joined(alphanumeric, fc.constantFrom('-', '--'), 2);

/** A host that no client has an abbreviation for: with a dot whose last label is no number. */
const hostName = fc
  .tuple(joined(label, fc.constant('.'), 3), fc.constantFrom('.io', '.test', '.local'))
  .map((p) => p.join(''));

const host = fc.oneof(
  hostName.filter((name) => !name.endsWith('docker.io') && URL.canParse(`http://${name}/`)),
  fc.constant('localhost'),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);

/** Registries in lower case, as a reference has them; Docker Hub is not among them. */
export const registries = fc
  .tuple(host, fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([name, port]) => (port === null ? name : `${name}:${port}`).toLowerCase());
