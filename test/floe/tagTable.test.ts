import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTags } from '../../src/floe/listTags.ts';
import { pushArtifact } from '../../src/floe/pushArtifact.ts';
import { classifyTag, DEFAULT_TAG_PATTERNS, isProtected } from '../../src/floe/tagPolicy.ts';
import { isMachineTag, isVersion } from '../../src/floe/versionTag.ts';
import { isTag, MemoryStore, parseTag } from '../../src/oci/index.ts';
import { changed, documentOf, minimalDocument } from './documents.ts';

/** What floe itself captured from its own classifier. */
const table: Readonly<Record<string, { readonly is_immutable: boolean }>> = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/floe/tag_classification.json'), 'utf8'),
).output;

const document = documentOf(minimalDocument());
const other = documentOf(changed(minimalDocument(), ['mode'], 'mesh'));

describe.each(Object.entries(table))("floe's own table of tags, for %s", (tag, { is_immutable: isImmutable }) => {
  it('holds for the classifier that push, cache and tree share', () => {
    expect(isProtected(tag)).toBe(isImmutable);
    // The cache asks again about what is no version, protected or not.
    if (!isImmutable) expect(classifyTag(tag)).toBe('mutable');
    expect(classifyTag(tag) === 'semver').toBe(/^v?\d/.test(tag));
    // What answers hits before all else is loaded has the rule, too.
    expect(isVersion(tag) && !isMachineTag(tag)).toBe(classifyTag(tag) === 'semver');
  });
});

// A tag with build metadata can be classified, but no registry has one.
const pushable = Object.entries(table).filter(([tag]) => isTag(tag));
describe.each(pushable)("floe's own table of tags, for %s", (tag, { is_immutable: isImmutable }) => {
  it('holds for pushes, and for what is said of the tag', async () => {
    const store = new MemoryStore();
    await pushArtifact(store, parseTag(tag), document);
    const moved = pushArtifact(store, parseTag(tag), other);
    if (isImmutable) await expect(moved).rejects.toMatchObject({ code: 'TAG_IMMUTABLE' });
    else expect((await moved).outcome).toBe('pushed');
    expect((await listTags(store)).tags).toMatchObject([{ name: tag, immutable: isImmutable }]);
  });
});

it('a tag is mutable by these patterns and no others', () => {
  expect(DEFAULT_TAG_PATTERNS.mutable).toEqual(['latest', 'latest-*', 'dev', 'dev-*', 'snapshot', 'snapshot-*']);
  expect(
    ['dev1', 'dev.1', 'developer', 'snapshot1', 'snapshot_1', 'latest2'].filter((tag) => !isProtected(tag)),
  ).toEqual([]);
});
