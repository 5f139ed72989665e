import { describe, expect, it } from 'vitest';
import { parseDigest, referrersTagOf } from '../../../src/oci/index.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const SBOM = 'application/spdx+json';
const NOTES = 'application/vnd.example.notes.v1';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const files = { 'sbom.json': '{"spdxVersion":"SPDX-2.3"}', 'notes.txt': 'good' };

/** A place with an artifact `v1.0.0`, in each kind of store. */
const PLACES: Readonly<Record<string, (registry: TestRegistry) => string>> = {
  'a layout': () => 'layout:out',
  'a registry': ({ host }) => `oci://${host}/team/orders`,
};

async function withArtifact(place: (registry: TestRegistry) => string, quirks = {}) {
  const workspace = await makeWorkspace(files);
  const registry = await startRegistry({ quirks });
  const repository = place(registry);
  const reference = `${repository}:v1.0.0`;
  const digest = (await workspace.run('push', '-a', 'doc.json', reference)).stdout.trim();
  return {
    workspace,
    registry,
    repository,
    reference,
    digest,
    async [Symbol.asyncDispose]() {
      await registry.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

async function attach(workspace: Workspace, reference: string, file: string, type: string): Promise<string> {
  const { code, stdout, stderr } = await workspace.run('attach', reference, file, '--artifact-type', type);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
}

describe.each(Object.entries(PLACES))('attach and referrers in %s', (_, place) => {
  it('put files beside an artifact, and list them by type', async () => {
    await using all = await withArtifact(place);
    const { workspace, reference, digest } = all;
    const sbom = await attach(workspace, reference, 'sbom.json:application/json', SBOM);
    const notes = await attach(workspace, reference, 'notes.txt', NOTES);
    const list = await workspace.run('referrers', reference, '--json');
    const { subject, referrers } = JSON.parse(list.stdout);
    expect(subject).toMatchObject({ mediaType: MANIFEST, digest, size: expect.any(Number) });
    expect(referrers.map((each: { digest: string }) => each.digest).sort()).toEqual([sbom, notes].sort());
    const one = JSON.parse((await workspace.run('referrers', reference, '--artifact-type', SBOM, '--json')).stdout);
    expect(one.referrers).toEqual([
      { mediaType: MANIFEST, digest: sbom, size: expect.any(Number), artifactType: SBOM },
    ]);
    const text = await workspace.run('referrers', `${all.repository}@${digest}`, '--artifact-type', SBOM);
    expect(text.stdout).toMatch(
      new RegExp(`^ARTIFACT TYPE +DIGEST +CREATED\n${SBOM.replace('+', '\\+')} +${sbom} +-\n$`),
    );
    expect((await workspace.run('resolve', reference)).stdout.trim()).toBe(digest);
  });

  it('give the files back', async () => {
    await using all = await withArtifact(place);
    const digest = await attach(all.workspace, all.reference, 'notes.txt:text/plain', NOTES);
    expect((await all.workspace.run('pull', `${all.repository}@${digest}`, '-o', 'back')).code).toBe(0);
    const raw = (await all.workspace.run('inspect', `${all.repository}@${digest}`, '--raw')).stdout;
    expect(JSON.parse(raw)).toMatchObject({ artifactType: NOTES, subject: { digest: all.digest } });
  });

  it('tell scripts what was attached to what, and do nothing the second time', async () => {
    await using all = await withArtifact(place);
    const attached = ['attach', all.reference, 'notes.txt', '--artifact-type', NOTES, '--annotation', 'a=b', '--json'];
    const first = JSON.parse((await all.workspace.run(...attached)).stdout);
    expect(first).toEqual({
      reference: all.reference,
      digest: expect.stringMatching(/^sha256:/),
      subject: expect.objectContaining({ digest: all.digest }),
      referrers: [expect.objectContaining({ digest: first.digest, artifactType: NOTES, annotations: { a: 'b' } })],
      outcome: 'pushed',
      blobs: [expect.anything(), expect.objectContaining({ size: 4, outcome: 'written' })],
    });
    const second = JSON.parse((await all.workspace.run(...attached)).stdout);
    expect(second).toMatchObject({ digest: first.digest, outcome: 'unchanged' });
    expect(JSON.parse((await all.workspace.run('referrers', all.reference, '--json')).stdout).referrers).toHaveLength(
      1,
    );
  });

  it('are an empty list where there are none, and exit 3 where there is nothing', async () => {
    await using all = await withArtifact(place);
    const { workspace, repository, reference, digest } = all;
    expect(await workspace.run('referrers', reference)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^.*\n$/),
    });
    const absent = `${repository}@${digest.replace(/.{4}$/, '0000')}`;
    expect((await workspace.run('referrers', absent)).code).toBe(3);
    expect((await workspace.run('referrers', `${repository}:v9`)).code).toBe(3);
    expect((await workspace.run('attach', `${repository}:v9`, 'notes.txt', '--artifact-type', NOTES)).code).toBe(3);
  });

  it('find what referred to an artifact that is gone', async () => {
    await using all = await withArtifact(place);
    const notes = await attach(all.workspace, all.reference, 'notes.txt', NOTES);
    await all.workspace.run('delete', all.reference, '--manifest', '--yes');
    const list = await all.workspace.run('referrers', `${all.repository}@${all.digest}`, '--json');
    const { referrers } = JSON.parse(list.stdout);
    expect(referrers.map((each: { digest: string }) => each.digest)).toEqual([notes]);
  });

  it('see what push --subject pushes', async () => {
    await using all = await withArtifact(place);
    const push = [
      'push',
      `${all.repository}:notes-1`,
      'notes.txt',
      '--artifact-type',
      NOTES,
      '--subject',
      all.reference,
    ];
    const pushed = await all.workspace.run(...push);
    expect(pushed).toMatchObject({ code: 0, stderr: '' });
    expect((await all.workspace.run(...push)).stdout).toBe(pushed.stdout);
    const { referrers } = JSON.parse((await all.workspace.run('referrers', all.reference, '--json')).stdout);
    expect(referrers).toEqual([expect.objectContaining({ digest: pushed.stdout.trim(), artifactType: NOTES })]);
  });
});

describe('attach and referrers in a registry without an API for them', () => {
  it('keep the list under the tag of the specification', async () => {
    await using all = await withArtifact(PLACES['a registry'] ?? (() => ''), { referrersApi: false });
    const sbom = await attach(all.workspace, all.reference, 'sbom.json', SBOM);
    const stored = all.registry.repository('team/orders');
    const tag = referrersTagOf(parseDigest(all.digest));
    expect(stored.tags.has(tag)).toBe(true);
    // As if the first one had been interrupted before it was listed.
    stored.tags.delete(tag);
    expect(await attach(all.workspace, all.reference, 'sbom.json', SBOM)).toBe(sbom);
    const { referrers } = JSON.parse((await all.workspace.run('referrers', all.reference, '--json')).stdout);
    expect(referrers).toEqual([expect.objectContaining({ digest: sbom, artifactType: SBOM })]);
  });
});

describe('wrong usage', () => {
  it.each([
    ['attach without a type', 64, ['attach', 'layout:out:v1.0.0', 'notes.txt']],
    ['attach without files', 64, ['attach', 'layout:out:v1.0.0', '--artifact-type', NOTES]],
    ['attach to no version', 64, ['attach', 'layout:out', 'notes.txt', '--artifact-type', NOTES]],
    ['attach of a type that is none', 65, ['attach', 'layout:out:v1.0.0', 'notes.txt', '--artifact-type', 'notes']],
    ['attach of a file that is not there', 66, ['attach', 'layout:out:v1.0.0', 'x', '--artifact-type', NOTES]],
    ['referrers of no version', 64, ['referrers', 'layout:out']],
    ['referrers of a type that is none', 65, ['referrers', 'layout:out:v1.0.0', '--artifact-type', 'notes']],
    ['a subject elsewhere', 64, ['push', 'layout:out:n', 'notes.txt', '--subject', 'layout:other:v1.0.0']],
    ['a subject without a version', 64, ['push', 'layout:out:n', 'notes.txt', '--subject', 'layout:out']],
    ['a subject that is not there', 3, ['push', 'layout:out:n', 'notes.txt', '--subject', 'layout:out:v9']],
    ['a subject of a document', 64, ['push', '-a', 'doc.json', 'layout:out:n', '--subject', 'layout:out:v1.0.0']],
  ] as const)('%s is exit %i, and nothing is written', async (_, code, argv) => {
    await using workspace = await makeWorkspace(files);
    await workspace.run('push', '-a', 'doc.json', 'layout:out:v1.0.0');
    const result = await workspace.run(...argv, '--json');
    expect(result).toMatchObject({ code, stdout: '' });
    expect(errorOf(result).code).not.toBe('INTERNAL');
    const { tags } = JSON.parse((await workspace.run('list', 'layout:out', '--json')).stdout);
    expect(tags).toHaveLength(1);
  });
});
