import { l10n } from 'vscode';
import { MediaType, shortDigest } from '../../oci/index.ts';
import { documentUri } from '../documentUri.ts';
import { formatAge, formatSize } from '../format.ts';
import { factList, type Row } from '../tree/row.ts';
import type { CachedReferenceNode, CachedRepositoryNode, CacheNode } from './cacheNode.ts';

/** The row of a node, at this moment: ages and what is left of a life are relative to it, in milliseconds since 1970. */
export function drawCacheNode(node: CacheNode, now: number): Row {
  return node.row === 'repository' ? drawRepository(node) : drawReference(node, now);
}

function drawRepository({ id, references }: CachedRepositoryNode): Row {
  const count = references.length === 1 ? l10n.t('1 reference') : l10n.t('{0} references', references.length);
  return {
    label: id,
    description: count,
    icon: 'repo',
    flags: ['cachedRepository'],
    state: 'folded',
    spoken: l10n.t('repository {0}, {1} cached', id, count),
    tooltip: id,
  };
}

function drawReference({ reference }: CachedReferenceNode, now: number): Row {
  const { registry, repository, tag, digest, size, fetchedAt, checkedAt, usedAt, expiresAt, expired } = reference;
  const label = tag ?? `@${shortDigest(digest)}`;
  const expiry = expired
    ? l10n.t('expired')
    : expiresAt === null
      ? l10n.t('never expires')
      : l10n.t('expires {0}', at(expiresAt, now));
  const facts = [formatSize(size), l10n.t('checked {0}', at(checkedAt, now)), expiry];
  const opens = documentUri({
    place: { kind: 'registry', id: registry },
    repository,
    role: 'manifest',
    descriptor: { mediaType: MediaType.imageManifest, digest, size: 0 },
    ...(tag === null ? {} : { tag }),
  });
  return {
    label,
    description: facts.join(' · '),
    icon: expired ? 'history' : tag === null ? 'package' : 'tag',
    flags: ['cachedReference'],
    state: 'leaf',
    spoken:
      tag === null
        ? l10n.t('digest {0} of {1}, {2}', label, `${registry}/${repository}`, facts.join(', '))
        : l10n.t('tag {0} of {1}, {2}', label, `${registry}/${repository}`, facts.join(', ')),
    tooltip: factList(`${registry}/${repository}${tag === null ? '@' : ':'}${tag ?? digest}`, [
      [l10n.t('Digest'), digest],
      [l10n.t('Size'), l10n.t('{0}, with what it shares with others', formatSize(size))],
      [l10n.t('Fetched'), at(fetchedAt, now)],
      [l10n.t('Checked'), at(checkedAt, now)],
      [l10n.t('Last used'), at(usedAt, now)],
      [
        l10n.t('Expires'),
        expired ? l10n.t('now: the registry is asked before it is used again') : expiresIn(expiresAt, now),
      ],
    ]),
    command: { title: l10n.t('Open'), command: 'vscode.open', arguments: [opens] },
  };
}

function expiresIn(expiresAt: number | null, now: number): string {
  return expiresAt === null ? l10n.t('never') : at(expiresAt, now);
}

function at(milliseconds: number, now: number): string {
  return formatAge(new Date(milliseconds).toISOString(), now) ?? '';
}
