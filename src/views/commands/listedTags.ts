import { l10n } from 'vscode';
import { highestVersion, type VersionConstraint } from '../../floe/versionConstraint.ts';
import type { Tag } from '../../oci/index.ts';

/** After so many the user sees what there is so far. A page of most registries. */
const SHOWN_EACH = 1000;
/** Ten pages of most registries, and more than a prompt is good for. */
export const MAX_LISTED = 10_000;

/** The tags of a repository for a prompt, which is there while they are listed. */
export class ListedTags {
  readonly #tags: Tag[] = [];
  #state: 'reading' | 'whole' | 'cut' = 'reading';

  /** As far as they are known. */
  get tags(): readonly Tag[] {
    return this.#tags;
  }

  /** Reads all of them, up to {@link MAX_LISTED}. @param soFar called now and then; what it answers is whether to go on */
  async read(listing: AsyncIterable<Tag>, soFar: () => boolean): Promise<void> {
    for await (const tag of listing) {
      if (this.#tags.length >= MAX_LISTED) {
        this.#state = 'cut';
        return;
      }
      this.#tags.push(tag);
      if (this.#tags.length % SHOWN_EACH === 0 && !soFar()) return;
    }
    this.#state = 'whole';
  }

  /** The highest version in a range, of all tags there are; else why it is not known. */
  highestIn(range: VersionConstraint): { readonly tag: Tag } | { readonly reason: string } {
    if (this.#state === 'reading') return { reason: l10n.t('The tags are still being listed.') };
    if (this.#state === 'cut') {
      return { reason: l10n.t('There are too many tags to know the highest; type the tag.') };
    }
    const tag = highestVersion(this.#tags, range);
    return tag === undefined ? { reason: l10n.t('No tag is in the range {0}.', range.text) } : { tag };
  }
}
