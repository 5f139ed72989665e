import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseRegistryReference } from '../../../src/oci/index.ts';
import { snippetsFor } from '../../../src/views/commands/snippets.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const tagged = parseRegistryReference('oci://ghcr.io/acme/my_app:1.10');
const pinned = parseRegistryReference(`oci://ghcr.io/acme/my_app@${digest}`);
const textOf = (...[reference, kind, layer]: Parameters<typeof snippetsFor>) => {
  const found = new Map(snippetsFor(reference, kind, layer).map(({ label, text }) => [label, text]));
  return (label: string): string => found.get(label) ?? '';
};

describe('the snippet of an image', () => {
  it('is a container of a pod', () => {
    expect(textOf(tagged, 'image')('Kubernetes')).toBe(
      'containers:\n  - name: my-app\n    image: "ghcr.io/acme/my_app:1.10"\n',
    );
  });

  it('is values of a chart, whose tag is no number', () => {
    expect(parse(textOf(tagged, 'image')('Helm'))).toEqual({
      image: { registry: 'ghcr.io', repository: 'acme/my_app', tag: '1.10' },
    });
    expect(parse(textOf(pinned, 'image')('Helm'))).toEqual({
      image: { registry: 'ghcr.io', repository: 'acme/my_app', digest },
    });
  });
});

describe('the snippet of a Helm chart', () => {
  it('is a dependency, in the repository above it', () => {
    expect(parse(textOf(tagged, 'helm')('Helm'))).toEqual({
      dependencies: [{ name: 'my_app', version: '1.10', repository: 'oci://ghcr.io/acme' }],
    });
  });

  it('is no dependency where only its digest is known: those have versions', () => {
    expect(snippetsFor(pinned, 'helm').map(({ label }) => label)).toEqual(['Flux']);
  });

  it('is what Flux releases, with the archive left as it is', () => {
    const [source, release] = parseAllDocuments(textOf(tagged, 'helm')('Flux')).map((document) => document.toJS());
    expect(source).toMatchObject({
      kind: 'OCIRepository',
      metadata: { name: 'my-app' },
      spec: {
        url: 'oci://ghcr.io/acme/my_app',
        ref: { tag: '1.10' },
        layerSelector: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' },
      },
    });
    expect(release).toMatchObject({
      kind: 'HelmRelease',
      spec: { chartRef: { kind: 'OCIRepository', name: 'my-app' } },
    });
  });
});

describe('the snippet of any other artifact', () => {
  it('is a volume of a pod', () => {
    expect(parse(textOf(pinned, 'floe')('Kubernetes'))).toEqual({
      volumes: [{ name: 'my-app', image: { reference: `ghcr.io/acme/my_app@${digest}`, pullPolicy: 'IfNotPresent' } }],
    });
  });

  it('is what Flux fetches: archives unpacked, anything else as it is', () => {
    expect(parse(textOf(tagged, 'other', 'application/vnd.x.tar+gzip')('Flux')).spec.layerSelector).toBeUndefined();
    expect(parse(textOf(pinned, 'floe', 'application/x+json')('Flux')).spec).toMatchObject({
      ref: { digest },
      layerSelector: { mediaType: 'application/x+json', operation: 'copy' },
    });
  });

  it('has no media type in it that could be anything else in YAML', () => {
    const text = textOf(tagged, 'other', 'application/x;\n  evil: true')('Flux');
    expect(parse(text).spec.layerSelector.mediaType).toBe('application/x;\n  evil: true');
  });
});
