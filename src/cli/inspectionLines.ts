import prettyBytes from 'pretty-bytes';
import type { FoundSignature } from '../floe/findSignatures.ts';
import type { Inspection } from '../floe/inspectArtifact.ts';
import type { Standing } from '../floe/standing.ts';
import { Annotation, type Descriptor } from '../oci/index.ts';

/** An inspection for people. What is unknown is left out, but for what people look for. */
export function inspectionLines(inspection: Inspection & Partial<Standing>): readonly string[] {
  const { signatureReason, signatures = [], promotedTo = [] } = inspection;
  const { product, size, config, subject, annotations, manifests = [], layers } = inspection;
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    ['Reference', inspection.reference],
    ['Digest', inspection.digest],
    ['Media Type', inspection.mediaType],
    ['Artifact Type', inspection.artifactType ?? 'unknown'],
    ['Product', product && [product.name, product.version].filter(Boolean).join(' ')],
    ['Size', size === null ? null : formatSize(size)],
    ['Created', inspection.created ?? 'unknown'],
    ['Signature', clauses(inspection.signatureStatus, signatureReason)],
    ['Promotion', clauses(inspection.promotionStatus, promotedTo.join(', '))],
    ['Subject', subject?.digest ?? null],
    ['Config', config && describe(config)],
  ];
  return [
    ...facts.filter(([, value]) => value !== null).map(([name, value]) => `${`${name}:`.padEnd(LABEL_WIDTH)}${value}`),
    ...section('Signatures', signatures.map(signatureLine)),
    ...section('Layers', layers.map(describe)),
    ...section('Manifests', manifests.map(describe)),
    ...section(
      'Annotations',
      Object.entries(annotations).map(([key, value]) => `${key}: ${value}`),
    ),
  ];
}

/** The longest label, its colon and a space. */
const LABEL_WIDTH = 'Artifact Type: '.length;

function clauses(status: string, more = ''): string {
  return more === '' ? status : `${status} (${more})`;
}

/** Whoever wrote it could write anything, and so it is only said to be of somebody. */
function signatureLine({ digest, kind, artifactType, claims: { subject, issuer } }: FoundSignature): string {
  const who = subject && `says it is of ${subject}${issuer ? `, by ${issuer}` : ''}`;
  return [digest, kind, artifactType, who, 'not verified'].filter(Boolean).join('  ');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function describe({ digest, size, mediaType, platform, annotations = {} }: Descriptor): string {
  const where = platform && [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/');
  return [digest, formatSize(size), mediaType, where, annotations[Annotation.title]].filter(Boolean).join('  ');
}

/** `2.08 kB`: in powers of 1000, as disks and registries count. */
export function formatSize(bytes: number): string {
  return prettyBytes(bytes);
}
