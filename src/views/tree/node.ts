import type { ReferrerKind } from '../../floe/referrerKind.ts';
import type {
  Descriptor,
  Digest,
  LayerEntry,
  ManifestDescriptor,
  RepositoryName,
  Tag,
  TagEntry,
} from '../../oci/index.ts';
import type { Address, Place } from '../places.ts';
import type { ReadManifest } from '../readManifest.ts';
import type { TagView } from './tagView.ts';

/** A row of a tree. `id` is stable, so that a row stays selected and unfolded when it is read again. */
export type Node =
  | PlaceNode
  | FolderNode
  | RepositoryNode
  | TagNode
  | ContentNode
  | EntryNode
  | LargeLayerNode
  | CutLayerNode
  | ReferrersNode
  | MoreNode
  | NoMatchNode
  | NoRepositoriesNode
  | ClosedCatalogNode
  | ErrorNode;

/** The node of one kind. */
export type NodeOf<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

/** A registry; or the Local store, which is the root of its view and has no row. */
export interface PlaceNode {
  readonly kind: 'place';
  readonly id: string;
  /** As the settings are now. */
  place: Place;
  readonly parent: undefined;
}

/** The first part of the names of several repositories. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly id: string;
  readonly place: Place;
  /** Without trailing slash. */
  readonly path: string;
  readonly children: readonly Node[];
  readonly parent: PlaceNode | FolderNode;
}

/** A repository, with its tags below. */
export interface RepositoryNode {
  readonly kind: 'repository';
  readonly id: string;
  readonly place: Place;
  readonly repository: RepositoryName;
  readonly parent: PlaceNode | FolderNode;
  /** Known once its tags have been listed. */
  listing?: TagListing;
}

/** What is known of the tags of a repository besides those that have a row. */
export interface TagListing {
  readonly view: TagView;
  /** How many there are, as far as the list was read; without those that only carry what refers to something else. */
  readonly total: number;
  /** How many of them the filter lets pass. */
  readonly matching: number;
  /** Whether the registry has more of which nothing is known yet. */
  readonly isPartial: boolean;
  /** Tags that only carry what refers to something else. They have no row: what they carry is shown below its subject. */
  readonly hidden: ReadonlySet<Tag>;
}

/** A tag of a repository. */
export interface TagNode {
  readonly kind: 'tag';
  readonly id: string;
  readonly place: Place;
  readonly repository: RepositoryName;
  readonly tag: Tag;
  readonly parent: RepositoryNode;
  /** What the list of tags says of it; nothing but its name in most registries. */
  readonly entry: TagEntry;
  /** Known once somebody has looked into the tag. */
  content?: ReadManifest;
  /** Milliseconds since the registry said so; absent when it said so just now. */
  age?: number;
}

/** What a manifest consists of: its config, a layer, or (in an index) a manifest. */
export interface ContentNode {
  readonly kind: 'content';
  readonly id: string;
  readonly place: Place;
  readonly repository: RepositoryName;
  readonly tag: Tag;
  readonly role: 'config' | 'layer' | 'manifest';
  readonly descriptor: Descriptor;
  /** The manifest that names it; of a referrer, the one that it is about. */
  readonly manifest: Digest;
  /** What it is for, if it is shown because it refers to something. */
  readonly referrer?: ReferrerKind;
  readonly parent: TagNode | ContentNode | ReferrersNode;
}

/** A file or folder in a layer that is a tar archive. All of it is as the archive has it: anything. */
export interface EntryNode {
  readonly kind: 'entry';
  readonly id: string;
  readonly place: Place;
  readonly repository: RepositoryName;
  readonly tag: Tag;
  readonly layer: ContentNode;
  /** The last part of the path. */
  readonly name: string;
  readonly path: string;
  readonly type: LayerEntry['type'];
  /** Bytes. */
  readonly size: number;
  /** Of links, else empty. */
  readonly target: string;
  readonly children: readonly EntryNode[];
  readonly parent: ContentNode | EntryNode;
}

/** Stands for what is in a layer that is too large to be read without asking. */
interface LargeLayerNode {
  readonly kind: 'largeLayer';
  readonly id: string;
  /** Bytes of the layer. */
  readonly size: number;
  readonly parent: ContentNode;
}

/** Says that a layer has more than is shown. */
interface CutLayerNode {
  readonly kind: 'cutLayer';
  readonly id: string;
  readonly shown: number;
  readonly parent: ContentNode;
}

/** What refers to a manifest, of one kind: its signatures, its SBOMs. */
export interface ReferrersNode {
  readonly kind: 'referrers';
  readonly id: string;
  readonly place: Place;
  readonly repository: RepositoryName;
  readonly tag: Tag;
  readonly group: ReferrerKind;
  readonly referrers: readonly ManifestDescriptor[];
  /** The manifest that they are about. */
  readonly subject: Digest;
  readonly parent: TagNode | ContentNode;
}

/** "Load more", the last row of a level that has more. */
interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly parent: Node;
}

/** Says that the filter hides all tags of a repository, and offers to change it. */
interface NoMatchNode {
  readonly kind: 'noMatch';
  readonly id: string;
  /** As the user wrote it. */
  readonly filter: string;
  readonly parent: RepositoryNode;
}

/** Says that a registry has no repository, and offers to push the first. */
interface NoRepositoriesNode {
  readonly kind: 'noRepositories';
  readonly id: string;
  readonly parent: PlaceNode;
}

/** Says that a registry does not list its repositories, or not all of them. */
interface ClosedCatalogNode {
  readonly kind: 'closedCatalog';
  readonly id: string;
  readonly place: Place;
  /** Why. */
  readonly error: unknown;
  readonly parent: PlaceNode;
}

/** What went wrong where rows should be. */
interface ErrorNode {
  readonly kind: 'error';
  readonly id: string;
  readonly error: unknown;
  readonly parent: Node;
}

/** What a row stands for, for the commands that work on content; undefined where it stands for none. */
export function addressOf(node: Node): Address | undefined {
  switch (node.kind) {
    case 'repository':
      return { place: node.place, repository: node.repository };
    case 'tag':
      return { place: node.place, repository: node.repository, tag: node.tag };
    case 'content':
      return { place: node.place, repository: node.repository, digest: node.descriptor.digest };
    default:
      return undefined;
  }
}

/** The place a row is in. */
export function placeOf(node: Node): Place {
  return 'place' in node ? node.place : placeOf(node.parent);
}
