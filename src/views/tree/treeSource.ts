import type { Observer, Tag } from '../../oci/index.ts';
import type { ArtifactLooks } from '../artifactLooks.ts';
import type { LayerConsent } from '../layerConsent.ts';
import type { Place } from '../places.ts';
import type { SeenTags } from '../seenTags.ts';
import type { Node } from './node.ts';
import type { TagViews } from './tagViews.ts';

/** What a tree is made of; the two views differ in this and in nothing else. */
export interface TreeSource {
  /** The places to show. */
  places(): readonly Place[];
  /** True: each place has a row. False: there is one place, and its repositories are the top rows. */
  readonly placesHaveRows: boolean;
  readonly pageSize: () => number;
  /** How artifacts show; default: as we know them. */
  readonly looks?: ArtifactLooks | undefined;
  /** Whether a push must not move a tag; default: by floe's own rule. */
  readonly isProtected?: ((tag: Tag) => boolean) | undefined;
  /** Rows must be read again: those below `node`, or all. */
  readonly changed: (node: Node | undefined) => void;
  readonly logError: (action: string, error: unknown) => void;
  /** Told of what is read. Default: nobody looks. */
  readonly observer?: Observer | undefined;
  /** How the tags of repositories are shown; default: as ever, until somebody arranges them. */
  readonly views?: TagViews | undefined;
  /** Which layers may be read whole to show what is in them; default: small ones. */
  readonly consent?: LayerConsent | undefined;
  /** Where tags led when they were seen; default: nobody remembers. */
  readonly seen?: SeenTags | undefined;
  /** The row of this id, or any of those in view, may be marked in another way now. Default: nobody looks. */
  readonly marksChanged?: ((id?: string) => void) | undefined;
}
