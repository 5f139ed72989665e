import { l10n, type QuickInputButton, type QuickPickItem, ThemeIcon, window } from 'vscode';
import { type KnownPeriod, periodText } from './tagPeriods.ts';

/** What is done with a period that the user has chosen. */
export interface PickedPeriod {
  readonly period: KnownPeriod;
  readonly act: 'compare' | 'copyDigest';
}

/** Shows where a tag led; each row can be compared with now, or its digest copied. Undefined when the user leaves it. */
export function pickPeriod(title: string, periods: readonly KnownPeriod[]): Promise<PickedPeriod | undefined> {
  const compare: QuickInputButton = { iconPath: new ThemeIcon('git-compare'), tooltip: l10n.t('Compare with Now') };
  const copy: QuickInputButton = { iconPath: new ThemeIcon('copy'), tooltip: l10n.t('Copy Digest') };
  const prompt = window.createQuickPick<QuickPickItem & { readonly period: KnownPeriod }>();
  Object.assign(prompt, {
    title,
    placeholder: l10n.t('Choose one to compare it with now'),
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
    items: periods.map((period) => ({
      ...periodText(period),
      period,
      buttons: period.until === undefined ? [copy] : [compare, copy],
    })),
  });
  prompt.show();
  return new Promise((resolve) => {
    const answer = (picked: PickedPeriod): void => {
      resolve(picked);
      prompt.hide();
    };
    prompt.onDidAccept(() => {
      const [item] = prompt.selectedItems;
      if (item !== undefined) answer({ period: item.period, act: 'compare' });
    });
    prompt.onDidTriggerItemButton(({ item: { period }, button }) =>
      answer({ period, act: button === copy ? 'copyDigest' : 'compare' }),
    );
    prompt.onDidHide(() => {
      resolve(undefined);
      prompt.dispose();
    });
  });
}
