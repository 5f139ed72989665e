import { window } from 'vscode';
import { addTags } from '../../floe/addTags.ts';
import { TagPolicy } from '../../floe/tagPolicy.ts';
import { parseTag } from '../../oci/index.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { askAddress } from './askAddress.ts';
import { copyReference } from './copyText.ts';
import type { PushParts } from './push.ts';
import { showDestination } from './showDestination.ts';
import { validateWith } from './validateWith.ts';

/** Gives an artifact one more tag. A tag that may be moved is moved; a protected one that names something else is not. */
export async function addTag(parts: PushParts, known?: Partial<Address>): Promise<void> {
  const address = await askAddress('Add a Tag', parts.book, known);
  const version = address?.digest ?? address?.tag;
  if (address === undefined || version === undefined) return;
  const { place, repository } = address;
  const text = await window.showInputBox({
    title: `Add a Tag to ${nameOf(address)}`,
    prompt: 'The new tag',
    placeHolder: 'prod',
    ignoreFocusOut: true,
    validateInput: validateWith((typed) => typed === '' || parseTag(typed)),
  });
  if (text === undefined || text.trim() === '') return;
  const tag = parseTag(text.trim());
  const added = await parts.presenter.attempt('addTag', async () => {
    const store = await place.open(repository);
    const descriptor = await store.resolve(version);
    return await addTags(store, descriptor, [tag], { tagPolicy: new TagPolicy(parts.settings.tagPatterns) });
  });
  const outcome = added?.[0]?.outcome;
  if (outcome === undefined) return;
  const destination = { place, repository, tag };
  await showDestination(parts, destination);
  const did = { added: 'now names the same as', moved: 'was moved to', unchanged: 'already names the same as' }[
    outcome
  ];
  const copy = 'Copy Reference';
  const message = plainText(`${nameOf(destination)} ${did} ${address.tag ?? address.digest}.`);
  if ((await window.showInformationMessage(message, copy)) === copy) await copyReference(parts, destination);
}
