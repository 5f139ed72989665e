import { l10n, window } from 'vscode';
import { compileGlob } from '../../floe/glob.ts';
import { validateWith } from './validateWith.ts';

/** Asks which tags are copied: a glob, or nothing for all. Undefined when the user leaves the prompt. */
export async function askTagFilter(title: string): Promise<string | undefined> {
  const filter = await window.showInputBox({
    title,
    prompt: l10n.t('Tags to copy, as a glob; empty for all'),
    placeHolder: 'v1.*',
    ignoreFocusOut: true,
    validateInput: validateWith((text) => text === '' || compileGlob(text, l10n.t('the filter'))),
  });
  return filter?.trim();
}
