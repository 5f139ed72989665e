import { l10n } from 'vscode';
import { REFERRER_KINDS, type ReferrerFacts, type ReferrerKind, referrerKindOf } from '../floe/referrerKind.ts';

/** `2 signatures` */
export function nameReferrers(kind: ReferrerKind, count: number): string {
  switch (kind) {
    case 'signature':
      return count === 1 ? l10n.t('1 signature') : l10n.t('{0} signatures', count);
    case 'sbom':
      return count === 1 ? l10n.t('1 SBOM') : l10n.t('{0} SBOMs', count);
    case 'attestation':
      return count === 1 ? l10n.t('1 attestation') : l10n.t('{0} attestations', count);
    case 'other':
      return count === 1 ? l10n.t('1 other artifact') : l10n.t('{0} other artifacts', count);
  }
}

/** `2 signatures, 1 SBOM`; empty for none. */
export function countReferrers(referrers: readonly ReferrerFacts[]): string {
  const byKind = Map.groupBy(referrers, referrerKindOf);
  return REFERRER_KINDS.flatMap((kind) => {
    const count = byKind.get(kind)?.length ?? 0;
    return count === 0 ? [] : [nameReferrers(kind, count)];
  }).join(', ');
}
