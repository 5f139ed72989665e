import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import type { Platform } from '../../../src/oci/spec/descriptor.ts';
import { formatPlatform, parsePlatform, selectPlatform } from '../../../src/oci/transfer/platform.ts';
import {
  artifact,
  blob,
  type Content,
  emptyConfig,
  imageIndex,
  imageManifest,
  type ManifestContent,
  put,
} from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';

const image = (seed: number): ManifestContent => imageManifest([blob(seed)]);

function on(platform: string, { descriptor, bytes }: Content): Content {
  return { bytes, descriptor: { ...descriptor, platform: parsePlatform(platform) } };
}

async function storeOf(...contents: readonly Content[]): Promise<MemoryStore> {
  const store = new MemoryStore('memory');
  for (let seed = 1; seed < 9; seed++) await put(store, blob(seed));
  for (const content of [emptyConfig, ...contents]) await put(store, content);
  return store;
}

describe('a platform', () => {
  it.each<[text: string, platform: Platform]>([
    ['linux/amd64', { os: 'linux', architecture: 'amd64' }],
    ['linux/arm/v7', { os: 'linux', architecture: 'arm', variant: 'v7' }],
  ])('is written %s', (text, platform) => {
    expect(parsePlatform(text)).toEqual(platform);
    expect(formatPlatform(platform)).toBe(text);
  });

  it.each(['', 'linux', 'linux/', '/amd64', 'linux/arm/v7/x', 'Linux/amd64', 'linux amd64'])('is not "%s"', (text) => {
    expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('selecting a platform', () => {
  const [amd64, arm64, armv6, armv7] = [image(1), image(2), image(3), image(4)];
  const index = imageIndex([
    on('linux/amd64', amd64),
    on('linux/arm64/v8', arm64),
    on('linux/arm/v6', armv6),
    on('linux/arm/v7', armv7),
  ]);

  it.each<[platform: string, expected: ManifestContent]>([
    ['linux/amd64', amd64],
    ['linux/arm64', arm64],
    ['linux/arm64/v8', arm64],
    ['linux/arm/v7', armv7],
    ['linux/arm', armv6],
  ])('finds %s in an index', async (platform, expected) => {
    const store = await storeOf(amd64, arm64, armv6, armv7, index);
    const selected = await selectPlatform(store, index.descriptor, parsePlatform(platform));
    expect(selected.digest).toBe(expected.descriptor.digest);
  });

  it('looks into nested indexes', async () => {
    const outer = imageIndex([imageIndex([]), index]);
    const store = await storeOf(amd64, arm64, armv6, armv7, index, imageIndex([]), outer);
    const selected = await selectPlatform(store, outer.descriptor, parsePlatform('linux/arm64'));
    expect(selected.digest).toBe(arm64.descriptor.digest);
  });

  it('says which platforms there are when it is not among them', async () => {
    const store = await storeOf(amd64, arm64, armv6, armv7, index);
    await expect(selectPlatform(store, index.descriptor, parsePlatform('windows/amd64'))).rejects.toEqual(
      failure('NOT_FOUND', {
        kind: 'manifest',
        what: expect.stringContaining('linux/amd64, linux/arm64/v8, linux/arm/v6, linux/arm/v7'),
      }),
    );
  });

  it('takes a single image that says it is for the platform, and no other', async () => {
    const config = blob(JSON.stringify({ os: 'linux', architecture: 'amd64' }), {
      mediaType: 'application/vnd.oci.image.config.v1+json',
    });
    const single = imageManifest([blob(1)], {}, config);
    const store = await storeOf(config, single);
    expect(await selectPlatform(store, single.descriptor, parsePlatform('linux/amd64'))).toEqual(single.descriptor);
    await expect(selectPlatform(store, single.descriptor, parsePlatform('linux/arm64'))).rejects.toEqual(
      failure('NOT_FOUND'),
    );
  });

  it('finds none in what is no image', async () => {
    const { root, contents } = artifact(1);
    const store = await storeOf(...contents);
    const wanted = parsePlatform('linux/amd64');
    await expect(selectPlatform(store, root.descriptor, wanted)).rejects.toEqual(failure('NOT_FOUND'));
  });

  it('does not search for ever', async () => {
    const inner = Array.from({ length: 70 }, (_, i) => imageIndex([], { annotations: { i: String(i) } }));
    const outer = imageIndex(inner);
    const store = await storeOf(...inner, outer);
    const wanted = parsePlatform('linux/amd64');
    await expect(selectPlatform(store, outer.descriptor, wanted)).rejects.toEqual(failure('LIMIT_EXCEEDED'));
  });
});
