import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiCalls } from '../../../src/views/api/apiCalls.ts';
import type { ApiCalls } from '../../../src/views/api/exports.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { answers, asked, CancellationTokenSource, folders, Uri } from '../../support/vscode.ts';
import { artifactParts } from '../support/artifactParts.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'floe-oci-api-'));
  folders.files.clear();
  answers.length = 0;
  asked.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: readonly string[]) => Uri.file(path.join(folder, ...names)) as never;

function setUp() {
  const { parts, place, connects, done } = artifactParts();
  const refreshed: string[] = [];
  const trees = { refreshPlace: ({ id }: { readonly id: string }) => refreshed.push(id) };
  const api: ApiCalls = createApiCalls({ ...parts, trees: trees as never });
  return { api, place, connects, refreshed, done };
}

describe('the exported API', () => {
  it('pushes files, tells of it, and pulls the same bytes', async () => {
    const { api, refreshed } = setUp();
    await writeFile(path.join(folder, 'report.txt'), 'hello');
    const moved: number[] = [];
    const options = {
      artifactType: 'application/vnd.acme.report',
      annotations: { a: 'b' },
      onProgress: (bytes: number) => moved.push(bytes),
    };
    const pushed = await api.push(at('report.txt'), 'oci://r.example/team/report:1.0.0', options);
    expect(pushed).toMatchObject({ outcome: 'pushed', reference: 'oci://r.example/team/report:1.0.0' });
    expect(moved.length).toBeGreaterThan(0);
    expect(refreshed).toEqual(['r.example']);

    const inspected = await api.inspect('oci://r.example/team/report:1.0.0');
    expect(inspected).toMatchObject({
      digest: pushed.digest,
      artifactType: 'application/vnd.acme.report',
      annotations: { a: 'b' },
    });
    expect((await api.list('oci://r.example/team/report')).tags).toMatchObject([{ name: '1.0.0', immutable: true }]);

    const pulled = await api.pull('oci://r.example/team/report:1.0.0', at('out'));
    expect(pulled.digest).toBe(pushed.digest);
    expect(pulled.files.map(({ uri }) => uri.fsPath)).toEqual([path.join(folder, 'out', 'report.txt')]);
    expect(await readFile(path.join(folder, 'out', 'report.txt'), 'utf8')).toBe('hello');
  });

  it('is seen in what was done lately, as commands are', async () => {
    const { api, place, done } = setUp();
    await writeFile(path.join(folder, 'a'), 'one');
    await api.push(at('a'), 'oci://r.example/x:1.0.0');
    await api.pull('oci://r.example/x:1.0.0', at('out'));
    await api.inspect('oci://r.example/x:1.0.0');
    await api.list('oci://r.example/x');
    expect(done()).toEqual(['push', 'pull', 'inspect', 'list']);
    expect(place.requests).toBeGreaterThan(0);
  });

  it('never moves a protected tag, nor replaces a file unless told to', async () => {
    const { api } = setUp();
    await writeFile(path.join(folder, 'a'), 'one');
    await api.push([at('a')], 'oci://r.example/x:1.0.0');
    await writeFile(path.join(folder, 'a'), 'two');
    await expect(api.push(at('a'), 'oci://r.example/x:1.0.0')).rejects.toMatchObject({ code: 'TAG_IMMUTABLE' });
    await expect(api.pull('oci://r.example/x:1.0.0', at())).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await api.pull('oci://r.example/x:1.0.0', at(), { force: true });
    expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe('one');
  });

  it('connects no registry without the user', async () => {
    const { api, connects } = setUp();
    await expect(api.inspect('oci://new.example/a:1')).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(asked).toEqual(['new.example is not connected. Connect to it to show what is there?']);
    expect(connects).toEqual([]);
  });

  it('ends when it is cancelled', async () => {
    const { api, place } = setUp();
    await putGraph(place.repository('a'), artifact(1), '1');
    const { token, cancel } = cancellation();
    cancel();
    await expect(api.pull('oci://r.example/a:1', at('out'), { token })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('is not upset by a listener that throws', async () => {
    const { api, place } = setUp();
    await putGraph(place.repository('a'), artifact(1), '1');
    const onProgress = (): never => {
      throw new Error('theirs');
    };
    expect((await api.pull('oci://r.example/a:1', at('out'), { onProgress })).files).toHaveLength(2);
  });

  it.each([
    ['no text', 5],
    ['no reference', 'alpine'],
    ['a password', 'oci://me:secret@r.example/a:1'],
  ])('refuses %s as a reference', async (_what, reference) => {
    const { api } = setUp();
    await expect(api.inspect(reference as string)).rejects.toMatchObject({ code: 'INVALID_REFERENCE' });
  });

  it('wants a tag or a digest where content is meant, a tag where it goes to, and neither for a list', async () => {
    const { api } = setUp();
    const digest = `sha256:${'a'.repeat(64)}`;
    for (const call of [
      api.inspect('oci://r.example/a'),
      api.push(at('x'), 'oci://r.example/a'),
      api.push(at('x'), `oci://r.example/a:1@${digest}`),
      api.list('oci://r.example/a:1'),
      api.list(`oci://r.example/a@${digest}`),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'INVALID_REFERENCE' });
    }
  });

  it('wants files that are such', async () => {
    const { api } = setUp();
    for (const call of [
      api.push('/etc/passwd' as never, 'oci://r.example/a:1'),
      api.push([], 'oci://r.example/a:1'),
      api.pull('oci://r.example/a:1', '/tmp' as never),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});

function cancellation() {
  const source = new CancellationTokenSource();
  return { token: source.token as never, cancel: () => source.cancel() };
}
