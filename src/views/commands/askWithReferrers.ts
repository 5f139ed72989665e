import { l10n, window } from 'vscode';

/**
 * Asks whether what refers to an artifact comes along.
 * @param what such as `2 signatures, 1 SBOM`; empty: there is nothing to ask, and nothing comes along
 * @returns undefined when the user leaves the prompt
 */
export async function askWithReferrers(title: string, what: string): Promise<boolean | undefined> {
  if (what === '') return false;
  const choices = [
    { label: l10n.t('With what refers to it'), description: what, referrers: true },
    { label: l10n.t('The artifact alone'), referrers: false },
  ];
  const options = { title, placeHolder: l10n.t('Choose what comes along'), ignoreFocusOut: true };
  return (await window.showQuickPick(choices, options))?.referrers;
}
