import { commands, l10n, window } from 'vscode';
import type { Activity, ActivityEntry } from '../../oci/index.ts';
import { activityLogText } from '../activity/activityLog.ts';
import { drawActivityNode, labelOf } from '../activity/activityRows.ts';
import type { Reports } from '../reports.ts';

/** What showing the activity works with. */
export interface ActivityParts {
  readonly activity: Pick<Activity, 'entries' | 'failures'>;
  readonly reports: Pick<Reports, 'open'>;
}

/** Opens the Activity view. */
export async function showActivity(): Promise<void> {
  await commands.executeCommand('floeOci.activity.focus');
}

/** Opens what was logged while an operation ran. @param id its number; asked for where it is not known */
export async function showActivityLog({ activity, reports }: ActivityParts, id: number | undefined): Promise<void> {
  const all = [...new Set([...activity.entries, ...activity.failures])];
  const entry = id === undefined ? await choose(all) : all.find((each) => each.id === id);
  if (entry !== undefined) await reports.open(`${labelOf(entry)}.log`, activityLogText(entry));
}

async function choose(entries: readonly ActivityEntry[]): Promise<ActivityEntry | undefined> {
  const title = l10n.t('Show Log Lines');
  if (entries.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing has been done in this window yet.'));
    return undefined;
  }
  const choices = entries.map((entry) => {
    const { label, description = '' } = drawActivityNode({ row: 'operation', entry }, Date.now());
    return { label, description, entry };
  });
  return (await window.showQuickPick(choices, { title, placeHolder: l10n.t('Choose an operation') }))?.entry;
}
