import { window } from 'vscode';
import { parseRepositoryName, type RepositoryName } from '../../oci/index.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { Place } from '../places.ts';
import { askRegistry } from './askRegistry.ts';
import { validateWith } from './validateWith.ts';

export interface PinParts {
  readonly registries: ConnectedRegistries;
}

/** Shows a repository by name: most hosted registries do not list what they hold. */
export async function addRepository({ registries }: PinParts, known?: Place): Promise<void> {
  const place = known ?? (await askRegistry('Add a Repository', registries));
  if (place === undefined) return;
  const name = await window.showInputBox({
    title: `Add a Repository of ${place.label}`,
    prompt: 'Name of the repository, without the registry',
    placeHolder: 'team/product',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || parseRepositoryName(typed)),
  });
  if (name === undefined || name.trim() === '') return;
  await registries.add(place.id, parseRepositoryName(name.trim()));
}

/** Takes back {@link addRepository}. Nothing changes in the registry. */
export async function removeRepository(
  { registries }: PinParts,
  known?: { readonly place: Place; readonly repository: RepositoryName },
): Promise<void> {
  const place = known?.place ?? (await askRegistry('Remove a Repository', registries));
  if (place === undefined) return;
  const repository = known?.repository ?? (await askPinned(place));
  if (repository !== undefined) await registries.unpin(place.id, repository);
}

async function askPinned({ label, pinned }: Place): Promise<RepositoryName | undefined> {
  if (pinned.length === 0) {
    void window.showInformationMessage(`No repository of ${label} was added by name.`);
    return undefined;
  }
  const choices = pinned.map((repository) => ({ label: repository, repository }));
  const title = `Remove a Repository of ${label} from the View`;
  return (await window.showQuickPick(choices, { title, placeHolder: 'Choose a repository' }))?.repository;
}
