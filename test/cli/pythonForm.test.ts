import { describe, expect, it } from 'vitest';
import { LayoutStore, parseTag } from '../../src/oci/index.ts';
import { pushPythonForm } from '../floe/pythonForm.ts';
import { changedSample, makeWorkspace, sample, type Workspace } from './support/workspace.ts';

async function withPythonForm(): Promise<Workspace & { readonly digest: string }> {
  const workspace = await makeWorkspace();
  const store = await LayoutStore.open(workspace.path('store'), { create: true });
  const { digest } = await pushPythonForm(store, sample, [parseTag('2.0.1')]);
  return { ...workspace, digest };
}

describe("what floe's Python client wrote", () => {
  it('is listed, also by its product', async () => {
    await using workspace = await withPythonForm();
    const { stdout } = await workspace.run('list', 'layout:store', '--product', 'harbour-*', '--json');
    expect(JSON.parse(stdout).tags).toMatchObject([
      { name: '2.0.1', digest: workspace.digest, created: '2026-11-23T20:29:14.268302Z', immutable: true },
    ]);
    const other = await workspace.run('list', 'layout:store', '--product', 'other', '--json');
    expect(JSON.parse(other.stdout).tags).toEqual([]);
  });

  it('is inspected', async () => {
    await using workspace = await withPythonForm();
    const { stdout } = await workspace.run('inspect', 'layout:store:2.0.1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      digest: workspace.digest,
      product: { name: 'harbour-traffic', version: '2.0.1' },
      size: sample.length,
    });
  });

  it('is pulled byte for byte, as a document and as a file', async () => {
    await using workspace = await withPythonForm();
    expect((await workspace.run('pull', '-r', 'layout:store', '-t', '2.0.1')).bytes).toEqual(sample);
    const { stdout } = await workspace.run('pull', 'layout:store:2.0.1', '-o', 'out', '--json');
    expect(JSON.parse(stdout).files).toMatchObject([
      { path: expect.stringMatching(/out.compiled_artifacts\.json$/), size: sample.length },
    ]);
  });

  it('is compared with what we write: equal in content, and its changes told', async () => {
    await using workspace = await withPythonForm();
    await workspace.run('push', '-a', 'changed.json', 'layout:store:2.0.2');
    expect(changedSample.equals(sample)).toBe(false);
    const { code, stdout } = await workspace.run('diff', 'layout:store:2.0.1', 'layout:store:2.0.2');
    expect(code).toBe(1);
    expect(stdout).toContain('metadata.product_version');
  });
});
