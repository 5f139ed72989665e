import { FileDecoration, l10n, ThemeColor, type TreeItem } from 'vscode';
import type { SeenTags } from '../seenTags.ts';
import { itemOf } from './items.ts';
import type { TagNode } from './node.ts';
import { isAtOrBelow } from './openLevels.ts';
import { RowDetails } from './rowDetails.ts';
import { digestOfTag, movedText, type RowLooks } from './tagRow.ts';

/** How tags look, and what is remembered of them. */
export interface ShownTagsOptions {
  readonly how: RowLooks;
  /** Where tags led when they were seen; default: nobody remembers. */
  readonly seen?: SeenTags | undefined;
  /** Looks into the tag, and has its node know it. */
  readonly read: (node: TagNode, signal: AbortSignal) => Promise<unknown>;
  /** Whether somebody has unfolded the row; what is known then is shown when all of it is. */
  readonly isUnfolded: (node: TagNode) => boolean;
  /** The row says something else now. */
  readonly changed: (node: TagNode) => void;
  /** The row of this id, or any of those in view, may be marked in another way now. */
  readonly marksChanged: (id?: string) => void;
  readonly logError: (action: string, error: unknown) => void;
}

interface Shown {
  readonly node: TagNode;
  readonly text: string;
  readonly isMoved: boolean;
}

/** Milliseconds. The rows of a page are drawn together. */
const SETTLED = 50;

/** The rows of tags as they were drawn last: what is in view is looked into, and drawn anew when it says something else. */
export class ShownTags {
  readonly #options: ShownTagsOptions;
  readonly #shown = new Map<string, Shown>();
  readonly #details: RowDetails;
  /** Rows that VS Code has asked about. It does not ask again for one that is only drawn anew. */
  readonly #asked = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ShownTagsOptions) {
    const { read, isUnfolded, logError } = options;
    this.#options = options;
    this.#details = new RowDetails({
      read,
      onRead: (node) => isUnfolded(node) || this.learned(node),
      onDropped: () => this.#askAgain(),
      logError,
    });
  }

  /** The row, as the view takes it. */
  draw(node: TagNode): TreeItem {
    const { how, seen, marksChanged } = this.#options;
    const digest = digestOfTag(node);
    if (digest !== undefined) seen?.note(node.id, digest);
    const item = itemOf(node, how);
    const isMoved = seen?.movedFrom(node.id) !== undefined;
    const before = this.#shown.get(node.id);
    this.#shown.set(node.id, { node, text: String(item.description), isMoved });
    if (isMoved && before?.isMoved !== true) marksChanged(node.id);
    if (digest === undefined && before?.node !== node && this.#asked.has(node.id)) this.#askAgain();
    return item;
  }

  /** Has VS Code ask about all rows in view. */
  #askAgain(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#asked.clear();
      this.#options.marksChanged();
    }, SETTLED);
  }

  /** The row has come into view. What it is marked with. */
  inView(id: string): FileDecoration | undefined {
    const node = this.#shown.get(id)?.node;
    if (node !== undefined) {
      this.#asked.add(id);
      this.#details.want(node);
    }
    const moved = this.#options.seen?.movedFrom(id);
    if (moved === undefined) return undefined;
    return new FileDecoration('≠', l10n.t('Moved: {0}', movedText(moved)), new ThemeColor('list.warningForeground'));
  }

  /** More may be known of the tag. Its row is drawn anew where that shows. */
  learned(node: TagNode): void {
    const shown = this.#shown.get(node.id);
    if (shown?.node !== node) return;
    const { how, seen, changed } = this.#options;
    const digest = digestOfTag(node);
    if (digest !== undefined) seen?.note(node.id, digest);
    if (String(itemOf(node, how).description) !== shown.text) changed(node);
  }

  /** Nothing is looked into that is below the row, or anywhere: nobody sees it. */
  hidden(top: string | undefined): void {
    this.#details.stop(({ id }) => top === undefined || isAtOrBelow(id, top));
  }

  /** The rows are read anew. */
  forget(top: string | undefined): void {
    this.hidden(top);
    for (const id of this.#shown.keys()) if (top === undefined || isAtOrBelow(id, top)) this.#shown.delete(id);
  }
}
