import { commands, type Disposable, l10n, window } from 'vscode';
import { plainText } from './plainText.ts';
import { type SettingProblem, settingProblems } from './settingProblems.ts';
import type { Settings } from './settings.ts';

/** Says which settings cannot be used, each once for as long as it stays as it is. */
export function warnOfSettings(settings: Pick<Settings, 'onDidChange' | 'read'>): Disposable {
  let known = new Set<string>();
  const check = (): void => {
    const problems = settingProblems((name) => settings.read(name));
    const texts = new Map(problems.map((problem) => [sentenceOf(problem), problem]));
    for (const [text, problem] of texts) if (!known.has(text)) void warn(text, problem);
    known = new Set(texts.keys());
  };
  check();
  return settings.onDidChange(check);
}

function sentenceOf({ setting, value, accepted, instead }: SettingProblem): string {
  return plainText(l10n.t('The setting {0} is {1}. Accepted is {2}; {3}.', setting, value, accepted, instead));
}

async function warn(text: string, { setting }: SettingProblem): Promise<void> {
  const open = l10n.t('Open Settings');
  if ((await window.showWarningMessage(text, open)) !== open) return;
  await commands.executeCommand('workbench.action.openSettings', setting.split('[', 1)[0]);
}
