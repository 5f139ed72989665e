import { l10n } from 'vscode';
import type { PageTexts, PartName } from './overview.ts';

/** The labels of what the page has by itself. */
export function pageTexts(): PageTexts {
  return {
    summary: l10n.t('Summary'),
    copy: l10n.t('Copy'),
    copied: l10n.t('Copied'),
    signature: l10n.t('Signature'),
    signatureUnknown: l10n.t('Not known: the registry could not be asked'),
    referrers: l10n.t('Referrers'),
    tags: l10n.t('Tags'),
    noTags: l10n.t('No tag is known to name this manifest.'),
    product: l10n.t('Data product'),
    governance: l10n.t('Governance'),
    noGovernance: l10n.t('The document states no rules.'),
    provenance: l10n.t('Provenance'),
    noProvenance: l10n.t('The manifest does not say where its sources are.'),
    models: l10n.t('Models'),
    graphHelp: l10n.t(
      'What depends on a model is to the right of it. Arrow keys go from model to model, Enter opens one in the document, + and - change the size.',
    ),
    listHelp: l10n.t('Arrow keys go from model to model, Enter opens one in the document.'),
    listMore: l10n.t('These are the first {0}. Search for the others.', '{0}'),
    search: l10n.t('Search models'),
    found: l10n.t('{0} of {1}', '{0}', '{1}'),
    zoomIn: l10n.t('Zoom In'),
    zoomOut: l10n.t('Zoom Out'),
    fit: l10n.t('Show All'),
  };
}

/** What stands where a part of the page will be. */
export function loadingTexts(): Readonly<Record<PartName, string>> {
  return {
    manifest: l10n.t('Reading the manifest…'),
    tags: l10n.t('Looking for tags…'),
    referrers: l10n.t('Looking for signatures and other referrers…'),
    product: l10n.t('Reading the compiled artifacts…'),
    layout: l10n.t('Drawing the models…'),
  };
}
