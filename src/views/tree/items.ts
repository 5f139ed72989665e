import { l10n, type TreeItem } from 'vscode';
import { Annotation, isManifestDescriptor, isTarLayer, shortDigest } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import { documentUri } from '../documentUri.ts';
import { formatAge, formatSize } from '../format.ts';
import { referenceOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { nameReferrers } from '../referrerText.ts';
import { arrangedText } from './arrangedText.ts';
import { drawCutLayer, drawEntry, drawLargeLayer } from './entryRow.ts';
import { itemOfRow } from './itemOfRow.ts';
import { REFERRER_ICONS, REFERRER_NAMES, referrerLabel } from './looks.ts';
import type { ContentNode, Node, NodeOf, ReferrersNode, RepositoryNode } from './node.ts';
import { pageFlag } from './pageFlag.ts';
import { drawPlace } from './placeRow.ts';
import { factList, type Row } from './row.ts';
import { drawTag, type RowLooks } from './tagRow.ts';
import { TAG_ORDERS } from './tagView.ts';

type Draw<Kind extends Node['kind']> = (node: NodeOf<Kind>, how: RowLooks) => Row;

const ROWS: { readonly [Kind in Node['kind']]: Draw<Kind> } = {
  place: drawPlace,
  folder: (node) => ({
    label: node.path.slice(node.path.lastIndexOf('/') + 1),
    icon: 'folder',
    flags: ['folder', ...(node.place.projects?.includes(node.path) ? ['pinned'] : [])],
    state: node.parent.kind === 'place' ? 'folded' : 'unfolded',
    spoken: l10n.t('folder {0}', node.path),
    tooltip: node.path,
  }),
  repository: drawRepository,
  tag: drawTag,
  content: drawContent,
  entry: drawEntry,
  largeLayer: drawLargeLayer,
  cutLayer: drawCutLayer,
  referrers: drawReferrers,
  more: (node) => ({
    label: l10n.t('Load more…'),
    icon: 'ellipsis',
    flags: ['more'],
    state: 'leaf',
    spoken: l10n.t('load more'),
    command: { title: l10n.t('Load More'), command: 'floeOci.loadMore', arguments: [node] },
  }),
  noMatch: drawNoMatch,
  noRepositories: drawNoRepositories,
  closedCatalog: drawClosedCatalog,
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
      spoken: l10n.t('error: {0}', explain(description)),
      tooltip: explain(description),
    };
  },
};

/** The row of a node. @param how artifacts and tags show */
export function itemOf(node: Node, how: RowLooks): TreeItem {
  return itemOfRow(node.id, (ROWS[node.kind] as Draw<Node['kind']>)(node, how));
}

function drawRepository(node: RepositoryNode): Row {
  const { place, repository, listing } = node;
  const pinned = place.pinned.includes(repository);
  const arranged = listing === undefined ? undefined : arrangedText(listing);
  return {
    label: repository.slice(repository.lastIndexOf('/') + 1),
    ...(arranged === undefined ? {} : { description: arranged }),
    icon: listing?.view.filter === undefined ? 'repo' : 'filter',
    flags: [
      'repository',
      ...(pinned ? ['pinned'] : []),
      ...(listing?.view.filter === undefined ? [] : ['filtered']),
      ...pageFlag(place),
    ],
    state: 'folded',
    spoken: [l10n.t('repository {0}', repository), ...(arranged === undefined ? [] : [arranged])].join(', '),
    tooltip: factList(referenceOf({ place, repository }), [
      [l10n.t('Tags'), listing && (listing.isPartial ? l10n.t('{0} and more', listing.total) : String(listing.total))],
      [l10n.t('Order'), listing && TAG_ORDERS[listing.view.order].label],
      [l10n.t('Not shown'), listing?.hidden.size ? hiddenText(listing.hidden.size) : undefined],
    ]),
  };
}

function hiddenText(count: number): string {
  return count === 1
    ? l10n.t('1 tag that carries signatures and the like')
    : l10n.t('{0} tags that carry signatures and the like', count);
}

const ROLES = {
  config: { icon: 'settings', name: l10n.t('config') },
  layer: { icon: 'file', name: l10n.t('layer') },
  manifest: { icon: 'package', name: l10n.t('manifest') },
} as const;

function drawContent(node: ContentNode): Row {
  const { role, descriptor, referrer } = node;
  const { icon, name } =
    referrer === undefined ? ROLES[role] : { icon: REFERRER_ICONS[referrer], name: REFERRER_NAMES[referrer] };
  const label = contentLabel(node);
  const type = referrer === undefined ? descriptor.mediaType : (descriptor.artifactType ?? descriptor.mediaType);
  const age = referrer && formatAge(descriptor.annotations?.[Annotation.created]);
  const facts = [
    formatSize(descriptor.size),
    plainText(type.replace(/^application\//, ''), 120),
    shortDigest(descriptor.digest),
    ...(age === undefined ? [] : [age]),
  ];
  const opens = documentUri(node);
  const isArchive = role === 'layer' && isTarLayer(descriptor);
  return {
    label,
    description: facts.join(' · '),
    icon,
    flags: [
      role,
      ...(referrer === undefined ? [] : ['referrer']),
      ...(role === 'manifest' ? pageFlag(node.place) : []),
    ],
    state: isManifestDescriptor(descriptor) || isArchive ? 'folded' : 'leaf',
    spoken: l10n.t('{0} {1}, {2}, {3}, digest {4}', name, label, ...facts),
    tooltip: factList(label, [
      [l10n.t('Digest'), descriptor.digest],
      [l10n.t('Size'), l10n.t('{0} ({1} bytes)', formatSize(descriptor.size), descriptor.size)],
      [l10n.t('Media type'), descriptor.mediaType],
      [l10n.t('Artifact type'), descriptor.artifactType],
    ]),
    // An archive shows what is in it; its own bytes are nothing to read.
    ...(!isArchive && { command: { title: l10n.t('Open'), command: 'vscode.open', arguments: [opens] } }),
  };
}

function drawNoMatch({ filter, parent }: NodeOf<'noMatch'>): Row {
  const label = l10n.t('No tag matches: Change Filter…');
  return {
    label,
    icon: 'filter',
    flags: ['noMatch'],
    state: 'leaf',
    spoken: label,
    tooltip: factList(label, [[l10n.t('Filter'), filter]]),
    command: { title: l10n.t('Change Filter'), command: 'floeOci.filterTags', arguments: [parent] },
  };
}

/** Says that not all repositories are listed, and why, and adds one by name when it is clicked. */
function drawClosedCatalog(node: NodeOf<'closedCatalog'>): Row {
  const { place, error } = node;
  const hasProjects = (place.projects ?? []).length > 0;
  const label = hasProjects ? l10n.t('Others not listed: Add…') : l10n.t('Repositories not listed: Add…');
  const sentence = hasProjects
    ? l10n.t('This registry does not list its other repositories')
    : l10n.t('This registry does not list its repositories');
  return {
    label,
    icon: 'add',
    flags: ['closedCatalog'],
    state: 'leaf',
    spoken: l10n.t('{0}; add one by name', sentence),
    tooltip: factList(sentence, [[l10n.t('Why'), explain(describeError(error))]]),
    command: { title: l10n.t('Add Repository'), command: 'floeOci.addRepository', arguments: [node] },
  };
}

/** A registry that has nothing yet would look like one that is still being read. */
function drawNoRepositories(node: NodeOf<'noRepositories'>): Row {
  const label = l10n.t('No repositories: Push…');
  return {
    label,
    icon: 'cloud-upload',
    flags: ['noRepositories'],
    state: 'leaf',
    spoken: label,
    command: { title: l10n.t('Push'), command: 'floeOci.pushHere', arguments: [node] },
  };
}

/** Signatures, SBOMs, attestations of a manifest, each kind under one row. */
function drawReferrers({ group, referrers }: ReferrersNode): Row {
  const label = nameReferrers(group, referrers.length);
  const state = group === 'signature' ? l10n.t('not verified') : undefined;
  return {
    label,
    ...(state !== undefined && { description: state }),
    icon: REFERRER_ICONS[group],
    flags: ['referrers'],
    state: 'folded',
    spoken: state === undefined ? label : `${label}, ${state}`,
    tooltip: l10n.t('{0}: what refers to this manifest', label),
  };
}

function contentLabel({ role, descriptor, referrer }: ContentNode): string {
  const { platform } = descriptor;
  if (role === 'config') return ROLES.config.name;
  if (referrer !== undefined) return referrerLabel(descriptor.artifactType ?? '', referrer);
  if (role === 'manifest' && platform !== undefined) {
    const { os, architecture, variant } = platform;
    return plainText([os, architecture, ...(variant === undefined ? [] : [variant])].join('/'), 60);
  }
  const title = plainText(descriptor.annotations?.[Annotation.title] ?? '', 120);
  return title === '' ? ROLES[role].name : title;
}
