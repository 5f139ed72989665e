import { l10n, window } from 'vscode';
import type { RepositoryName } from '../../oci/index.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { parsePasted } from '../pastedReference.ts';
import type { Place } from '../places.ts';
import { allOf, isProject } from '../project.ts';
import type { Trees } from '../trees.ts';
import { askRegistry } from './askRegistry.ts';
import { validateWith } from './validateWith.ts';

/** What pinning works with. */
export interface PinParts {
  readonly registries: ConnectedRegistries;
  readonly trees: Trees;
}

/**
 * Shows a repository by name, for most hosted registries do not list what they hold; or all of a project, where the registry
 * lists those of one. A version that is named as well is selected.
 */
export async function addRepository({ registries, trees }: PinParts, known?: Place): Promise<void> {
  const place = known ?? (await askRegistry(l10n.t('Add a Repository'), registries));
  if (place === undefined) return;
  const text = await window.showInputBox({
    title: l10n.t('Add a Repository of {0}', place.label),
    prompt: l10n.t('Its name, a reference, or the line that pulls it; PROJECT/* for all of a project'),
    placeHolder: 'team/product',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || isProject(typed) || parsePasted(typed, place.id)),
  });
  const typed = text?.trim() ?? '';
  if (typed === '') return;
  if (isProject(typed)) {
    await trees.reveal(await registries.add(place.id, typed));
    return;
  }
  const { repository, tag } = parsePasted(typed, place.id);
  const added = await registries.add(place.id, repository);
  await trees.reveal(added, { place: added, repository, ...(tag && { tag }) });
}

/** Takes back {@link addRepository}. Nothing changes in the registry. */
export async function removeRepository(
  { registries }: PinParts,
  known?: { readonly place: Place; readonly repository?: RepositoryName; readonly project?: string },
): Promise<void> {
  const place = known?.place ?? (await askRegistry(l10n.t('Remove a Repository'), registries));
  if (place === undefined) return;
  const named = known?.repository ?? (known?.project === undefined ? undefined : allOf(known.project));
  const removed = named ?? (await askPinned(place));
  if (removed !== undefined) await registries.unpin(place.id, removed);
}

async function askPinned({ label, pinned, projects = [] }: Place): Promise<string | undefined> {
  const choices = [...pinned, ...projects.map(allOf)];
  if (choices.length === 0) {
    void window.showInformationMessage(l10n.t('No repository of {0} was added by name.', label));
    return undefined;
  }
  const title = l10n.t('Remove a Repository of {0} from the View', label);
  return await window.showQuickPick(choices, { title, placeHolder: l10n.t('Choose a repository') });
}
