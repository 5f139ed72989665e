import { type MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { Annotation, artifactTypeOf, isImageIndex, isManifestDescriptor, shortDigest } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import { documentUri } from '../documentUri.ts';
import { formatAge, formatSize } from '../format.ts';
import { referenceOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { ReadManifest } from '../readManifest.ts';
import type { ContentNode, Node, NodeOf, RepositoryNode, TagNode } from './node.ts';
import { drawPlace } from './placeRow.ts';
import { factList, type Row } from './row.ts';

type Draw<Kind extends Node['kind']> = (node: NodeOf<Kind>) => Row;

const ROWS: { readonly [Kind in Node['kind']]: Draw<Kind> } = {
  place: drawPlace,
  folder: (node) => ({
    label: node.path.slice(node.path.lastIndexOf('/') + 1),
    icon: 'folder',
    flags: ['folder'],
    state: node.parent.kind === 'place' ? 'folded' : 'unfolded',
    spoken: `folder ${node.path}`,
    tooltip: node.path,
  }),
  repository: drawRepository,
  tag: drawTag,
  content: drawContent,
  more: (node) => ({
    label: 'Load more…',
    icon: 'ellipsis',
    flags: ['more'],
    state: 'leaf',
    spoken: 'load more',
    command: { title: 'Load More', command: 'floeOci.loadMore', arguments: [node] },
  }),
  closedCatalog: ({ place }) => ({
    label: 'Repositories are not listed',
    description: 'add those you use by name',
    icon: 'info',
    flags: ['closedCatalog'],
    state: 'leaf',
    spoken: `${place.label} does not list its repositories; add those you use by name`,
    tooltip: 'Many registries keep their catalog closed. Add the repositories you use by name.',
  }),
  error: ({ error }) => {
    const description = describeError(error);
    const { gist, sentence } = description;
    return {
      label: gist ?? sentence,
      ...(gist === undefined ? {} : { description: sentence }),
      icon: 'error',
      iconColor: 'list.errorForeground',
      flags: ['error', ...description.remedies],
      state: 'leaf',
      spoken: `error: ${explain(description)}`,
      tooltip: explain(description),
    };
  },
};

const STATES = {
  leaf: TreeItemCollapsibleState.None,
  folded: TreeItemCollapsibleState.Collapsed,
  unfolded: TreeItemCollapsibleState.Expanded,
} as const;

/** The row of a node. */
export function itemOf(node: Node): TreeItem {
  const row = (ROWS[node.kind] as Draw<Node['kind']>)(node);
  const item = new TreeItem(row.label, STATES[row.state]);
  item.id = node.id;
  item.iconPath = new ThemeIcon(row.icon, row.iconColor === undefined ? undefined : new ThemeColor(row.iconColor));
  item.contextValue = row.flags.join(';');
  item.accessibilityInformation = { label: row.spoken };
  if (row.description !== undefined) item.description = row.description;
  if (row.tooltip !== undefined) item.tooltip = row.tooltip;
  if (row.command !== undefined) item.command = row.command;
  return item;
}

function drawRepository(node: RepositoryNode): Row {
  const { place, repository, empty = false } = node;
  const pinned = place.pinned.includes(repository);
  return {
    label: repository.slice(repository.lastIndexOf('/') + 1),
    ...(empty ? { description: 'no tags' } : {}),
    icon: 'repo',
    flags: ['repository', ...(pinned ? ['pinned'] : [])],
    state: 'folded',
    spoken: `repository ${repository}${empty ? ', no tags' : ''}`,
    tooltip: referenceOf({ place, repository }),
  };
}

function drawTag(node: TagNode): Row {
  const { tag, content } = node;
  const facts = content === undefined ? [] : [shortDigest(content.descriptor.digest), ...factsOf(node)];
  return {
    label: tag,
    ...(facts.length === 0 ? {} : { description: facts.join(' · ') }),
    icon: 'tag',
    flags: ['tag'],
    state: 'folded',
    spoken: [`tag ${tag}`, ...(facts.length === 0 ? [] : [`digest ${facts[0]}`, ...facts.slice(1)])].join(', '),
    ...(content === undefined ? {} : { tooltip: tagTooltip(node, content) }),
  };
}

/** Size and age, as far as the manifest tells. */
function factsOf({ content }: TagNode): readonly string[] {
  if (content === undefined) return [];
  const { manifest } = content;
  const size = isImageIndex(manifest) ? [] : [formatSize(manifest.layers.reduce((sum, layer) => sum + layer.size, 0))];
  const age = formatAge(manifest.annotations?.[Annotation.created]);
  return [...size, ...(age === undefined ? [] : [age])];
}

/** Everything the manifest tells about a tag. Text from the registry is escaped: it is data, never markup. */
function tagTooltip(node: TagNode, { manifest, descriptor }: ReadManifest): MarkdownString {
  const layers = isImageIndex(manifest) ? undefined : manifest.layers;
  return factList(referenceOf({ place: node.place, repository: node.repository, tag: node.tag }), [
    ['Digest', descriptor.digest],
    ['Artifact type', artifactTypeOf(manifest)],
    ['Created', manifest.annotations?.[Annotation.created]],
    ['Size', layers && formatSize(layers.reduce((sum, layer) => sum + layer.size, 0))],
    ['Layers', layers && String(layers.length)],
    ['Manifests', isImageIndex(manifest) ? String(manifest.manifests.length) : undefined],
  ]);
}

const ROLES = {
  config: { icon: 'settings', name: 'config' },
  layer: { icon: 'file', name: 'layer' },
  manifest: { icon: 'package', name: 'manifest' },
} as const;

function drawContent(node: ContentNode): Row {
  const { role, descriptor } = node;
  const { icon, name } = ROLES[role];
  const label = contentLabel(node);
  const facts = [formatSize(descriptor.size), descriptor.mediaType, shortDigest(descriptor.digest)];
  const opens = documentUri(node);
  return {
    label,
    description: facts.join(' · '),
    icon,
    flags: [role],
    state: isManifestDescriptor(descriptor) ? 'folded' : 'leaf',
    spoken: `${name} ${label}, ${facts[0]}, ${facts[1]}, digest ${facts[2]}`,
    tooltip: factList(label, [
      ['Digest', descriptor.digest],
      ['Size', `${formatSize(descriptor.size)} (${descriptor.size} bytes)`],
      ['Media type', descriptor.mediaType],
      ['Artifact type', descriptor.artifactType],
    ]),
    command: { title: 'Open', command: 'vscode.open', arguments: [opens] },
  };
}

function contentLabel({ role, descriptor }: ContentNode): string {
  const { platform } = descriptor;
  if (role === 'config') return 'config';
  if (role === 'manifest' && platform !== undefined) {
    const { os, architecture, variant } = platform;
    return plainText([os, architecture, ...(variant === undefined ? [] : [variant])].join('/'), 60);
  }
  const title = plainText(descriptor.annotations?.[Annotation.title] ?? '', 120);
  return title === '' ? role : title;
}
