import { l10n } from 'vscode';
import type { ArtifactKind } from '../../floe/artifactKind.ts';
import type { KindIcon } from './overview.ts';

/** How the kind of an artifact shows on its page. */
export function kindLook(kind: ArtifactKind, isIndex: boolean): { readonly icon: KindIcon; readonly label: string } {
  if (!isIndex) return { icon: kind, label: labelOf(kind) };
  return kind === 'image'
    ? { icon: 'index', label: l10n.t('Container image for several platforms') }
    : { icon: 'index', label: l10n.t('Index of manifests') };
}

function labelOf(kind: ArtifactKind): string {
  switch (kind) {
    case 'floe':
      return l10n.t('floe compiled artifacts');
    case 'image':
      return l10n.t('Container image');
    case 'helm':
      return l10n.t('Helm chart');
    case 'wasm':
      return l10n.t('Wasm module');
    case 'model':
      return l10n.t('Machine-learning model');
    case 'signature':
      return l10n.t('Signature');
    case 'sbom':
      return l10n.t('Software bill of materials (SBOM)');
    case 'attestation':
      return l10n.t('Attestation');
    case 'other':
      return l10n.t('OCI artifact');
  }
}
