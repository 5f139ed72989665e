import type { MarkdownString, TreeItem } from 'vscode';
import { artifactKindOf } from '../../floe/artifactKind.ts';
import { nameReferrers } from '../../floe/referrerKind.ts';
import { Annotation, artifactTypeOf, isImageIndex, isManifestDescriptor, shortDigest } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import { documentUri } from '../documentUri.ts';
import { formatAge, formatSize } from '../format.ts';
import { referenceOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { ReadManifest } from '../readManifest.ts';
import { arrangedText } from './arrangedText.ts';
import { itemOfRow } from './itemOfRow.ts';
import { ARTIFACT_LOOKS, REFERRER_ICONS, referrerLabel } from './looks.ts';
import type { ContentNode, Node, NodeOf, ReferrersNode, RepositoryNode, TagNode } from './node.ts';
import { drawPlace } from './placeRow.ts';
import { factList, type Row } from './row.ts';
import { TAG_ORDERS } from './tagView.ts';

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
  referrers: drawReferrers,
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

/** The row of a node. */
export function itemOf(node: Node): TreeItem {
  return itemOfRow(node.id, (ROWS[node.kind] as Draw<Node['kind']>)(node));
}

function drawRepository(node: RepositoryNode): Row {
  const { place, repository, listing } = node;
  const pinned = place.pinned.includes(repository);
  const arranged = listing === undefined ? undefined : arrangedText(listing);
  return {
    label: repository.slice(repository.lastIndexOf('/') + 1),
    ...(arranged === undefined ? {} : { description: arranged }),
    icon: listing?.view.filter === undefined ? 'repo' : 'filter',
    flags: ['repository', ...(pinned ? ['pinned'] : []), ...(listing?.view.filter === undefined ? [] : ['filtered'])],
    state: 'folded',
    spoken: [`repository ${repository}`, ...(arranged === undefined ? [] : [arranged])].join(', '),
    tooltip: factList(referenceOf({ place, repository }), [
      ['Tags', listing && `${listing.total}${listing.isPartial ? ' and more' : ''}`],
      ['Order', listing && TAG_ORDERS[listing.view.order].label],
      [
        'Not shown',
        listing?.hidden.size ? `${listing.hidden.size} tags that carry signatures and the like` : undefined,
      ],
    ]),
  };
}

function drawTag(node: TagNode): Row {
  const { tag, content } = node;
  const facts = content === undefined ? [] : [shortDigest(content.descriptor.digest), ...factsOf(node)];
  return {
    label: tag,
    ...(facts.length === 0 ? {} : { description: facts.join(' · ') }),
    icon: content === undefined ? 'tag' : ARTIFACT_LOOKS[artifactKindOf(content.manifest)].icon,
    flags: ['tag'],
    state: 'folded',
    spoken: [`tag ${tag}`, ...(facts.length === 0 ? [] : [`digest ${facts[0]}`, ...facts.slice(1)])].join(', '),
    ...(content === undefined ? {} : { tooltip: tagTooltip(node, content) }),
  };
}

/** Kind, size and age, as far as the manifest tells. */
function factsOf({ content }: TagNode): readonly string[] {
  if (content === undefined) return [];
  const { manifest } = content;
  const { label } = ARTIFACT_LOOKS[artifactKindOf(manifest)];
  const size = isImageIndex(manifest) ? [] : [formatSize(manifest.layers.reduce((sum, layer) => sum + layer.size, 0))];
  const age = formatAge(manifest.annotations?.[Annotation.created]);
  return [...(label === undefined ? [] : [label]), ...size, ...(age === undefined ? [] : [age])];
}

/** Everything the manifest tells about a tag. Text from the registry is escaped: it is data, never markup. */
function tagTooltip(node: TagNode, { manifest, descriptor }: ReadManifest): MarkdownString {
  const layers = isImageIndex(manifest) ? undefined : manifest.layers;
  const age = node.age === undefined ? undefined : formatAge(new Date(Date.now() - node.age).toISOString());
  return factList(referenceOf({ place: node.place, repository: node.repository, tag: node.tag }), [
    ['Digest', descriptor.digest],
    ['Artifact type', artifactTypeOf(manifest)],
    ['Created', manifest.annotations?.[Annotation.created]],
    ['Size', layers && formatSize(layers.reduce((sum, layer) => sum + layer.size, 0))],
    ['Layers', layers && String(layers.length)],
    ['Manifests', isImageIndex(manifest) ? String(manifest.manifests.length) : undefined],
    ['From the cache', age && `as the registry said ${age}; Refresh asks again`],
  ]);
}

const ROLES = {
  config: { icon: 'settings', name: 'config' },
  layer: { icon: 'file', name: 'layer' },
  manifest: { icon: 'package', name: 'manifest' },
} as const;

function drawContent(node: ContentNode): Row {
  const { role, descriptor, referrer } = node;
  const { icon, name } = referrer === undefined ? ROLES[role] : { icon: REFERRER_ICONS[referrer], name: referrer };
  const label = contentLabel(node);
  const type = referrer === undefined ? descriptor.mediaType : (descriptor.artifactType ?? descriptor.mediaType);
  const age = referrer && formatAge(descriptor.annotations?.[Annotation.created]);
  const facts = [
    formatSize(descriptor.size),
    plainText(type, 120),
    shortDigest(descriptor.digest),
    ...(age === undefined ? [] : [age]),
  ];
  const opens = documentUri(node);
  return {
    label,
    description: facts.join(' · '),
    icon,
    flags: [role, ...(referrer === undefined ? [] : ['referrer'])],
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

/** Signatures, SBOMs, attestations of a manifest, each kind under one row. */
function drawReferrers({ group, referrers }: ReferrersNode): Row {
  const label = nameReferrers(group, referrers.length);
  return {
    label,
    icon: REFERRER_ICONS[group],
    flags: ['referrers'],
    state: 'folded',
    spoken: label,
    tooltip: `${label}: what refers to this manifest`,
  };
}

function contentLabel({ role, descriptor, referrer }: ContentNode): string {
  const { platform } = descriptor;
  if (role === 'config') return 'config';
  if (referrer !== undefined) return referrerLabel(descriptor.artifactType ?? '', referrer);
  if (role === 'manifest' && platform !== undefined) {
    const { os, architecture, variant } = platform;
    return plainText([os, architecture, ...(variant === undefined ? [] : [variant])].join('/'), 60);
  }
  const title = plainText(descriptor.annotations?.[Annotation.title] ?? '', 120);
  return title === '' ? role : title;
}
