import { l10n, window } from 'vscode';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';

/** Who is told that something could not be kept. */
export interface SessionParts {
  readonly presenter: Pick<Presenter, 'logError'>;
}

/**
 * Stores what the user typed; where VS Code cannot, it is kept for the session if the user wants that, because a keyring
 * that does not work must not keep anybody from working. False when it is neither stored nor kept.
 * @param name what it is for, for the log
 */
export async function orForSession(
  { presenter }: SessionParts,
  name: string,
  { store, keep }: { readonly store: () => Promise<void>; readonly keep: () => void },
): Promise<boolean> {
  try {
    await store();
    return true;
  } catch (error) {
    presenter.logError(`Storing the credential of ${name}`, error);
    const reason = plainText(error instanceof Error ? error.message : String(error));
    const session = l10n.t('Use for This Session');
    const answer = await window.showWarningMessage(
      l10n.t('VS Code cannot store the password: {0}', reason),
      {
        modal: true,
        detail: l10n.t(
          'Its secret storage needs a keyring that is unlocked, such as gnome-keyring or KWallet; see "Preferences: Configure Runtime Arguments", "password-store". You can go on without: the password is then forgotten when this window closes.',
        ),
      },
      session,
    );
    if (answer !== session) return false;
    keep();
    return true;
  }
}
