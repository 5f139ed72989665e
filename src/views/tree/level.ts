import type { Descriptor } from '../../oci/index.ts';
import type { Node } from './node.ts';
import type { TagView } from './tagView.ts';

/** The rows below one row, as far as they have been read. */
export interface Level {
  readonly nodes: readonly Node[];
  /** Reads the next page; the answer has the old rows too. Absent when there is no more. */
  readonly more?: () => Promise<Level>;
}

/** How one level of the tree is read. */
export interface LevelOptions {
  readonly pageSize: number;
  readonly signal: AbortSignal;
  /** The registry is to be asked where tags lead, whatever the cache knows. */
  readonly refresh: boolean;
  /** Which tags of a repository to show, and in which order. */
  readonly view: TagView;
  /** Whether the row of a tag was unfolded when it was last seen. */
  readonly isUnfolded: (id: string) => boolean;
  /** Whether a layer may be read whole to show what is in it. */
  readonly mayRead: (layer: Descriptor) => boolean;
}
