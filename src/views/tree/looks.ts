import type { ArtifactKind } from '../../floe/artifactKind.ts';
import type { ReferrerKind } from '../../floe/referrerKind.ts';
import { plainText } from '../plainText.ts';

/** How the kind of an artifact shows in its row; what is nothing particular has no label. */
export const ARTIFACT_LOOKS: Readonly<Record<ArtifactKind, { readonly icon: string; readonly label?: string }>> = {
  floe: { icon: 'type-hierarchy', label: 'floe' },
  image: { icon: 'vm', label: 'image' },
  helm: { icon: 'symbol-ruler', label: 'Helm chart' },
  wasm: { icon: 'file-binary', label: 'Wasm' },
  model: { icon: 'circuit-board', label: 'model' },
  signature: { icon: 'verified', label: 'signature' },
  sbom: { icon: 'checklist', label: 'SBOM' },
  attestation: { icon: 'law', label: 'attestation' },
  other: { icon: 'tag' },
};

export const REFERRER_ICONS: Readonly<Record<ReferrerKind, string>> = {
  signature: 'verified',
  sbom: 'checklist',
  attestation: 'law',
  other: 'references',
};

const FORMATS: readonly (readonly [type: RegExp, label: string])[] = [
  [/spdx/i, 'SPDX'],
  [/cyclonedx/i, 'CycloneDX'],
  [/syft/i, 'Syft'],
  [/in-toto/i, 'in-toto'],
  [/sigstore\.bundle/i, 'Sigstore bundle'],
  [/cosign/i, 'cosign'],
  [/notary/i, 'Notary Project'],
];

/** What a referrer is called: its format where that is known by its type, else the last part of the type. */
export function referrerLabel(artifactType: string, kind: ReferrerKind): string {
  const known = FORMATS.find(([type]) => type.test(artifactType))?.[1];
  if (known !== undefined) return known;
  const name = plainText(artifactType.slice(artifactType.lastIndexOf('/') + 1), 60);
  return name === '' ? (kind === 'other' ? 'artifact' : kind) : name;
}
