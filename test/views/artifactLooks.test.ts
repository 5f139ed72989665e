import { describe, expect, it } from 'vitest';
import type { ArtifactLook, ArtifactRenderer } from '../../floe-oci.d.ts';
import { parseManifest } from '../../src/oci/index.ts';
import { verifyContent } from '../../src/oci/spec/verifiedContent.ts';
import { ArtifactLooks } from '../../src/views/artifactLooks.ts';
import { blob, imageManifest } from '../support/artifacts.ts';
import { Recorder } from './support/recorder.ts';

const { descriptor, bytes } = imageManifest([blob('content')], {
  artifactType: 'application/vnd.acme.report.v1+json',
  annotations: { 'org.acme.title': 'Sales' },
});
const manifest = parseManifest(verifyContent(descriptor, bytes));

function lookBy(...renderers: readonly ArtifactRenderer[]) {
  const logger = new Recorder();
  const looks = new ArtifactLooks(() => renderers, logger);
  return { look: () => looks.of(manifest, descriptor.digest), logger };
}

const renderer = (look: ArtifactLook | undefined, ...artifactTypes: readonly string[]): ArtifactRenderer => ({
  artifactTypes,
  render: () => look,
});

describe('how an artifact shows', () => {
  it('is as we know it where nobody says otherwise', () => {
    expect(lookBy().look()).toEqual({ icon: 'tag', facts: [] });
    expect(lookBy(renderer({ icon: 'beaker' }, 'application/other')).look().icon).toBe('tag');
    expect(lookBy(renderer(undefined, 'application/vnd.acme.*')).look().icon).toBe('tag');
  });

  it('is what the first extension for its type says, by what the manifest says', () => {
    const { look } = lookBy(
      {
        artifactTypes: ['application/vnd.acme.*'],
        render: ({ annotations, layers, artifactType, digest }) => ({
          icon: 'graph',
          description: 'report',
          facts: [
            { name: 'Title', value: annotations['org.acme.title'] ?? '' },
            { name: 'Rest', value: `${layers.length} ${artifactType} ${digest === descriptor.digest}` },
          ],
        }),
      },
      renderer({ icon: 'beaker' }, 'application/vnd.acme.report.v1+json'),
    );
    expect(look()).toEqual({
      icon: 'graph',
      label: 'report',
      facts: [
        ['Title', 'Sales'],
        ['Rest', '1 application/vnd.acme.report.v1+json true'],
      ],
    });
  });

  it('is plain text and a codicon, whatever was given', () => {
    const given = {
      icon: '../evil $(x)',
      description: '$(alert) [x](command:y)\u202e',
      facts: [{ name: 'a\nb', value: '\u0000' }],
    };
    expect(lookBy(renderer(given, '*')).look()).toEqual({
      icon: 'tag',
      label: '$ (alert) [x] (command:y)',
      facts: [['a b', '']],
    });
  });

  it.each<[string, () => ArtifactLook]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['answers something else', () => ({ facts: 5 }) as never],
  ])('is as we know it when an extension %s, which is said once', (_what, render) => {
    const { look, logger } = lookBy({ artifactTypes: ['*'], render });
    expect([look().icon, look().icon]).toEqual(['tag', 'tag']);
    expect(logger.lines).toHaveLength(1);
  });

  it('changes nothing of the manifest', () => {
    const { look } = lookBy({
      artifactTypes: ['*'],
      render: ({ annotations }) => {
        Object.assign(annotations, { 'org.acme.title': 'changed' });
        return {};
      },
    });
    look();
    expect(manifest.annotations).toEqual({ 'org.acme.title': 'Sales' });
  });
});
