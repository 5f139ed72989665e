import { commands, type Disposable, l10n, type TreeView, window } from 'vscode';
import type { Caches } from '../caches.ts';
import { setContextKey } from '../contextKeys.ts';
import { describeError, explain } from '../describeError.ts';
import { formatSize } from '../format.ts';
import type { View } from '../lazyTree.ts';
import { plainText } from '../plainText.ts';
import type { CacheNode } from './cacheNode.ts';
import { type CacheOverview, CacheTree } from './cacheTree.ts';

interface CacheViewOptions {
  readonly view: View<CacheNode>;
  readonly caches: Caches;
  readonly logError: (action: string, error: unknown) => void;
}

/** The Cache view: its rows, what is said above them, and when they are read again. */
export class CacheView implements Disposable {
  readonly tree: CacheTree;
  readonly #options: CacheViewOptions;
  readonly #subscriptions: readonly Disposable[];
  readonly #warned = new Set<string>();

  constructor(options: CacheViewOptions) {
    const { view, caches, logError } = options;
    const { widget } = view;
    this.#options = options;
    this.tree = new CacheTree({ caches, logError, onLook: (overview) => describe(widget, overview) });
    this.#subscriptions = [
      caches.onDidChange(() => this.refresh()),
      caches.onDidFail(({ path, reason }) => this.#warn(path, sentenceOf(path, reason))),
      // Other windows and programs use the same folder, without a word.
      widget.onDidChangeVisibility(({ visible }) => visible && this.refresh()),
      window.onDidChangeWindowState(({ focused }) => focused && widget.visible && this.refresh()),
    ];
  }

  /** Looks at the caches again. */
  refresh(): void {
    this.#options.view.lazy.changed(undefined);
  }

  /** Once for each folder: nobody can use it less than not at all. */
  #warn(path: string, sentence: string): void {
    if (this.#warned.has(path)) return;
    this.#warned.add(path);
    const open = l10n.t('Open Settings');
    void window.showWarningMessage(sentence, open).then((answer) => {
      if (answer === open) void commands.executeCommand('workbench.action.openSettings', 'floeOci.cache');
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** As the setting counts. */
const GIB = 1024 ** 3;

function describe(widget: TreeView<CacheNode>, overview: CacheOverview): void {
  const { state, totalSizeBytes, maxSizeBytes, problem } = overview;
  setContextKey('floeOci.cacheState', state);
  const usage = l10n.t('{0} of {1} GiB', formatSize(totalSizeBytes), maxSizeBytes / GIB);
  widget.description = state === 'disabled' ? l10n.t('off') : state === 'unusable' ? l10n.t('cannot be used') : usage;
  Object.assign(widget, { message: problem && sentenceOf(problem.path, problem.error) });
}

function sentenceOf(path: string, error: unknown): string {
  const reason = explain(describeError(error)).replace(/\.$/, '');
  return plainText(l10n.t('The cache in {0} cannot be used: {1}. Everything works without it.', path, reason));
}
