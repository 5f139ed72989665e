import { mkdir, readFile, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Listing, type ListingChanges, nameOfEntry, withNames } from '../../../src/oci/cache/listing.ts';
import { EMPTY_INDEX, parseLayoutIndex } from '../../../src/oci/layout/layoutIndex.ts';
import { Annotation } from '../../../src/oci/spec/annotations.ts';
import type { ManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import { artifact } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

const [one, other] = [artifact(1).root.descriptor, artifact(2).root.descriptor];
const entry = ({ mediaType, digest, size }: ManifestDescriptor, name: string) => {
  return { mediaType, digest, size, annotations: { [Annotation.refName]: name } };
};
const index = { ...EMPTY_INDEX, manifests: [entry(one, 'a'), one, entry(other, 'b')] };
const changed = (...changes: readonly (readonly [string, ManifestDescriptor | undefined])[]) =>
  withNames(index, new Map(changes));

describe('the list of what a cache holds', () => {
  it('has entries with a name and others', () => {
    expect(index.manifests.map(nameOfEntry)).toEqual(['a', undefined, 'b']);
  });

  it('is the same where there is nothing to change', () => {
    expect(changed()).toBe(index);
    expect(changed(['a', one], ['b', other], ['c', undefined])).toBe(index);
  });

  it('gets a name, loses one, and has one lead elsewhere; others stay as they are', () => {
    expect(changed(['c', one]).manifests).toEqual([...index.manifests, entry(one, 'c')]);
    expect(changed(['a', undefined]).manifests).toEqual([one, entry(other, 'b')]);
    expect(changed(['a', other], ['b', other]).manifests).toEqual([one, entry(other, 'a'), entry(other, 'b')]);
  });

  it('takes another type of the same bytes for a change', () => {
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    expect(changed(['a', { ...one, mediaType }]).manifests).toContainEqual(entry({ ...one, mediaType }, 'a'));
  });
});

describe('the list in the folder of a cache', () => {
  async function listingOf(listed: ListingChanges = new Map()) {
    const root = join(temporaryFolder(), 'cache');
    await mkdir(root);
    const heard: unknown[] = [];
    const listing = new Listing(root, async () => listed, {
      onUnlisted: (error) => heard.push({ unlisted: error }),
      onRelisted: (error) => heard.push({ relisted: error }),
    });
    const path = join(root, 'index.json');
    const names = async () => parseLayoutIndex(await readFile(path), path).manifests.map(nameOfEntry);
    return { listing, root, path, heard, names };
  }

  it('says what it was told once that is settled, and then again', async () => {
    const { listing, heard, names } = await listingOf();
    listing.set('a', one);
    listing.set('b', other);
    await listing.settled();
    expect(await names()).toEqual(['a', 'b']);
    listing.set('a', undefined);
    listing.set('c', one);
    await listing.settled();
    expect(await names()).toEqual(['b', 'c']);
    expect(heard).toEqual([]);
  });

  it('is made anew of what there is when it cannot be read, with what it was told', async () => {
    const { listing, path, heard, names } = await listingOf(new Map([['there', other]]));
    await writeFile(path, '{');
    listing.set('a', one);
    await listing.settled();
    expect(await names()).toEqual(['there', 'a']);
    expect(heard).toEqual([{ relisted: failure('INVALID_LAYOUT') }]);
  });

  it('is emptied', async () => {
    const { listing, names } = await listingOf();
    listing.set('a', one);
    await listing.reset();
    expect(await names()).toEqual([]);
  });

  it('does not wait long for the lock of others when it is to be settled, and takes what it is told then', async () => {
    const { listing, path, heard, names } = await listingOf();
    await mkdir(`${path}.lock`);
    listing.set('a', one);
    await listing.settled();
    expect(heard).toEqual([{ unlisted: failure('CANCELLED') }]);
    await rmdir(`${path}.lock`);
    listing.set('b', one);
    await listing.settled();
    expect(await names()).toEqual(['b']);
  });

  it('loses what it was told where it cannot be written, and takes what it is told then', async () => {
    const { listing, root, heard, names } = await listingOf();
    await rmdir(root);
    await writeFile(root, 'a file');
    listing.set('a', one);
    await listing.settled();
    expect(heard).toEqual([{ unlisted: expect.objectContaining({ code: expect.stringMatching(/^FILE_NOT_/) }) }]);
    await unlink(root);
    listing.set('b', one);
    await listing.settled();
    expect(await names()).toEqual(['b']);
  });
});
