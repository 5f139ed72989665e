import { commands, l10n, window } from 'vscode';
import { shortDigest } from '../../oci/index.ts';
import type { CompareSelection, CompareSide } from '../compareSelection.ts';
import { compareContents } from '../operations/compareContents.ts';
import type { Content } from '../operations/content.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import { askAddress } from './askAddress.ts';
import { choicesFor } from './compareChoices.ts';
import type { ContentParts } from './openManifest.ts';
import { whileLooking } from './whileLooking.ts';

/** What comparing works with. */
export interface CompareParts extends ContentParts {
  readonly reports: Reports;
  readonly selection: CompareSelection;
}

/** Remembers what is to be compared with something else. */
export async function selectForCompare({ book, selection }: CompareParts, known?: CompareSide): Promise<void> {
  const side = known ?? (await askSide(l10n.t('Select for Compare'), book));
  if (side === undefined) return;
  selection.select(side);
  window.setStatusBarMessage(`$(git-compare) ${l10n.t('Selected {0} for compare', plainText(side.name, 60))}`, 3_000);
}

/** Compares what was selected with something else; both are asked for where they are not known. */
export async function compareWithSelected(parts: CompareParts, known?: CompareSide): Promise<void> {
  const { book, selection } = parts;
  const left = selection.selected ?? (await askSide(l10n.t('Compare: the First'), book));
  if (left === undefined) return;
  const right = known ?? (await askSide(l10n.t('Compare {0} with', left.name), book));
  if (right === undefined) return;
  await compareSides(parts, left, right);
}

/** Shows how two things differ. */
export async function compareSides(parts: CompareParts, left: CompareSide, right: CompareSide): Promise<void> {
  const [one, other] = toldApart(left, right);
  await parts.presenter.attempt('compare', () => compare(parts, one, other));
}

/** What a row or an address is called in titles: without the way to it. */
export function shortName({ repository, tag, digest }: Address): string {
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  return tag === undefined ? `${last}@${digest === undefined ? '' : shortDigest(digest)}` : `${last}:${tag}`;
}

/** Two sides of one name, as the same tag in two registries, are called by where they are as well. */
export function toldApart(left: CompareSide, right: CompareSide): readonly [CompareSide, CompareSide] {
  if (left.name !== right.name) return [left, right];
  const placed = (side: CompareSide): CompareSide => {
    const { place, repository } = side.address;
    return { ...side, name: `${side.name} (${nameOf({ place, repository })})` };
  };
  return [placed(left), placed(right)];
}

async function askSide(title: string, book: CompareParts['book']): Promise<CompareSide | undefined> {
  const address = await askAddress(title, book);
  return address && { address, name: shortName(address) };
}

async function compare(parts: CompareParts, left: CompareSide, right: CompareSide): Promise<void> {
  const title = `${left.name} ↔ ${right.name}`;
  if (left.blob !== undefined && right.blob !== undefined) {
    await commands.executeCommand('vscode.diff', left.blob.uri, right.blob.uri, title);
  } else if (left.blob !== undefined || right.blob !== undefined) {
    const message = l10n.t('{0}: a layer or config is compared with another one, an artifact with an artifact.', title);
    void window.showInformationMessage(plainText(message));
  } else {
    await compareArtifacts(parts, left, right);
  }
}

async function compareArtifacts(parts: CompareParts, left: CompareSide, right: CompareSide): Promise<void> {
  const title = `${left.name} ↔ ${right.name}`;
  const compared = await whileLooking(l10n.t('Comparing {0}', title), (signal) =>
    compareContents(parts.observability, contentOf(left), contentOf(right), { signal }),
  );
  if (compared.left.descriptor.digest === compared.right.descriptor.digest) {
    const message = l10n.t('{0} and {1} are the same. {2}', left.name, right.name, compared.left.descriptor.digest);
    return void window.showInformationMessage(plainText(message));
  }
  const choices = choicesFor(left, right, compared, {
    reports: parts.reports,
    compare: (one, other) => compareArtifacts(parts, one, other),
  });
  const [only, ...others] = choices;
  const picked =
    others.length === 0
      ? only
      : await window.showQuickPick(choices, {
          title,
          placeHolder: l10n.t('Choose what to compare'),
          matchOnDescription: true,
        });
  await picked?.open();
}

function contentOf({ address }: CompareSide): Content {
  const name = address.digest ?? address.tag;
  if (name === undefined) throw new Error('An address of content has a tag or a digest');
  return { address, name };
}
