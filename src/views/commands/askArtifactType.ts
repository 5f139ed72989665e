import { l10n } from 'vscode';
import { UNKNOWN_ARTIFACT_TYPE } from '../../floe/packFiles.ts';
import { isOciError, parseMediaType } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import { type Choice, pickOrType } from './pickOrType.ts';

/** Kinds that have a type of their own, and the names by which their files are known. */
const KNOWN: readonly { readonly type: string; readonly label: string; readonly files: RegExp }[] = [
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
  return KNOWN.find(({ files }) => names.length > 0 && names.every((name) => files.test(name)))?.type;
}

/** Asks what an artifact is; `proposed` comes first. Undefined when the user leaves the prompt. */
export async function askArtifactType(title: string, proposed?: string): Promise<string | undefined> {
  const known = KNOWN.map(({ type, label }): Choice<string> => ({ label: type, description: label, value: type }));
  const unknown = {
    label: UNKNOWN_ARTIFACT_TYPE,
    description: l10n.t('nothing particular'),
    value: UNKNOWN_ARTIFACT_TYPE,
  };
  const choices = [unknown, ...known].sort(
    (one, other) => Number(other.value === proposed) - Number(one.value === proposed),
  );
  return await pickOrType<string>({
    title,
    placeholder: l10n.t('Choose the artifact type, or type a media type'),
    choices: async () => choices,
    typed: (text) => {
      try {
        return { label: text, description: l10n.t('this type'), value: parseMediaType(text) };
      } catch (error) {
        if (isOciError(error)) return explain(describeError(error));
        throw error;
      }
    },
  });
}
