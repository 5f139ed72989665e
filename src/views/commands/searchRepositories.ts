import { l10n, type QuickPickItem, window } from 'vscode';
import { cancelled } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { describeError } from '../describeError.ts';
import type { Address, Place } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Trees } from '../trees.ts';
import { RepositorySearch } from './repositorySearch.ts';
import { showDestination } from './showDestination.ts';

/** What searching works with. */
export interface SearchParts {
  readonly book: AddressBook;
  readonly registries: ConnectedRegistries;
  readonly trees: Trees;
  readonly presenter: { logError(action: string, error: unknown): void };
}

/** Milliseconds without a key before the tags of a name are asked for. */
const PAUSE = 300;

type Item = QuickPickItem & { readonly address?: Address; readonly isMore?: true };

/** Searches the repositories of a registry, or of all places, and selects the row of what is chosen. */
export async function searchRepositories(parts: SearchParts, known?: Place): Promise<void> {
  const found = await ask(parts, known === undefined ? parts.book.places() : [known], known?.label);
  if (found !== undefined) await showDestination(parts, found);
}

function ask(
  { presenter }: SearchParts,
  places: readonly Place[],
  where: string | undefined,
): Promise<Address | undefined> {
  const controller = new AbortController();
  const search = new RepositorySearch(places, controller.signal);
  const prompt = window.createQuickPick<Item>();
  Object.assign(prompt, {
    title: where === undefined ? l10n.t('Search Repositories') : l10n.t('Search the Repositories of {0}', where),
    placeholder: l10n.t('Part of the name; the whole name shows its tags'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  let tags: readonly Item[] = [];
  let isOpen = true;
  let timer: NodeJS.Timeout | undefined;

  const show = (): void => {
    if (!isOpen) return;
    const repositories = search.found.map((address) => ({
      label: `$(repo) ${plainText(address.repository, 200)}`,
      description: address.place.label,
      address,
    }));
    prompt.items = [...tags, ...repositories, ...candidates(search, prompt.value), ...rest(search)];
  };
  const read = async (): Promise<void> => {
    prompt.busy = true;
    try {
      await search.readMore();
    } catch (error) {
      presenter.logError('searchRepositories', error);
    }
    if (isOpen) prompt.busy = false;
    show();
  };
  const look = async (text: string): Promise<void> => {
    const found = await search.tagsOf(text);
    if (!isOpen || prompt.value !== text) return;
    tags = found.map((address) => ({
      label: `$(tag) ${plainText(`${address.repository}:${address.tag}`, 200)}`,
      description: address.place.label,
      alwaysShow: true,
      address,
    }));
    show();
  };
  prompt.onDidChangeValue((text) => {
    tags = [];
    clearTimeout(timer);
    timer = setTimeout(() => void look(text), PAUSE);
    show();
  });
  prompt.show();
  void read();

  return new Promise((resolve) => {
    prompt.onDidAccept(() => {
      const [item] = prompt.selectedItems;
      if (item?.isMore === true) return void read();
      if (item?.address === undefined) return;
      resolve(item.address);
      prompt.hide();
    });
    prompt.onDidHide(() => {
      isOpen = false;
      clearTimeout(timer);
      controller.abort(cancelled());
      resolve(undefined);
      prompt.dispose();
    });
  });
}

/** What a name may be that no list has. */
function candidates(search: RepositorySearch, text: string): readonly Item[] {
  return search.candidates(text).map((address) => ({
    label: `$(search) ${text.trim()}`,
    description: l10n.t('look for it in {0}', address.place.label),
    alwaysShow: true,
    address,
  }));
}

/** That there is more, and who does not list what is there. */
function rest(search: RepositorySearch): readonly Item[] {
  const failed = search.failed.map(
    ({ place, error }): Item => ({
      label: `$(info) ${plainText(l10n.t('{0} does not list its repositories', place.label))}`,
      detail: describeError(error).sentence,
      alwaysShow: true,
    }),
  );
  if (!search.hasMore) return failed;
  return [...failed, { label: `$(ellipsis) ${l10n.t('Load more…')}`, alwaysShow: true, isMore: true }];
}
