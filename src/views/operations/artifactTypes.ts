import { l10n } from 'vscode';

/** Kinds that have a type of their own, and the names by which their files are known. */
export const KNOWN_TYPES: readonly { readonly type: string; readonly label: string; readonly files: RegExp }[] = [
  { type: 'application/spdx+json', label: l10n.t('SBOM (SPDX)'), files: /\.spdx(\.json)?$/i },
  { type: 'application/vnd.cyclonedx+json', label: l10n.t('SBOM (CycloneDX)'), files: /(\.cdx|bom)\.json$/i },
  {
    type: 'application/vnd.in-toto+json',
    label: l10n.t('attestation (in-toto)'),
    files: /\.(intoto|provenance)(\.jsonl?)?$/i,
  },
  {
    type: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    label: l10n.t('Sigstore bundle'),
    files: /\.sigstore(\.json)?$/i,
  },
];

/** The type that files of these names usually are; undefined when the names say nothing. */
export function typeOfFiles(names: readonly string[]): string | undefined {
  return KNOWN_TYPES.find(({ files }) => names.length > 0 && names.every((name) => files.test(name)))?.type;
}
