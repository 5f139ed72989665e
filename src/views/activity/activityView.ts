import { type Disposable, l10n } from 'vscode';
import type { Activity } from '../../oci/index.ts';
import type { View } from '../lazyTree.ts';
import type { ActivityNode } from './activityNode.ts';
import { ActivityTree } from './activityTree.ts';

interface ActivityViewOptions {
  readonly view: View<ActivityNode>;
  readonly activity: Activity;
}

/** Milliseconds in which what has changed is drawn once: an operation may be a thousand requests. */
const DELAY = 500;

/** The Activity view: its rows, and when they are drawn again. Nobody draws what nobody looks at. */
export class ActivityView implements Disposable {
  readonly tree: ActivityTree;
  readonly #options: ActivityViewOptions;
  readonly #ends: readonly (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  /** Something has changed since the rows were read. */
  #isStale = false;
  /** To be drawn although nothing has changed. */
  #isWanted = false;

  constructor(options: ActivityViewOptions) {
    const { view, activity } = options;
    this.#options = options;
    this.tree = new ActivityTree(activity, () => {
      this.#isStale = false;
      this.#sayIfEmpty();
      if (this.#isBusy) this.#drawSoon();
    });
    // Once more, and not at once: rows that come in while a view unfolds can be left without any height.
    const visibility = view.widget.onDidChangeVisibility(() => this.#drawSoon(true));
    const change = activity.onChange(() => {
      this.#isStale = true;
      this.#drawSoon();
    });
    this.#ends = [change, () => visibility.dispose()];
  }

  /** Something runs, of which the duration and the speed are others each time. */
  get #isBusy(): boolean {
    return this.#options.activity.entries.some(({ state }) => state === 'running');
  }

  /** Above the rows, and not in their place: VS Code leaves rows that take the place of a welcome without any height. */
  #sayIfEmpty(): void {
    const { view, activity } = this.#options;
    const isEmpty = activity.entries.length === 0;
    const text = l10n.t('What is pushed, pulled, listed and looked at in this window shows here.');
    Object.assign(view.widget, { message: isEmpty ? text : undefined });
  }

  #drawSoon(isWanted = false): void {
    const { view } = this.#options;
    if (!view.widget.visible) return;
    this.#isWanted ||= isWanted;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isWanted || this.#isStale || this.#isBusy) view.lazy.changed(undefined);
      this.#isWanted = false;
    }, DELAY);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const end of this.#ends) end();
  }
}
