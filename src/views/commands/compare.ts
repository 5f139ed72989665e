import { commands, type QuickPickItem, type Uri, window } from 'vscode';
import { type Compared, type ComparedArtifacts, readCompared } from '../../floe/diffArtifacts.ts';
import {
  type Descriptor,
  type Difference,
  diffManifests,
  isImageIndex,
  isManifestDescriptor,
  type ManifestDescriptor,
  shortDigest,
} from '../../oci/index.ts';
import type { CompareSelection, CompareSide } from '../compareSelection.ts';
import { documentUri } from '../documentUri.ts';
import { formatSize } from '../format.ts';
import type { Address } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import { askAddress } from './askAddress.ts';
import { changesText, countChanges } from './changesText.ts';
import type { ContentParts } from './openManifest.ts';
import { whileLooking } from './whileLooking.ts';

export interface CompareParts extends ContentParts {
  readonly reports: Reports;
  readonly selection: CompareSelection;
}

/** Remembers what is to be compared with something else. */
export async function selectForCompare({ book, selection }: CompareParts, known?: CompareSide): Promise<void> {
  const side = known ?? (await askSide('Select for Compare', book));
  if (side === undefined) return;
  selection.select(side);
  window.setStatusBarMessage(`$(git-compare) Selected ${plainText(side.name, 60)} for compare`, 3_000);
}

/** Compares what was selected with something else; both are asked for where they are not known. */
export async function compareWithSelected(parts: CompareParts, known?: CompareSide): Promise<void> {
  const { book, selection, presenter } = parts;
  const left = selection.selected ?? (await askSide('Compare: the First', book));
  if (left === undefined) return;
  const right = known ?? (await askSide(`Compare ${left.name} with`, book));
  if (right === undefined) return;
  await presenter.attempt('compare', () => compare(parts, left, right));
}

/** What a row or an address is called in titles: without the way to it. */
export function shortName({ repository, tag, digest }: Address): string {
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  return tag === undefined ? `${last}@${digest === undefined ? '' : shortDigest(digest)}` : `${last}:${tag}`;
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
    const message = `${title}: a layer or config is compared with another one, an artifact with an artifact.`;
    void window.showInformationMessage(plainText(message));
  } else {
    await compareArtifacts(parts, left, right);
  }
}

async function compareArtifacts(parts: CompareParts, left: CompareSide, right: CompareSide): Promise<void> {
  const title = `${left.name} ↔ ${right.name}`;
  const compared = await whileLooking(`Comparing ${title}`, async (signal) => {
    const [mine, yours] = await Promise.all([openSide(left.address), openSide(right.address)]);
    return await readCompared(mine, yours, { signal });
  });
  if (compared.left.descriptor.digest === compared.right.descriptor.digest) {
    const message = `${left.name} and ${right.name} are the same. ${compared.left.descriptor.digest}`;
    return void window.showInformationMessage(plainText(message));
  }
  const choices = choicesFor(parts, left, right, compared);
  const [only, ...others] = choices;
  const picked =
    others.length === 0
      ? only
      : await window.showQuickPick(choices, { title, placeHolder: 'Choose what to compare', matchOnDescription: true });
  await picked?.open();
}

async function openSide({ place, repository, tag, digest }: Address): Promise<Compared> {
  const reference = digest ?? tag;
  if (reference === undefined) throw new Error('An address of content has a tag or a digest');
  return { store: await place.reader(repository), reference };
}

interface Choice extends QuickPickItem {
  open(): Promise<unknown>;
}

/** What differs, each thing with what shows how: the summary of compiled artifacts first, then manifest and content. */
function choicesFor(
  parts: CompareParts,
  left: CompareSide,
  right: CompareSide,
  compared: ComparedArtifacts,
): readonly Choice[] {
  const title = `${left.name} ↔ ${right.name}`;
  const differences = diffManifests(compared.left, compared.right);
  const summary: Choice[] =
    compared.documents === undefined
      ? []
      : [
          {
            label: '$(list-tree) Summary',
            description: countChanges(compared.documents),
            open: () => parts.reports.open(`${title}.md`, changesText(left.name, right.name, compared)),
          },
        ];
  const manifest: Choice = {
    label: '$(diff) Manifest',
    description: countOf(differences.annotations.length, 'annotation'),
    open: () => diff(`${title} (manifest)`, manifestUri(left, compared.left), manifestUri(right, compared.right)),
  };
  const config = configChoice(title, left, right, compared);
  const layers = differences.layers.map((layer) => blobChoice(title, left, right, compared, layer));
  const manifests = differences.manifests.map((child) => childChoice(parts, left, right, child));
  return [...summary, ...layers, ...manifests, manifest, ...config];
}

function configChoice(title: string, left: CompareSide, right: CompareSide, compared: ComparedArtifacts): Choice[] {
  const [mine, yours] = [compared.left.manifest, compared.right.manifest];
  if (isImageIndex(mine) || isImageIndex(yours) || mine.config.digest === yours.config.digest) return [];
  const choice = blobChoice(
    title,
    left,
    right,
    compared,
    { name: 'config', left: mine.config, right: yours.config },
    'config',
  );
  return [{ ...choice, label: '$(settings) Config' }];
}

function blobChoice(
  title: string,
  left: CompareSide,
  right: CompareSide,
  compared: ComparedArtifacts,
  { name, left: mine, right: yours }: Difference<Descriptor>,
  role: 'layer' | 'config' = 'layer',
): Choice {
  const uris = [
    mine && blobUri(left, compared.left.descriptor, mine, role),
    yours && blobUri(right, compared.right.descriptor, yours, role),
  ] as const;
  const label = plainText(name, 80);
  const sizes = [mine, yours].map((descriptor) => (descriptor === undefined ? 'nothing' : formatSize(descriptor.size)));
  return {
    label: `$(file) ${label}`,
    description:
      mine === undefined ? `only in ${right.name}` : yours === undefined ? `only in ${left.name}` : sizes.join(' ↔ '),
    open: async () => {
      const [one, other] = uris;
      if (one !== undefined && other !== undefined) return await diff(`${title} (${label})`, one, other);
      return await commands.executeCommand('vscode.open', one ?? other);
    },
  };
}

/** Two manifests of two indexes are compared like two artifacts. */
function childChoice(
  parts: CompareParts,
  left: CompareSide,
  right: CompareSide,
  { name, left: mine, right: yours }: Difference<Descriptor>,
): Choice {
  const sideOf = (side: CompareSide, { digest }: Descriptor): CompareSide => {
    const { place, repository } = side.address;
    return { address: { place, repository, digest }, name: `${side.name} ${plainText(name, 40)}` };
  };
  const isBoth = mine !== undefined && yours !== undefined;
  return {
    label: `$(package) ${plainText(name, 80)}`,
    description: isBoth ? 'manifests' : `only in ${mine === undefined ? right.name : left.name}`,
    open: async () => {
      if (isBoth) return await compareArtifacts(parts, sideOf(left, mine), sideOf(right, yours));
      const [side, descriptor] = mine === undefined ? [right, yours] : [left, mine];
      if (descriptor === undefined || !isManifestDescriptor(descriptor)) return;
      return await commands.executeCommand('vscode.open', manifestUri(side, { descriptor }));
    },
  };
}

async function diff(title: string, left: Uri, right: Uri): Promise<void> {
  await commands.executeCommand('vscode.diff', left, right, title, { preview: false });
}

/** Laid out on lines of its own: a manifest is one long line, in which nobody sees what differs. */
function manifestUri({ address }: CompareSide, { descriptor }: { readonly descriptor: ManifestDescriptor }) {
  const { place, repository, tag } = address;
  return documentUri({ place, repository, role: 'manifest', descriptor, isIndented: true, ...(tag && { tag }) });
}

function blobUri(
  { address }: CompareSide,
  manifest: ManifestDescriptor,
  descriptor: Descriptor,
  role: 'layer' | 'config',
) {
  const { place, repository, tag } = address;
  const isIndented = /[+/]json$/.test(descriptor.mediaType);
  return documentUri({
    place,
    repository,
    role,
    descriptor,
    manifest: manifest.digest,
    isIndented,
    ...(tag && { tag }),
  });
}

function countOf(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}
