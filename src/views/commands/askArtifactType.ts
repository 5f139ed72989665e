import { l10n } from 'vscode';
import { UNKNOWN_ARTIFACT_TYPE } from '../../floe/packFiles.ts';
import { isOciError, parseMediaType } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import { KNOWN_TYPES } from '../operations/artifactTypes.ts';
import { type Choice, pickOrType } from './pickOrType.ts';

/** Asks what an artifact is; `proposed` comes first. Undefined when the user leaves the prompt. */
export async function askArtifactType(title: string, proposed?: string): Promise<string | undefined> {
  const known = KNOWN_TYPES.map(
    ({ type, label }): Choice<string> => ({ label: type, description: label, value: type }),
  );
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
