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
  const count = references.length === 1 ? '1 reference' : `${references.length} references`;
  return {
    label: id,
    description: count,
    icon: 'repo',
    flags: ['cachedRepository'],
    state: 'folded',
    spoken: `repository ${id}, ${count} cached`,
    tooltip: id,
  };
}

function drawReference({ reference }: CachedReferenceNode, now: number): Row {
  const { registry, repository, tag, digest, size, fetchedAt, checkedAt, usedAt, expiresAt, expired } = reference;
  const label = tag ?? `@${shortDigest(digest)}`;
  const expiry = expired ? 'expired' : expiresAt === null ? 'never expires' : `expires ${at(expiresAt, now)}`;
  const facts = [formatSize(size), `checked ${at(checkedAt, now)}`, expiry];
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
    spoken: `${tag === null ? 'digest' : 'tag'} ${label} of ${registry}/${repository}, ${facts.join(', ')}`,
    tooltip: factList(`${registry}/${repository}${tag === null ? '@' : ':'}${tag ?? digest}`, [
      ['Digest', digest],
      ['Size', `${formatSize(size)}, with what it shares with others`],
      ['Fetched', at(fetchedAt, now)],
      ['Checked', at(checkedAt, now)],
      ['Last used', at(usedAt, now)],
      ['Expires', expired ? 'now: the registry is asked before it is used again' : expiresIn(expiresAt, now)],
    ]),
    command: { title: 'Open', command: 'vscode.open', arguments: [opens] },
  };
}

function expiresIn(expiresAt: number | null, now: number): string {
  return expiresAt === null ? 'never' : at(expiresAt, now);
}

function at(milliseconds: number, now: number): string {
  return formatAge(new Date(milliseconds).toISOString(), now) ?? '';
}
