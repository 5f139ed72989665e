import { l10n } from 'vscode';
import type { FoundSignature } from '../../floe/findSignatures.ts';
import { REFERRER_KINDS, type ReferrerKind, referrerKindOf } from '../../floe/referrerKind.ts';
import type { SignatureReport } from '../../floe/signatureVerifier.ts';
import { Annotation, type ManifestDescriptor, shortDigest } from '../../oci/index.ts';
import { formatAge, formatSize } from '../format.ts';
import { referrerLabel } from '../tree/looks.ts';
import type { ReferrersPart, Status } from './overview.ts';
import type { Targets } from './targets.ts';
import { visibleText } from './visibleText.ts';

/** The tree has them all. */
const MAX_ROWS = 200;
const MAX_CLAIMS = 10;

/** What refers to a manifest, signatures first, and what is known of those. */
export function referrersPart(
  referrers: readonly ManifestDescriptor[],
  report: SignatureReport,
  targets: Targets,
): ReferrersPart {
  const byKind = Map.groupBy(referrers, referrerKindOf);
  const ordered = REFERRER_KINDS.flatMap((kind) =>
    (byKind.get(kind) ?? []).map((descriptor) => ({ kind, descriptor })),
  );
  const rows = ordered.slice(0, MAX_ROWS).map(({ kind, descriptor }) => {
    const { artifactType = descriptor.mediaType, size, digest, annotations = {} } = descriptor;
    const age = formatAge(annotations[Annotation.created]);
    return {
      cells: [
        kindName(kind),
        visibleText(referrerLabel(artifactType, kind), 100),
        visibleText(artifactType, 200),
        formatSize(size),
        age ?? '',
        shortDigest(digest),
      ],
      opens: targets.add({ kind: 'overview', descriptor }),
    };
  });
  const left = ordered.length - rows.length;
  return {
    signature: signatureStatus(report),
    table: {
      title: l10n.t('Referrers'),
      columns: [
        l10n.t('Kind'),
        l10n.t('Format'),
        l10n.t('Artifact type'),
        l10n.t('Manifest size'),
        l10n.t('Created'),
        l10n.t('Digest'),
      ],
      rows,
      ...(rows.length === 0 ? { note: l10n.t('Nothing refers to this manifest.') } : {}),
      ...(left > 0 ? { note: l10n.t('{0} more are in the tree.', left) } : {}),
    },
  };
}

function kindName(kind: ReferrerKind): string {
  switch (kind) {
    case 'signature':
      return l10n.t('signature');
    case 'sbom':
      return l10n.t('SBOM');
    case 'attestation':
      return l10n.t('attestation');
    case 'other':
      return l10n.t('other');
  }
}

/** In words that promise no more than was done: only a check that ran makes anything pass. */
export function signatureStatus({ status, reason, signer, issuer, signatures = [] }: SignatureReport): Status {
  const label = l10n.t('Signature');
  const details = signatures.slice(0, MAX_CLAIMS).flatMap(claimOf);
  switch (status) {
    case 'valid':
      return { label, look: 'passed', text: verifiedText(signer, issuer), details: [] };
    case 'invalid':
      return { label, look: 'failed', text: l10n.t('Not valid: {0}', visibleText(reason, 300)), details };
    case 'unsigned':
      return { label, look: 'absent', text: l10n.t('None was found'), details: [] };
    case 'unknown':
      if (signatures.length === 0) {
        return { label, look: 'unknown', text: l10n.t('Not known: {0}', visibleText(reason, 300)), details: [] };
      }
      return {
        label,
        look: 'present',
        text:
          signatures.length === 1
            ? l10n.t('Present, not verified')
            : l10n.t('{0} are present, not verified', signatures.length),
        details,
      };
  }
}

function verifiedText(signer: string | undefined, issuer: string | undefined): string {
  if (signer === undefined) return l10n.t('Verified');
  const name = visibleText(signer, 200);
  return issuer === undefined
    ? l10n.t('Verified: signed by {0}', name)
    : l10n.t('Verified: signed by {0}, according to {1}', name, visibleText(issuer, 200));
}

/** What a signature says of itself, and anybody could have written. */
function claimOf({ claims: { subject, issuer } }: FoundSignature): string[] {
  if (subject === null) return [];
  const name = visibleText(subject, 200);
  return [
    issuer === null
      ? l10n.t('Says of itself, unchecked: signed by {0}', name)
      : l10n.t('Says of itself, unchecked: signed by {0}, according to {1}', name, visibleText(issuer, 200)),
  ];
}
