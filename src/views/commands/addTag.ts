import { l10n, window } from 'vscode';
import { addTags } from '../../floe/addTags.ts';
import { TagPolicy } from '../../floe/tagPolicy.ts';
import { parseTag } from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import { askAddress } from './askAddress.ts';
import { copyReference } from './copyText.ts';
import { showDestination } from './showDestination.ts';
import type { PushParts } from './startPush.ts';
import { validateWith } from './validateWith.ts';

/** Gives an artifact one more tag. A tag that may be moved is moved; a protected one that names something else is not. */
export async function addTag(parts: PushParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress(l10n.t('Add a Tag'), parts.book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const { place, repository } = address;
  const text = await window.showInputBox({
    title: l10n.t('Add a Tag to {0}', nameOf(address)),
    prompt: l10n.t('The new tag'),
    placeHolder: 'prod',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || parseTag(typed)),
  });
  if (text === undefined || text.trim() === '') return;
  const tag = parseTag(text.trim());
  const add = async () => {
    const store = await place.open(repository);
    const descriptor = await store.resolve(version);
    return await addTags(store, descriptor, [tag], { tagPolicy: new TagPolicy(parts.settings.tagPatterns) });
  };
  const about = { place, repository, tag };
  const added = await parts.presenter.attempt('addTag', () => observeAt(parts.observability, 'tag', about, add));
  const outcome = added?.[0]?.outcome;
  if (outcome === undefined) return;
  const destination = { place, repository, tag };
  await showDestination(parts, destination);
  const named = nameOf(destination);
  const same = address.tag ?? address.digest ?? '';
  const did = {
    added: l10n.t('{0} now names the same as {1}.', named, same),
    moved: l10n.t('{0} was moved to {1}.', named, same),
    unchanged: l10n.t('{0} already names the same as {1}.', named, same),
  };
  const copy = l10n.t('Copy Reference');
  const answer = await window.showInformationMessage(plainText(did[outcome]), copy);
  if (answer === copy) await copyReference(parts, destination);
}
