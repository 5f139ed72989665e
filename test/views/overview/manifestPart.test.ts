import { describe, expect, it } from 'vitest';
import { parseManifest, parseRepositoryName, parseTag } from '../../../src/oci/index.ts';
import { verifyContent } from '../../../src/oci/spec/verifiedContent.ts';
import { manifestPart } from '../../../src/views/overview/manifestPart.ts';
import { Targets } from '../../../src/views/overview/targets.ts';
import { blob, imageIndex, imageManifest, type ManifestContent } from '../../support/artifacts.ts';
import { MemoryPlace } from '../support/places.ts';

const place = new MemoryPlace();
const address = { place, repository: parseRepositoryName('team/product'), tag: parseTag('1.2.0') };
const now = Date.parse('2026-07-01T00:00:00Z');

function partOf({ descriptor, bytes }: ManifestContent, options: { look?: { label: string; facts: [] } } = {}) {
  const targets = new Targets();
  const manifest = parseManifest(verifyContent(descriptor, bytes));
  return { part: manifestPart({ address, descriptor, manifest, now, ...options }, targets), targets };
}

const [large, small] = [blob(1, { size: 3_000, title: 'large.bin' }), blob(2, { size: 1_000 })];

describe('the part of a manifest', () => {
  it('says what it is, where, how large and how old', () => {
    const artifactType = 'application/vnd.example.test.v1';
    const annotations = { 'org.opencontainers.image.created': '2026-06-01T00:00:00Z' };
    const { part, targets } = partOf(imageManifest([large, small], { artifactType, annotations }));
    expect(part).toMatchObject({ name: 'product:1.2.0', kind: { icon: 'other', label: 'OCI artifact' } });
    const facts = Object.fromEntries(part.facts.map(({ label, value }) => [label, value]));
    expect(facts).toMatchObject({
      Reference: 'oci://r.example/team/product:1.2.0',
      'Artifact type': artifactType,
      Size: '4 kB in 2 layers',
      Created: '4 weeks ago (2026-06-01T00:00:00Z)',
    });
    const digest = part.facts.find(({ label }) => label === 'Digest');
    expect(targets.at(digest?.copies ?? -1)).toEqual({ kind: 'copy', text: digest?.value });
  });

  it('compares layers by size, and each row opens its own', () => {
    const { part, targets } = partOf(imageManifest([small, large]));
    expect(part.sizes?.shares).toEqual([
      { label: 'large.bin', size: '3 kB, 75 %', fraction: 0.75 },
      { label: 'layer 1', size: '1 kB, 25 %', fraction: 0.25 },
    ]);
    expect(part.content.rows.map(({ cells }) => cells[0])).toEqual(['layer', 'large.bin', 'config']);
    const opened = part.content.rows.map(({ opens = -1 }) => targets.at(opens));
    expect(opened).toMatchObject([
      { role: 'layer', descriptor: small.descriptor },
      { role: 'layer' },
      { role: 'config' },
    ]);
  });

  it('has no bar for a single layer, and at most eight shares', () => {
    expect(partOf(imageManifest([large])).part.sizes).toBeUndefined();
    const layers = Array.from({ length: 20 }, (_, at) => blob(at, { size: 100 + at }));
    const { shares = [] } = partOf(imageManifest(layers)).part.sizes ?? {};
    expect(shares).toHaveLength(8);
    expect(shares.at(-1)?.label).toBe('13 smaller ones');
    expect(shares.reduce((sum, { fraction }) => sum + fraction, 0)).toBeCloseTo(1);
  });

  it('of an index shows its manifests by platform, and each leads to its own overview', () => {
    const child = imageManifest([large]);
    const { part, targets } = partOf(
      imageIndex([
        {
          ...child,
          descriptor: { ...child.descriptor, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
        },
      ]),
    );
    expect(part).toMatchObject({ kind: { icon: 'index' }, content: { title: 'Manifests' } });
    expect(part.content.rows[0]?.cells[0]).toBe('linux/arm64/v8');
    expect(targets.at(part.content.rows[0]?.opens ?? -1)).toMatchObject({ kind: 'overview' });
    expect(part.sizes).toBeUndefined();
  });

  it('says where its sources are, and what it refers to', () => {
    const { digest, mediaType, size } = imageManifest([small]).descriptor;
    const { part } = partOf(
      imageManifest([large], {
        subject: { digest, mediaType, size },
        annotations: {
          'org.opencontainers.image.source': 'https://example.com/x',
          'org.opencontainers.image.revision': 'abc',
        },
      }),
    );
    expect(part.provenance.map(({ value }) => value)).toEqual(['https://example.com/x', 'abc']);
    expect(part.facts.find(({ label }) => label === 'Refers to')).toMatchObject({
      value: digest,
      opens: expect.any(Number),
    });
  });

  it('shows annotations as they are, in order, and no more than a page holds', () => {
    const hostile = '<script>alert(1)</script> [x](command:y) \u202e';
    const { part } = partOf(imageManifest([large], { annotations: { b: hostile, a: '1' } }));
    expect(part.annotations.rows.map(({ cells }) => cells)).toEqual([
      ['a', '1'],
      ['b', '<script>alert(1)</script> [x](command:y) \\u{202e}'],
    ]);
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`key${at}`, '']));
    const { annotations } = partOf(imageManifest([large], { annotations: many })).part;
    expect(annotations).toMatchObject({ note: '100 more are in the manifest.' });
    expect(annotations.rows).toHaveLength(500);
  });

  it('calls what is nothing particular as another extension does', () => {
    const { part } = partOf(imageManifest([large]), { look: { label: 'recipe', facts: [] } });
    expect(part.kind).toEqual({ icon: 'other', label: 'recipe' });
  });
});
