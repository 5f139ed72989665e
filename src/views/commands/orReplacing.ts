import { l10n, window } from 'vscode';
import { isOciError } from '../../oci/index.ts';
import { plainText } from '../plainText.ts';

/** Writes files; those that are there with other content are replaced only when the user says so. Undefined: they stay. */
export async function orReplacing<T>(write: (force: boolean) => Promise<T>): Promise<T | undefined> {
  try {
    return await write(false);
  } catch (error) {
    if (!isOciError(error, 'FILE_EXISTS')) throw error;
    const replace = l10n.t('Replace');
    const answer = await window.showWarningMessage(
      plainText(l10n.t('{0} exists with other content.', error.details.path)),
      { modal: true, detail: l10n.t('Nothing was written yet. Replace it and other files that are in the way?') },
      replace,
    );
    return answer === replace ? await write(true) : undefined;
  }
}
