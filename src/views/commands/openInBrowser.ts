import { commands, l10n, window } from 'vscode';
import type { AddressBook } from '../addressBook.ts';
import { type Address, nameOf, type Place } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import { askRepositoryAddress } from './askAddress.ts';
import { whileLooking } from './whileLooking.ts';

/** What opening a registry's own page works with. */
export interface BrowseParts {
  readonly book: AddressBook;
  readonly presenter: Presenter;
}

/** What a registry may have a page about: itself, or what is in it. */
export type Page = Partial<Address> & { readonly place: Place };

/** Opens the page that the registry itself has about an artifact, a repository or itself. */
export async function openInBrowser(parts: BrowseParts, known?: Page): Promise<void> {
  const page: Page | undefined = known ?? (await askRepositoryAddress(l10n.t('Open in Browser'), parts.book));
  if (page === undefined) return;
  const { place, repository, tag, digest } = page;
  const subject = repository && { repository, ...(tag && { tag }), ...(digest && { digest }) };
  const what = repository === undefined ? place.label : nameOf({ ...page, repository });
  const title = l10n.t('Looking for the page of {0}', what);
  const found = await parts.presenter.attempt('openInBrowser', async () =>
    whileLooking(title, async (signal) => ({ url: await place.hosting?.webUrl(subject, { signal }) })),
  );
  if (found === undefined) return;
  const { url } = found;
  // Parts of it come from a registry: nothing but a page of the web is opened.
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    void window.showInformationMessage(plainText(l10n.t('No web page is known for {0}.', what)));
    return;
  }
  // As text: an Uri would write other characters than the registry's pages have in their addresses.
  await commands.executeCommand('vscode.open', url.href);
}
