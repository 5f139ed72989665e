import { l10n } from 'vscode';
import { documentUri } from '../documentUri.ts';
import { formatSize } from '../format.ts';
import { plainText } from '../plainText.ts';
import type { EntryNode, NodeOf } from './node.ts';
import { factList, type Row } from './row.ts';

const ICONS: Readonly<Record<EntryNode['type'], string>> = {
  file: 'file',
  folder: 'folder',
  link: 'file-symlink-file',
  'hard link': 'file-symlink-file',
  device: 'circuit-board',
  other: 'question',
};

/** The row of a file or folder in a layer. Its name is whatever the archive says: it is shown, and leads nowhere else. */
export function drawEntry(node: EntryNode): Row {
  const { name, path, type, size, target } = node;
  const label = plainText(name, 120) || l10n.t('(no name)');
  const description = type === 'file' ? formatSize(size) : target === '' ? undefined : `→ ${plainText(target, 120)}`;
  return {
    label,
    ...(description !== undefined && { description }),
    icon: ICONS[type],
    flags: ['entry', type],
    state: type === 'folder' ? 'folded' : 'leaf',
    spoken: [`${type} ${label}`, ...(description === undefined ? [] : [description])].join(', '),
    tooltip: factList(plainText(path), [
      [l10n.t('Size'), type === 'file' ? l10n.t('{0} ({1} bytes)', formatSize(size), size) : undefined],
      [l10n.t('Leads to'), target === '' ? undefined : target],
    ]),
    ...(type === 'file' && {
      command: { title: l10n.t('Open'), command: 'vscode.open', arguments: [entryUri(node)] },
    }),
  };
}

/** Of a layer that is read only when the user wants that: how large it is. */
export function drawLargeLayer(node: NodeOf<'largeLayer'>): Row {
  const label = l10n.t('{0} to read: List What Is in It…', formatSize(node.size));
  return {
    label,
    icon: 'cloud-download',
    flags: ['largeLayer'],
    state: 'leaf',
    spoken: label,
    command: { title: l10n.t('List What Is in It'), command: 'floeOci.readLayer', arguments: [node] },
  };
}

/** Of a layer with more entries than are shown. */
export function drawCutLayer({ shown }: NodeOf<'cutLayer'>): Row {
  const label = l10n.t('Only the first {0} entries', shown);
  const description = l10n.t('pull it to see all');
  return { label, description, icon: 'info', flags: ['cutLayer'], state: 'leaf', spoken: `${label}, ${description}` };
}

function entryUri({ place, repository, tag, layer, path }: EntryNode) {
  const { descriptor, manifest } = layer;
  return documentUri({ place, repository, tag, role: 'layer', descriptor, manifest, entry: path });
}
