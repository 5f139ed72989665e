import { l10n, type MarkdownString } from 'vscode';
import { type ArtifactKind, artifactKindOf, artifactKindOfType } from '../../floe/artifactKind.ts';
import {
  Annotation,
  artifactTypeOf,
  type Digest,
  isImageIndex,
  removesTags,
  shortDigest,
  type Tag,
} from '../../oci/index.ts';
import type { ArtifactLook, ArtifactLooks } from '../artifactLooks.ts';
import { formatAge, formatSize } from '../format.ts';
import { referenceOf } from '../places.ts';
import type { Sighting } from '../seenTags.ts';
import { ARTIFACT_LOOKS } from './looks.ts';
import type { TagNode } from './node.ts';
import { pageFlag } from './pageFlag.ts';
import { factList, type Row } from './row.ts';
import { rowUri } from './rowUri.ts';

/** What is known of a tag: from its manifest where somebody has looked into it, else from the list of its registry. */
interface TagFacts {
  readonly digest: Digest | undefined;
  readonly kind: ArtifactKind;
  readonly artifactType: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
  readonly created: string | undefined;
  readonly pushed: string | undefined;
  readonly layers?: number;
  readonly manifests?: number;
}

/** What rows show besides what is in their nodes. */
export interface RowLooks {
  readonly looks: ArtifactLooks;
  /** Whether a push must not move the tag, by the settings as they are. */
  readonly isProtected: (tag: Tag) => boolean;
  /** Where the tag led before, by the id of its row; undefined of one that has not moved. Default: none has. */
  readonly movedFrom?: (id: string) => Sighting | undefined;
}

/** The row of a tag: kind, size, age and digest as far as they are known. What is cut off at the end tells people least. */
export function drawTag(node: TagNode, { looks, isProtected, movedFrom }: RowLooks): Row {
  const { tag, entry } = node;
  const facts = factsOf(node);
  const { digest, kind, size, created, pushed } = facts;
  const look = lookOf(node, kind, looks);
  const { icon, label } = look;
  const age = formatAge(created ?? pushed);
  const moved = movedFrom?.(node.id);
  const isMoved = moved === undefined ? [] : [l10n.t('moved')];
  const known = [
    ...(label === undefined ? [] : [label]),
    ...(size === undefined ? [] : [formatSize(size)]),
    ...(age === undefined ? [] : [age]),
    ...(entry.isImmutable === true ? [l10n.t('immutable')] : []),
  ];
  const short = digest === undefined ? [] : [shortDigest(digest)];
  const isKnown = short.length > 0 || known.length > 0;
  return {
    label: tag,
    ...(isKnown && { description: [...isMoved, ...known, ...short].join(' · ') }),
    icon,
    flags: [
      'tag',
      ...(moved === undefined ? [] : ['moved']),
      ...(isKept(node) ? ['kept'] : []),
      ...pageFlag(node.place),
    ],
    state: 'folded',
    spoken: [l10n.t('tag {0}', tag), ...isMoved, ...known, ...short.map((text) => l10n.t('digest {0}', text))].join(
      ', ',
    ),
    ...(isKnown && { tooltip: tooltipOf(node, facts, look, { isProtected: isProtected(tag), moved }) }),
    resourceUri: rowUri(node.id),
  };
}

function lookOf({ content }: TagNode, kind: ArtifactKind, looks: ArtifactLooks): ArtifactLook {
  return content === undefined
    ? { ...ARTIFACT_LOOKS[kind], facts: [] }
    : looks.of(content.manifest, content.descriptor.digest);
}

function factsOf({ content, entry }: TagNode): TagFacts {
  const { pushedAt: pushed } = entry;
  if (content === undefined) {
    const { digest, artifactType, size, createdAt: created } = entry;
    const kind = artifactType === undefined ? 'other' : artifactKindOfType(artifactType);
    return { digest, kind, artifactType, size, created, pushed };
  }
  const { manifest, descriptor } = content;
  const common = {
    digest: descriptor.digest,
    kind: artifactKindOf(manifest),
    artifactType: artifactTypeOf(manifest),
    created: manifest.annotations?.[Annotation.created],
    pushed,
  };
  if (isImageIndex(manifest)) return { ...common, size: undefined, manifests: manifest.manifests.length };
  const size = manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
  return { ...common, size, layers: manifest.layers.length };
}

/** Everything that is known about a tag. Text from the registry is escaped: it is data, never markup. */
function tooltipOf(
  { place, repository, tag, entry, age }: TagNode,
  facts: TagFacts,
  look: ArtifactLook,
  { isProtected, moved }: { readonly isProtected: boolean; readonly moved: Sighting | undefined },
): MarkdownString {
  const { digest, artifactType, size, created, pushed, layers, manifests } = facts;
  const checked = age === undefined ? undefined : formatAge(new Date(Date.now() - age).toISOString());
  return factList(referenceOf({ place, repository, tag }), [
    [l10n.t('Digest'), digest],
    [l10n.t('Moved'), moved && movedText(moved)],
    [l10n.t('Artifact type'), artifactType],
    ...look.facts,
    [l10n.t('Created'), created],
    [l10n.t('Pushed'), pushed],
    [l10n.t('Size'), size === undefined ? undefined : formatSize(size)],
    [l10n.t('Layers'), layers?.toString()],
    [l10n.t('Manifests'), manifests?.toString()],
    [l10n.t('Immutable'), entry.isImmutable === true ? l10n.t('the registry does not let it be moved') : undefined],
    [l10n.t('On push'), isProtected ? l10n.t('protected: never moved to another manifest') : l10n.t('may be moved')],
    [l10n.t('From the cache'), checked && l10n.t('as the registry said {0}; Refresh asks again', checked)],
  ]);
}

/** Where a tag led when it was last seen. */
export function movedText({ digest, until }: Sighting): string {
  const when = formatAge(new Date(until).toISOString()) ?? '';
  return l10n.t('it led to {0} when it was last seen, {1}', digest, when);
}

/** The digest that a tag leads to, as far as it is known. */
export function digestOfTag({ content, entry }: TagNode): Digest | undefined {
  return content?.descriptor.digest ?? entry.digest;
}

/** Whether the registry is known not to take a tag away and leave its manifest. */
function isKept({ place: { hosting } }: TagNode): boolean {
  return hosting !== undefined && removesTags(hosting.kind, hosting.capabilities) === false;
}
