import { commands, l10n, type QuickPickItem, type Uri } from 'vscode';
import type { ComparedArtifacts } from '../../floe/diffArtifacts.ts';
import {
  type Descriptor,
  type Difference,
  diffManifests,
  isImageIndex,
  isManifestDescriptor,
  type ManifestDescriptor,
} from '../../oci/index.ts';
import type { CompareSide } from '../compareSelection.ts';
import { documentUri } from '../documentUri.ts';
import { formatSize } from '../format.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import { changesText, countChanges } from './changesText.ts';

/** One thing in which two artifacts differ. */
export interface CompareChoice extends QuickPickItem {
  /** Shows how. */
  open(): Promise<unknown>;
}

/** What shows the differences that are no document of their own. */
export interface ChoiceParts {
  readonly reports: Reports;
  /** Compares two manifests of two indexes, like two artifacts. */
  readonly compare: (left: CompareSide, right: CompareSide) => Promise<void>;
}

/** What differs, each thing with what shows how: the summary of compiled artifacts first, then manifest and content. */
export function choicesFor(
  left: CompareSide,
  right: CompareSide,
  compared: ComparedArtifacts,
  parts: ChoiceParts,
): readonly CompareChoice[] {
  const title = `${left.name} ↔ ${right.name}`;
  const differences = diffManifests(compared.left, compared.right);
  const summary: CompareChoice[] =
    compared.documents === undefined
      ? []
      : [
          {
            label: `$(list-tree) ${l10n.t('Summary')}`,
            description: countChanges(compared.documents),
            open: () => parts.reports.open(`${title}.md`, changesText(left.name, right.name, compared)),
          },
        ];
  const manifest: CompareChoice = {
    label: `$(diff) ${l10n.t('Manifest')}`,
    description: countAnnotations(differences.annotations.length),
    open: () =>
      diff(l10n.t('{0} (manifest)', title), manifestUri(left, compared.left), manifestUri(right, compared.right)),
  };
  const config = configChoice(title, left, right, compared);
  const layers = differences.layers.map((layer) => blobChoice(title, left, right, compared, layer));
  const manifests = differences.manifests.map((child) => childChoice(parts, left, right, child));
  return [...summary, ...layers, ...manifests, manifest, ...config];
}

function configChoice(
  title: string,
  left: CompareSide,
  right: CompareSide,
  compared: ComparedArtifacts,
): CompareChoice[] {
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
  return [{ ...choice, label: `$(settings) ${l10n.t('Config')}` }];
}

function blobChoice(
  title: string,
  left: CompareSide,
  right: CompareSide,
  compared: ComparedArtifacts,
  { name, left: mine, right: yours }: Difference<Descriptor>,
  role: 'layer' | 'config' = 'layer',
): CompareChoice {
  const uris = [
    mine && blobUri(left, compared.left.descriptor, mine, role),
    yours && blobUri(right, compared.right.descriptor, yours, role),
  ] as const;
  const label = plainText(name, 80);
  const sizes = [mine, yours].map((descriptor) =>
    descriptor === undefined ? l10n.t('nothing') : formatSize(descriptor.size),
  );
  return {
    label: `$(file) ${label}`,
    description:
      mine === undefined
        ? l10n.t('only in {0}', right.name)
        : yours === undefined
          ? l10n.t('only in {0}', left.name)
          : sizes.join(' ↔ '),
    open: async () => {
      const [one, other] = uris;
      if (one !== undefined && other !== undefined) return await diff(`${title} (${label})`, one, other);
      return await commands.executeCommand('vscode.open', one ?? other);
    },
  };
}

/** Two manifests of two indexes are compared like two artifacts. */
function childChoice(
  parts: ChoiceParts,
  left: CompareSide,
  right: CompareSide,
  { name, left: mine, right: yours }: Difference<Descriptor>,
): CompareChoice {
  const sideOf = (side: CompareSide, { digest }: Descriptor): CompareSide => {
    const { place, repository } = side.address;
    return { address: { place, repository, digest }, name: `${side.name} ${plainText(name, 40)}` };
  };
  const isBoth = mine !== undefined && yours !== undefined;
  return {
    label: `$(package) ${plainText(name, 80)}`,
    description: isBoth ? l10n.t('manifests') : l10n.t('only in {0}', mine === undefined ? right.name : left.name),
    open: async () => {
      if (isBoth) return await parts.compare(sideOf(left, mine), sideOf(right, yours));
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

function countAnnotations(count: number): string {
  if (count === 0) return '';
  return count === 1 ? l10n.t('1 annotation') : l10n.t('{0} annotations', count);
}
