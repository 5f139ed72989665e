import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryName, parseTag } from '../../../src/oci/index.ts';
import { rehearseCopy } from '../../../src/views/commands/startCopy.ts';
import { rehearseMirror } from '../../../src/views/commands/startMirror.ts';
import { rehearsePush } from '../../../src/views/commands/startPush.ts';
import { packPaths } from '../../../src/views/operations/packPaths.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { answers, asked } from '../../support/vscode.ts';
import { localPlace } from '../support/places.ts';
import { transferParts } from '../support/transferParts.ts';

const repository = parseRepositoryName('team/product');
const tag = parseTag('1.0.0');

beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
});

async function setUp() {
  const { parts, place, reports } = transferParts();
  await putGraph(place.repository(repository), artifact(1), tag);
  const local = localPlace();
  const there = local.repository(repository);
  const planned = {
    address: { place, repository, tag },
    descriptor: artifact(1).root.descriptor,
    destination: { place: local, repository, tag },
    referrers: false,
  };
  const mirror = {
    kind: 'mirror',
    source: { place, repository },
    destination: { place: local, repository },
    filter: '',
    referrers: false,
  } as const;
  return { parts, place, reports, there, planned, mirror };
}

describe('a dry run', () => {
  it('of a copy says what would move and what is there, and writes nothing', async () => {
    const { parts, there, planned } = await setUp();
    await rehearseCopy(parts, planned);
    const what = 'Copy r.example/team/product:1.0.0 to team/product:1.0.0 in the Local store';
    expect(asked[0]).toMatch(
      new RegExp(`^${what}: would move 3 of 3 blobs, .*B\\. The tag 1\\.0\\.0 would be set\\.$`),
    );
    expect(await Array.fromAsync(there.tags())).toEqual([]);
    await putGraph(there, artifact(1), 'other');
    await rehearseCopy(parts, planned);
    expect(asked[1]).toBe(`${what}: nothing would move, all of it is there already. The tag 1.0.0 would be set.`);
    await putGraph(there, artifact(1), tag);
    await rehearseCopy(parts, planned);
    expect(asked[2]).toContain('The tag 1.0.0 names this artifact already.');
  });

  it('of a copy does it when the user says so', async () => {
    const { parts, there, planned } = await setUp();
    answers.push('Copy');
    await rehearseCopy(parts, planned);
    expect((await there.resolve(tag)).digest).toBe(planned.descriptor.digest);
    expect(asked[1]).toContain('Copied r.example/team/product:1.0.0 to ');
  });

  it('of a mirror counts tags, and lists each blob with what becomes of it', async () => {
    const { parts, place, there, mirror, reports } = await setUp();
    await putGraph(place.repository(repository), artifact(2), '2.0.0');
    await putGraph(there, artifact(1), tag);
    answers.push('Show List');
    await rehearseMirror(parts, mirror);
    expect(asked[0]).toContain('1 of 2 tags would be copied.');
    expect(await Array.fromAsync(there.tags())).toEqual(['1.0.0']);
    const moved = [...(reports[0] ?? '').matchAll(/^- \*\*move\*\* (sha256:\w+)/gm)].map(([, digest]) => digest);
    expect(moved).toEqual(
      artifact(2)
        .contents.flatMap(({ descriptor: { digest } }) => digest)
        .filter(isBlobOf2),
    );
  });

  it('of a push packs the files, sends nothing, and refuses what a push would refuse', async () => {
    const { parts, place } = await setUp();
    const folder = await mkdtemp(path.join(tmpdir(), 'floe-oci-rehearse-'));
    try {
      await writeFile(path.join(folder, 'a.txt'), 'hello');
      const pushOf = (to: string) => ({
        destination: { place, repository, tag: parseTag(to) },
        what: 'a.txt',
        action: 'pushFiles' as const,
        about: {},
        packed: async <T>({ signal }: { readonly signal: AbortSignal }, use: (packed: never) => Promise<T>) => {
          await using packed = await packPaths([path.join(folder, 'a.txt')], { signal });
          return await use(packed as never);
        },
      });
      await rehearsePush(parts, pushOf('2.0.0'));
      expect(asked[0]).toMatch(/^Push a\.txt to r\.example\/team\/product:2\.0\.0: would move \d of 2 blobs/);
      expect(await Array.fromAsync(place.repository(repository).tags())).toEqual(['1.0.0']);
      await expect(rehearsePush(parts, pushOf('1.0.0'))).rejects.toMatchObject({ code: 'TAG_IMMUTABLE' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function isBlobOf2(digest: string): boolean {
  const { root } = artifact(2);
  const known = new Set(artifact(1).contents.map(({ descriptor }) => descriptor.digest as string));
  return digest !== root.descriptor.digest && !known.has(digest);
}
