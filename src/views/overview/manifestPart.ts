import { l10n } from 'vscode';
import { artifactKindOf } from '../../floe/artifactKind.ts';
import {
  Annotation,
  artifactTypeOf,
  type Descriptor,
  isImageIndex,
  isManifestDescriptor,
  type Manifest,
  type ManifestDescriptor,
  shortDigest,
} from '../../oci/index.ts';
import type { ArtifactLook } from '../artifactLooks.ts';
import { formatAge, formatSize } from '../format.ts';
import { type Address, referenceOf } from '../places.ts';
import { kindLook } from './kindLooks.ts';
import type { Fact, ManifestPart, Row, Table } from './overview.ts';
import { sizeBar } from './sizeBar.ts';
import type { Targets } from './targets.ts';
import { visibleText } from './visibleText.ts';

/** A page with more rows helps nobody; the manifest has them all. */
const MAX_ROWS = 500;

/** The manifest that is shown, and what is known of it. */
export interface ManifestInput {
  readonly address: Address;
  readonly descriptor: ManifestDescriptor;
  readonly manifest: Manifest;
  /** What other extensions tell of artifacts of its type; default: nothing. */
  readonly look?: Pick<ArtifactLook, 'label' | 'facts'>;
  /** Milliseconds; default: the time now. */
  readonly now?: number;
}

/** What a manifest says, as the overview shows it first. */
export function manifestPart(input: ManifestInput, targets: Targets): ManifestPart {
  const { address, descriptor, manifest } = input;
  const annotations = manifest.annotations ?? {};
  const kind = artifactKindOf(manifest);
  const look = kindLook(kind, isImageIndex(manifest));
  const given = input.look?.label;
  const bar = isImageIndex(manifest) ? undefined : sizeBar(manifest.layers);
  return {
    name: nameIn(address, descriptor),
    kind: kind === 'other' && given !== undefined ? { ...look, label: given } : look,
    buttons: [{ label: l10n.t('Open Manifest'), target: targets.add({ kind: 'manifest' }) }],
    facts: factsOf(input, targets),
    provenance: [
      ...textFact(l10n.t('Source'), annotations[Annotation.source], targets),
      ...textFact(l10n.t('Revision'), annotations[Annotation.revision], targets),
    ],
    ...(bar && { sizes: bar }),
    content: isImageIndex(manifest) ? manifestsTable(manifest.manifests, targets) : contentTable(manifest, targets),
    annotations: annotationsTable(annotations),
  };
}

/** What the artifact is called where people know where it is: `ticket-sales:1.2.0`. */
function nameIn({ repository, tag }: Address, { digest }: ManifestDescriptor): string {
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  return tag === undefined ? `${last}@${shortDigest(digest)}` : `${last}:${tag}`;
}

function factsOf({ address, descriptor, manifest, look, now }: ManifestInput, targets: Targets): Fact[] {
  const { digest, mediaType, size } = descriptor;
  const { place, repository, tag } = address;
  const reference = referenceOf({ place, repository, ...(tag === undefined ? { digest } : { tag }) });
  const created = manifest.annotations?.[Annotation.created];
  const age = formatAge(created, now);
  const { subject } = manifest;
  return [
    ...textFact(l10n.t('Reference'), reference, targets),
    ...textFact(l10n.t('Digest'), digest, targets),
    ...textFact(l10n.t('Artifact type'), artifactTypeOf(manifest)),
    ...textFact(l10n.t('Media type'), mediaType),
    ...(created === undefined
      ? []
      : [
          {
            label: l10n.t('Created'),
            value: age === undefined ? visibleText(created, 100) : l10n.t('{0} ({1})', age, visibleText(created, 100)),
          },
        ]),
    { label: l10n.t('Size'), value: sizeText(manifest, size) },
    ...(subject === undefined
      ? []
      : [
          {
            label: l10n.t('Refers to'),
            value: subject.digest,
            isCode: true,
            ...(isManifestDescriptor(subject) && {
              opens: targets.add({ kind: 'overview', descriptor: subject }),
            }),
          },
        ]),
    ...(look?.facts ?? []).map(([label, value]) => ({ label, value: visibleText(value) })),
  ];
}

function sizeText(manifest: Manifest, size: number): string {
  if (isImageIndex(manifest)) return l10n.t('{0}, and what it names', formatSize(size));
  const total = manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
  return manifest.layers.length === 1
    ? l10n.t('{0} in 1 layer', formatSize(total))
    : l10n.t('{0} in {1} layers', formatSize(total), manifest.layers.length);
}

/** Nothing for what is not said; with a button to copy it where there is a list of what is clicked. */
function textFact(label: string, text: string | undefined, targets?: Targets): Fact[] {
  if (text === undefined || text === '') return [];
  const copies = targets && { copies: targets.add({ kind: 'copy', text }) };
  return [{ label, value: visibleText(text), isCode: true, ...copies }];
}

function contentTable(manifest: Exclude<Manifest, { readonly manifests: unknown }>, targets: Targets): Table {
  const { config, layers } = manifest;
  const rowOf = (role: 'config' | 'layer', descriptor: Descriptor): Row => {
    const title = visibleText(descriptor.annotations?.[Annotation.title] ?? '', 200);
    const name = role === 'config' ? l10n.t('config') : title === '' ? l10n.t('layer') : title;
    return rowFor(name, descriptor, targets.add({ kind: 'blob', role, descriptor }));
  };
  const shown = layers.slice(0, MAX_ROWS);
  return {
    title: l10n.t('Layers and config'),
    columns: contentColumns(l10n.t('Name')),
    rows: [...shown.map((layer) => rowOf('layer', layer)), rowOf('config', config)],
    ...moreNote(layers.length - shown.length),
  };
}

function manifestsTable(manifests: readonly Descriptor[], targets: Targets): Table {
  const shown = manifests.slice(0, MAX_ROWS);
  return {
    title: l10n.t('Manifests'),
    columns: contentColumns(l10n.t('Platform')),
    rows: shown.map((descriptor) =>
      isManifestDescriptor(descriptor)
        ? rowFor(platformText(descriptor), descriptor, targets.add({ kind: 'overview', descriptor }))
        : rowFor(platformText(descriptor), descriptor),
    ),
    ...(manifests.length === 0 ? { note: l10n.t('This index names no manifest.') } : {}),
    ...moreNote(manifests.length - shown.length),
  };
}

function contentColumns(first: string): readonly string[] {
  return [first, l10n.t('Size'), l10n.t('Media type'), l10n.t('Digest')];
}

function rowFor(name: string, { size, mediaType, digest }: Descriptor, opens?: number): Row {
  const cells = [name, formatSize(size), visibleText(mediaType, 200), shortDigest(digest)];
  return { cells, ...(opens !== undefined && { opens }) };
}

function platformText({ platform, annotations = {}, artifactType }: Descriptor): string {
  if (platform !== undefined) {
    const { os, architecture, variant } = platform;
    return visibleText([os, architecture, ...(variant === undefined ? [] : [variant])].join('/'), 100);
  }
  return visibleText(annotations[Annotation.refName] ?? artifactType ?? l10n.t('manifest'), 200);
}

function annotationsTable(annotations: Readonly<Record<string, string>>): Table {
  const entries = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = entries.slice(0, MAX_ROWS);
  return {
    title: l10n.t('Annotations'),
    columns: [l10n.t('Key'), l10n.t('Value')],
    rows: shown.map(([key, value]) => ({ cells: [visibleText(key, 200), visibleText(value)] })),
    ...(entries.length === 0 ? { note: l10n.t('The manifest has no annotations.') } : {}),
    ...moreNote(entries.length - shown.length),
  };
}

function moreNote(count: number): { readonly note?: string } {
  return count > 0 ? { note: l10n.t('{0} more are in the manifest.', count) } : {};
}
