import type { LogOutputChannel, Memento, SecretStorage, Uri } from 'vscode';
import type { ActivityNode } from '../activity/activityNode.ts';
import type { Contributions } from '../api/contributions.ts';
import type { CacheNode } from '../cache/cacheNode.ts';
import type { View } from '../lazyTree.ts';
import type { Settings } from '../settings.ts';
import type { NamedNode } from '../tree/namedNode.ts';
import type { Node } from '../tree/node.ts';
import type { RowDecorations } from '../tree/rowDecorations.ts';

/** What the extension has at hand when it is activated. */
export interface WorkbenchOptions {
  readonly log: LogOutputChannel;
  readonly settings: Settings;
  readonly secrets: SecretStorage;
  /** Outlives the window, and is the same in all. */
  readonly state: Memento;
  /** Outlives the window, and belongs to its workspace. */
  readonly workspaceState: Memento;
  /** Of the extension's process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the extension is installed. */
  readonly extensionFolder: Uri;
  /** The Local store's folder; it need not exist. */
  readonly localFolder: Uri;
  /** The folder of the cache, unless the settings name another; it need not exist. */
  readonly cacheFolder: Uri;
  /** What other extensions have added, and will. */
  readonly contributions: Contributions;
  readonly registriesView: View<Node | NamedNode>;
  readonly localView: View<Node>;
  readonly cacheView: View<CacheNode>;
  readonly activityView: View<ActivityNode>;
  /** What rows are marked with. */
  readonly decorations: RowDecorations;
}
