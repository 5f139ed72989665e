import { describe, expect, it } from 'vitest';
import { contentAtHand } from '../../../src/oci/content/contentAtHand.ts';
import { type Descriptor, descriptorOf, EMPTY_CONTENT, EMPTY_DESCRIPTOR } from '../../../src/oci/spec/descriptor.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';

const bytes = Buffer.from('said right here');
const data = bytes.toString('base64');
const embedding = (change: Partial<Descriptor>): Descriptor => ({
  ...descriptorOf('text/plain', bytes),
  data,
  ...change,
});

describe('content at hand', () => {
  it('is the empty object, whatever it is called', () => {
    expect(contentAtHand({ ...EMPTY_DESCRIPTOR, mediaType: 'application/json' })).toEqual(EMPTY_CONTENT);
  });

  it('is what a descriptor carries in itself, by either algorithm', () => {
    expect(contentAtHand(embedding({}))).toEqual(bytes);
    expect(contentAtHand(embedding({ digest: digestOf(bytes, 'sha512') }))).toEqual(bytes);
  });

  it.each<readonly [string, Descriptor]>([
    ['nothing is embedded', { ...descriptorOf('text/plain', bytes) }],
    ['something else is embedded', embedding({ data: Buffer.from('said wrong here').toString('base64') })],
    ['more is embedded', embedding({ data: Buffer.from('said right here!').toString('base64') })],
    [
      'what is embedded is base64 in part, though as long',
      embedding({ data: `${data.slice(0, -4)}????`, digest: digestOf(bytes.subarray(0, -3)) }),
    ],
    ['what is embedded is no base64', embedding({ data: '?'.repeat(data.length) })],
    ['the empty object is said to be longer', { ...EMPTY_DESCRIPTOR, size: 3 }],
    ['something else is as long as the empty object', descriptorOf('text/plain', Buffer.from('[]'))],
  ])('is none where %s', (_, descriptor) => {
    expect(contentAtHand(descriptor)).toBeUndefined();
  });
});
