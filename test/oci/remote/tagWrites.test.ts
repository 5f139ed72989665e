import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { artifact, emptyConfig, imageManifest, put, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import type { FaultRule, Quirks } from '../../support/registry/index.ts';
import { type Connected, connect } from './support.ts';

const v1 = tagOf('v1');
const TAG = /manifests\/v1$/;
const [mine, theirs, annotated] = [
  imageManifest([], { artifactType: 'application/vnd.example.test.v1' }),
  imageManifest([], { artifactType: 'application/vnd.example.other.v1' }),
  imageManifest([], { artifactType: 'application/vnd.example.test.v1', annotations: { team: 'ports' } }),
];

let connected: Connected;
const start = async (quirks: Quirks = {}): Promise<void> => {
  connected = await connect({ quirks });
  await put(connected.repository(), emptyConfig);
};
beforeEach(() => start());
afterEach(() => connected[Symbol.asyncDispose]());

/** Writes mine under the tag, where nothing is expected. */
const write = (): Promise<unknown> =>
  connected.repository().write(mine.descriptor, sourceOf(mine.bytes), { tags: [v1], expected: 'absent' });
const refuse = (fault: Omit<FaultRule, 'method' | 'path'>): void =>
  connected.server.fail({ method: 'PUT', path: TAG, ...fault });
const says = (status: number, code: string, message: string): Pick<FaultRule, 'fault'> => ({
  fault: { kind: 'status', status, body: JSON.stringify({ errors: [{ code, message }] }) },
});
const named = (): string | undefined => connected.server.repository('team/product').tags.get('v1');
const puts = (): readonly (string | readonly string[] | undefined)[] =>
  connected.server.requests({ method: 'PUT', path: TAG }).map(({ headers }) => headers['if-none-match']);

describe('a tag that is expected to name nothing', () => {
  it('is written with one request, which says so', async () => {
    connected.server.clearRequests();
    await write();
    expect(connected.server.lines()).toEqual(['PUT /v2/team/product/manifests/v1']);
    expect(puts()).toEqual(['*']);
  });

  it('is written without a word about it where nothing is expected of it', async () => {
    await connected.repository().write(mine.descriptor, sourceOf(mine.bytes), { tags: [v1] });
    expect(puts()).toEqual([undefined]);
  });

  it('is ours when the first answer was lost on the way, though the second attempt is refused', async () => {
    refuse({ times: 1, fault: { kind: 'reset', afterBytes: 0 } });
    await write();
    expect(named()).toBe(mine.descriptor.digest);
    expect(puts()).toEqual(['*', '*']);
  });

  it.each([
    [400, 'UNSUPPORTED'],
    [400, 'UNKNOWN'],
    [501, 'NotImplemented'],
    [405, 'UNSUPPORTED'],
    [412, 'UNKNOWN'],
  ])('is written without the condition where the registry does not understand it: %i %s', async (status, code) => {
    refuse({ times: 1, fault: { kind: 'status', status, code } });
    await write();
    expect(named()).toBe(mine.descriptor.digest);
    expect(puts()).toEqual(['*', undefined]);
  });

  it('is not written without the condition when it is taken', async () => {
    await put(connected.repository(), theirs, 'v1');
    refuse({ fault: { kind: 'status', status: 501, code: 'NotImplemented' } });
    await expect(write()).rejects.toEqual(failure('TAG_RACE', { actual: theirs.descriptor.digest }));
    expect(named()).toBe(theirs.descriptor.digest);
  });

  it('fails as it would without the condition when the registry refuses that as well', async () => {
    refuse({ fault: { kind: 'status', status: 400, code: 'MANIFEST_INVALID' } });
    await expect(write()).rejects.toEqual(failure('REGISTRY_ERROR', { status: 400 }));
    expect(puts()).toEqual(['*', undefined]);
  });

  it('fails at once when the registry is not available or says no', async () => {
    refuse({ times: 1, fault: { kind: 'status', status: 403, code: 'DENIED' } });
    await expect(write()).rejects.toEqual(failure('DENIED'));
    expect(puts()).toHaveLength(1);
  });

  it('is overwritten where the registry ignores conditions, for it cannot do better', async () => {
    await connected[Symbol.asyncDispose]();
    await start({ conditionalPuts: false });
    await put(connected.repository(), theirs, 'v1');
    await write();
    expect(named()).toBe(mine.descriptor.digest);
  });
});

describe('a referrers tag', () => {
  it('is written where the registry does not understand conditions', async () => {
    await connected[Symbol.asyncDispose]();
    await start({ referrersApi: false });
    const conditional: FaultRule = {
      method: 'PUT',
      path: /manifests\/sha256-/,
      times: 1,
      fault: { kind: 'status', status: 501, code: 'NotImplemented' },
    };
    connected.server.fail(conditional);
    const subject = artifact(1).root.descriptor;
    const referrer = imageManifest([], { subject });
    await put(connected.repository(), referrer);
    const listed = await Array.fromAsync(connected.repository().referrers(subject.digest));
    expect(listed.map(({ digest }) => digest)).toEqual([referrer.descriptor.digest]);
  });
});

/** What registries answer that keep tags from being moved. */
const REFUSALS: readonly (readonly [string, number, string, string])[] = [
  ['Harbor', 412, 'PRECONDITION', "Failed to process request due to 'team/product:v1' configured as immutable."],
  [
    'Amazon ECR',
    400,
    'TAG_INVALID',
    "The image tag 'v1' already exists in the 'product' repository and cannot be overwritten because the repository is immutable.",
  ],
  [
    'Azure Container Registry',
    405,
    'REGISTRY_DISALLOWED_OPERATION',
    'The operation is disallowed on this registry, repository or image.',
  ],
  ['Google Artifact Registry', 400, 'FAILED_PRECONDITION', 'cannot update tag v1'],
  ['Quay', 409, 'TAG_IMMUTABLE', 'tag is immutable and cannot be overwritten'],
  ['Docker Hub', 403, 'DENIED', 'tag v1 is immutable'],
  ['Nexus', 400, 'UNKNOWN', 'Repository does not allow updating assets: docker'],
];

describe.each(REFUSALS)('a tag that %s does not let be moved', (_, status, code, message) => {
  const writing = {
    'expecting nothing there': () => write(),
    'whatever it names': () => connected.repository().write(mine.descriptor, sourceOf(mine.bytes), { tags: [v1] }),
    'by its name alone': async () => {
      await put(connected.repository(), mine);
      await connected.repository().tag(mine.descriptor, v1);
    },
  };

  it.each(Object.entries(writing))('is TAG_IMMUTABLE, with both digests and what was said: %s', async (_way, go) => {
    await put(connected.repository(), theirs, 'v1');
    refuse(says(status, code, message));
    await expect(go()).rejects.toEqual(
      failure('TAG_IMMUTABLE', {
        existing: theirs.descriptor.digest,
        pushed: mine.descriptor.digest,
        onlyAnnotationsDiffer: false,
        refusal: expect.stringContaining(message.slice(0, 40)),
      }),
    );
    expect(named()).toBe(theirs.descriptor.digest);
  });

  it('says when only annotations differ', async () => {
    await put(connected.repository(), annotated, 'v1');
    refuse(says(status, code, message));
    await expect(write()).rejects.toEqual(failure('TAG_IMMUTABLE', { onlyAnnotationsDiffer: true }));
  });

  it('is no failure when it names the same manifest', async () => {
    await put(connected.repository(), mine, 'v1');
    refuse(says(status, code, message));
    await write();
    expect(named()).toBe(mine.descriptor.digest);
  });

  it('is the failure that it is when the tag is not there', async () => {
    refuse(says(status, code, message));
    await expect(write()).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:REGISTRY_ERROR|UNSUPPORTED|DENIED)$/),
    });
  });
});
