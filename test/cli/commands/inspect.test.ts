import { describe, expect, it } from 'vitest';
import { digestOf, LayoutStore } from '../../../src/oci/index.ts';
import { multiPlatform, putGraph } from '../../support/artifacts.ts';
import { makeWorkspace, sample } from '../support/workspace.ts';

describe('inspect', () => {
  it('shows what the manifest says', async () => {
    await using workspace = await makeWorkspace();
    const digest = (await workspace.run('push', '-a', 'doc.json', 'layout:store:v1.0.0')).stdout.trim();
    const { code, stdout, stderr } = await workspace.run('inspect', '-r', 'layout:store', '-t', 'v1.0.0');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      'Reference:     layout:store:v1.0.0',
      `Digest:        ${digest}`,
      'Media Type:    application/vnd.oci.image.manifest.v1+json',
      'Artifact Type: application/vnd.floe.compiled-artifacts.v1+json',
      'Product:       ticket-sales 1.2.0',
      'Size:          3.64 kB',
      'Created:       2026-05-06T09:30:00Z',
    ]);
  });

  it('has the same as JSON, and nothing that it does not know', async () => {
    await using workspace = await makeWorkspace();
    const digest = (await workspace.run('push', '-a', 'doc.json', 'layout:store:v1.0.0')).stdout.trim();
    const { stdout } = await workspace.run('inspect', `layout:store:v1.0.0@${digest}`, '--json');
    expect(JSON.parse(stdout)).toEqual({
      reference: `layout:store:v1.0.0@${digest}`,
      digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.floe.compiled-artifacts.v1+json',
      size: sample.length,
      created: '2026-05-06T09:30:00Z',
      annotations: expect.objectContaining({ 'io.floe.product.name': 'ticket-sales' }),
      config: expect.objectContaining({ mediaType: 'application/vnd.oci.empty.v1+json' }),
      layers: [expect.objectContaining({ size: sample.length })],
      subject: null,
      product: { name: 'ticket-sales', version: '1.2.0' },
      signatureStatus: 'unknown',
      promotionStatus: 'unknown',
    });
  });

  it('gives the exact bytes, which have the digest', async () => {
    await using workspace = await makeWorkspace();
    const digest = (await workspace.run('push', '-a', 'doc.json', 'layout:store:v1.0.0')).stdout.trim();
    const { bytes } = await workspace.run('inspect', 'layout:store:v1.0.0', '--raw');
    expect(digestOf(bytes)).toBe(digest);
  });

  it('makes what a terminal would act on visible', async () => {
    await using workspace = await makeWorkspace();
    const annotation = 'note=\u001b[2J\u202eevil\nDigest: fake';
    await workspace.run('push', '-a', 'doc.json', 'layout:store:v1', '--annotation', annotation);
    const text = await workspace.run('inspect', 'layout:store:v1');
    expect(text.stdout).toContain('  note: \\u{1b}[2J\\u{202e}evil\\u{a}Digest: fake\n');
    const json = await workspace.run('inspect', 'layout:store:v1', '--json');
    expect(json.stdout).not.toMatch(/[\u202e]/);
    expect(JSON.parse(json.stdout).annotations.note).toBe(annotation.slice('note='.length));
  });

  it('shows the manifests of an index, which has neither size nor config', async () => {
    await using workspace = await makeWorkspace();
    const { root, contents } = multiPlatform(1);
    const store = await LayoutStore.open(workspace.path('store'), { create: true });
    await putGraph(store, { root, contents }, 'v1');
    const { stdout } = await workspace.run('inspect', 'layout:store:v1');
    expect(stdout).toMatch(
      /^Manifests:\n(?: {2}sha256:[0-9a-f]{64} {2}\d+ B {2}application\/vnd\.oci\.image\.manifest.*\n){2}/m,
    );
    expect(stdout).not.toMatch(/^(?:Size|Config|Layers):/m);
    const json = JSON.parse((await workspace.run('inspect', 'layout:store:v1', '--json')).stdout);
    expect(json).toMatchObject({ size: null, created: null, config: null, layers: [], manifests: [{}, {}] });
    expect((await workspace.run('list', 'layout:store')).stdout).toMatch(/^v1 +sha256:[0-9a-f]{64} {2}- +-$/m);
    expect((await workspace.run('pull', 'layout:store:v1', '-o', 'out')).code).toBe(1);
  });

  it('has one form of output at a time', async () => {
    await using workspace = await makeWorkspace();
    expect((await workspace.run('inspect', 'layout:store:v1', '--raw', '--json')).code).toBe(64);
  });
});

describe('resolve', () => {
  it('prints the digest that push printed', async () => {
    await using workspace = await makeWorkspace();
    const pushed = await workspace.run('push', '-a', 'doc.json', 'layout:store:v1.0.0');
    expect(await workspace.run('resolve', 'layout:store:v1.0.0')).toEqual(pushed);
    const { stdout } = await workspace.run('resolve', '-r', 'layout:store', '-t', 'v1.0.0', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ reference: 'layout:store:v1.0.0', digest: pushed.stdout.trim() });
  });
});
