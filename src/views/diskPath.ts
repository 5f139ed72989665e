import { l10n, type Uri } from 'vscode';
import { OciError } from '../oci/index.ts';

/**
 * Where a file or folder of the user's is on the disk of this machine.
 * @param action what is to be done with it
 * @throws OciError UNSUPPORTED for what is not on a disk: it would have to be held in memory
 */
export function diskPathOf(file: Uri, action: 'attach' | 'backUp' | 'pull' | 'push' | 'restore'): string {
  if (file.scheme === 'file') return file.fsPath;
  const name = file.toString(true);
  const what = {
    attach: l10n.t('attaching {0}, which is not on this machine', name),
    backUp: l10n.t('backing up into {0}, which is not on this machine', name),
    pull: l10n.t('pulling files into {0}, which is not on this machine', name),
    push: l10n.t('pushing {0}, which is not on this machine', name),
    restore: l10n.t('restoring from {0}, which is not on this machine', name),
  }[action];
  throw new OciError('UNSUPPORTED', what, { what });
}
