import { l10n } from 'vscode';
import type { ArtifactKind } from '../../floe/artifactKind.ts';
import { formatReference, type RegistryReference } from '../../oci/index.ts';

/** YAML that uses an artifact, and what it is for. */
export interface Snippet {
  readonly label: string;
  readonly description: string;
  readonly text: string;
}

const HELM_CHART = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/**
 * What uses an artifact of this kind: an image a container and values of a chart, a chart a dependency and Flux,
 * anything else a volume and Flux. Values that YAML might take for something else are in quotes.
 * @param layer the media type of its first layer, which is what Flux takes
 */
export function snippetsFor(reference: RegistryReference, kind: ArtifactKind, layer?: string): readonly Snippet[] {
  const flux = { label: 'Flux', description: 'OCIRepository', text: ociRepository(reference, layer) };
  switch (kind) {
    case 'image':
      return [
        { label: 'Kubernetes', description: l10n.t('container of a pod'), text: container(reference) },
        { label: 'Helm', description: l10n.t('values of a chart'), text: imageValues(reference) },
      ];
    case 'helm':
      return [
        ...(reference.tag === undefined
          ? []
          : [
              {
                label: 'Helm',
                description: l10n.t('dependency in Chart.yaml'),
                text: dependency(reference, reference.tag),
              },
            ]),
        {
          label: 'Flux',
          description: 'OCIRepository, HelmRelease',
          text: `${ociRepository(reference, HELM_CHART)}---\n${helmRelease(reference)}`,
        },
      ];
    default:
      return [{ label: 'Kubernetes', description: l10n.t('volume of a pod'), text: volume(reference) }, flux];
  }
}

/** https://kubernetes.io/docs/concepts/containers/images/ */
function container(reference: RegistryReference): string {
  return yaml(['containers:', `  - name: ${nameOf(reference)}`, `    image: ${quoted(plain(reference))}`]);
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/ */
function volume(reference: RegistryReference): string {
  return yaml([
    'volumes:',
    `  - name: ${nameOf(reference)}`,
    '    image:',
    `      reference: ${quoted(plain(reference))}`,
    '      pullPolicy: IfNotPresent',
  ]);
}

/** What most charts take; Bitnami's take the registry apart from the rest. */
function imageValues({ registry, repository, tag, digest }: RegistryReference): string {
  return yaml([
    'image:',
    `  registry: ${quoted(registry)}`,
    `  repository: ${quoted(repository)}`,
    digest === undefined ? `  tag: ${quoted(tag ?? '')}` : `  digest: ${quoted(digest)}`,
  ]);
}

/** https://helm.sh/docs/topics/charts/#chart-dependencies: the repository is without the chart's name. */
function dependency({ registry, repository }: RegistryReference, version: string): string {
  const slash = repository.lastIndexOf('/');
  const parent = slash < 0 ? '' : `/${repository.slice(0, slash)}`;
  return yaml([
    'dependencies:',
    `  - name: ${quoted(repository.slice(slash + 1))}`,
    `    version: ${quoted(version)}`,
    `    repository: ${quoted(`oci://${registry}${parent}`)}`,
  ]);
}

/**
 * https://fluxcd.io/flux/components/source/ocirepositories/: archives are unpacked, anything else is taken as it is.
 */
function ociRepository(reference: RegistryReference, layer: string | undefined): string {
  const { registry, repository, tag, digest } = reference;
  const isUnpacked = layer === undefined || (/tar\+gzip$/.test(layer) && layer !== HELM_CHART);
  return yaml([
    'apiVersion: source.toolkit.fluxcd.io/v1',
    'kind: OCIRepository',
    'metadata:',
    `  name: ${nameOf(reference)}`,
    'spec:',
    '  interval: 10m',
    `  url: ${quoted(`oci://${registry}/${repository}`)}`,
    '  ref:',
    digest === undefined ? `    tag: ${quoted(tag ?? '')}` : `    digest: ${quoted(digest)}`,
    ...(isUnpacked ? [] : ['  layerSelector:', `    mediaType: ${quoted(layer)}`, '    operation: copy']),
  ]);
}

/** https://fluxcd.io/flux/components/helm/helmreleases/ */
function helmRelease(reference: RegistryReference): string {
  const name = nameOf(reference);
  return yaml([
    'apiVersion: helm.toolkit.fluxcd.io/v2',
    'kind: HelmRelease',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  interval: 10m',
    '  chartRef:',
    '    kind: OCIRepository',
    `    name: ${name}`,
  ]);
}

/** The reference as container runtimes take it. */
function plain(reference: RegistryReference): string {
  return formatReference(reference).replace(/^oci:\/\//, '');
}

/** A label of DNS, as Kubernetes wants names to be, from the last part of the repository. */
function nameOf({ repository }: RegistryReference): string {
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  return last
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}

/** JSON is YAML, and `1.10` in quotes is no number. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function yaml(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
