import { l10n } from 'vscode';
import type { ArtifactKind } from '../../floe/artifactKind.ts';
import type { ReferrerKind } from '../../floe/referrerKind.ts';
import { plainText } from '../plainText.ts';

/** How the kind of an artifact shows in its row; what is nothing particular has no label. */
export const ARTIFACT_LOOKS: Readonly<Record<ArtifactKind, { readonly icon: string; readonly label?: string }>> = {
  floe: { icon: 'type-hierarchy', label: 'floe' },
  image: { icon: 'vm', label: l10n.t('image') },
  helm: { icon: 'symbol-ruler', label: l10n.t('Helm chart') },
  wasm: { icon: 'file-binary', label: 'Wasm' },
  model: { icon: 'circuit-board', label: l10n.t('model') },
  signature: { icon: 'unverified', label: l10n.t('signature') },
  sbom: { icon: 'checklist', label: 'SBOM' },
  attestation: { icon: 'law', label: l10n.t('attestation') },
  other: { icon: 'tag' },
};

/** Nothing here verifies signatures: a tick would say that somebody did. */
export const REFERRER_ICONS: Readonly<Record<ReferrerKind, string>> = {
  signature: 'unverified',
  sbom: 'checklist',
  attestation: 'law',
  other: 'references',
};

/** What a kind of referrer is called where its type does not say more. */
export const REFERRER_NAMES: Readonly<Record<ReferrerKind, string>> = {
  signature: l10n.t('signature'),
  sbom: 'SBOM',
  attestation: l10n.t('attestation'),
  other: l10n.t('artifact'),
};

const FORMATS: readonly (readonly [type: RegExp, label: string])[] = [
  [/spdx/i, 'SPDX'],
  [/cyclonedx/i, 'CycloneDX'],
  [/syft/i, 'Syft'],
  [/in-toto/i, 'in-toto'],
  [/sigstore\.bundle/i, l10n.t('Sigstore bundle')],
  [/cosign/i, 'cosign'],
  [/notary/i, 'Notary Project'],
];

/** What a referrer is called: its format where that is known by its type, else the last part of the type. */
export function referrerLabel(artifactType: string, kind: ReferrerKind): string {
  const known = FORMATS.find(([type]) => type.test(artifactType))?.[1];
  if (known !== undefined) return known;
  const name = plainText(artifactType.slice(artifactType.lastIndexOf('/') + 1), 60);
  return name === '' ? REFERRER_NAMES[kind] : name;
}
