import { describe, expect, it } from 'vitest';
import { parseVersionConstraint } from '../../../src/floe/versionConstraint.ts';
import { parseTag, type Tag } from '../../../src/oci/index.ts';
import { ListedTags, MAX_LISTED } from '../../../src/views/commands/listedTags.ts';

const range = parseVersionConstraint('v1.*');

async function* versions(count: number): AsyncGenerator<Tag> {
  for (let patch = 0; patch < count; patch += 1) yield parseTag(`v1.0.${patch}`);
}

describe('the tags that a prompt lists', () => {
  it('are all looked at for the highest in a range, however many pages they are', async () => {
    const listed = new ListedTags();
    const seen: number[] = [];
    await listed.read(versions(2500), () => {
      seen.push(listed.tags.length);
      expect(listed.highestIn(range)).toEqual({ reason: 'The tags are still being listed.' });
      return true;
    });
    expect(seen).toEqual([1000, 2000]);
    expect(listed.highestIn(range)).toEqual({ tag: 'v1.0.2499' });
    expect(listed.highestIn(parseVersionConstraint('^2.0.0'))).toEqual({ reason: 'No tag is in the range ^2.0.0.' });
  });

  it('are not listed further for somebody who has left', async () => {
    const listed = new ListedTags();
    await listed.read(versions(2500), () => false);
    expect(listed.tags).toHaveLength(1000);
  });

  it('name no highest version when there are more than are looked at', async () => {
    const listed = new ListedTags();
    await listed.read(versions(MAX_LISTED + 1), () => true);
    expect(listed.tags).toHaveLength(MAX_LISTED);
    expect(listed.highestIn(range)).toEqual({ reason: 'There are too many tags to know the highest; type the tag.' });
    const whole = new ListedTags();
    await whole.read(versions(MAX_LISTED), () => true);
    expect(whole.highestIn(range)).toMatchObject({ tag: `v1.0.${MAX_LISTED - 1}` });
  });
});
