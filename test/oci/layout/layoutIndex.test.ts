import { describe, expect, it } from 'vitest';
import {
  entryOfTag,
  type LayoutIndex,
  parseLayoutIndex,
  tagsOf,
  withManifest,
  withoutTag,
  withoutUntagged,
  withTag,
} from '../../../src/oci/layout/layoutIndex.ts';
import type { Descriptor } from '../../../src/oci/spec/descriptor.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';

const [a, b] = [artifact(1).root.descriptor, artifact(2).root.descriptor];
const named = (descriptor: Descriptor, name: string): Descriptor => ({
  ...descriptor,
  annotations: { 'org.opencontainers.image.ref.name': name },
});
const index = (...manifests: readonly Descriptor[]): LayoutIndex => ({ schemaVersion: 2, manifests });
const [v1, v2] = [tagOf('v1'), tagOf('v2')];

describe('an index of a layout', () => {
  it('is the same object when there is nothing to change, so that nothing is written', () => {
    const before = index(named(a, 'v1'));
    expect(withManifest(before, a)).toBe(before);
    expect(withTag(before, a, v1)).toBe(before);
    expect(withoutTag(before, v2)).toBe(before);
    expect(withoutUntagged(before, [a.digest, b.digest])).toBe(before);
  });

  it('gives the untagged entry of a manifest its first tag, and one entry to each further tag', () => {
    const once = withTag(index(a, named(b, 'x')), a, v1);
    expect(once).toEqual(index(named(a, 'v1'), named(b, 'x')));
    expect(withTag(once, a, v2)).toEqual(index(named(a, 'v1'), named(b, 'x'), named(a, 'v2')));
  });

  it('moves a tag, and keeps what it pointed at before without one', () => {
    expect(withTag(index(named(a, 'v1'), b), b, v1)).toEqual(index(named(b, 'v1'), a));
    expect(withTag(index(named(a, 'v1'), named(a, 'v2')), b, v1)).toEqual(index(named(a, 'v2'), named(b, 'v1')));
  });

  it('keeps the other annotations of an entry that loses its tag', () => {
    const entry = { ...a, annotations: { own: 'x', ...named(a, 'v1').annotations } };
    expect(withoutTag(index(entry), v1)).toEqual(index({ ...a, annotations: { own: 'x' } }));
  });

  it('reads a name given twice as its first entry, and makes it one when the tag is set', () => {
    const twice = index(named(a, 'v1'), named(b, 'v1'));
    expect(entryOfTag(twice, v1)?.digest).toBe(a.digest);
    expect(tagsOf(twice)).toEqual(['v1']);
    expect(withTag(twice, b, v1)).toEqual(index(a, named(b, 'v1')));
  });

  it('does not take an entry of another type with the same bytes for the manifest', () => {
    const other = { ...a, mediaType: 'application/json' };
    expect(withTag(index(other), a, v1)).toEqual(index(other, named(a, 'v1')));
  });

  it('keeps what it does not know, member by member', () => {
    const text = '{"x":1,"schemaVersion":2,"manifests":[],"annotations":{"k":"v"}}';
    const changed = withManifest(parseLayoutIndex(Buffer.from(text), 'index.json'), a);
    expect(changed).toEqual({ x: 1, schemaVersion: 2, manifests: [a], annotations: { k: 'v' } });
  });
});
