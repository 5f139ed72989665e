import { commands } from 'vscode';

/** The context keys that package.json's `when` clauses ask for. */
interface ContextKeys {
  /** At least one registry is connected. */
  readonly 'floeOci.connected': boolean;
  /** What the Cache view has to say when it has no rows. */
  readonly 'floeOci.cacheState': 'disabled' | 'unusable' | 'empty' | 'filled';
  /** Something is being transferred, or waits for its turn. */
  readonly 'floeOci.transferring': boolean;
  /** A transfer has failed and can be tried again. */
  readonly 'floeOci.transferFailed': boolean;
  /** The HTTP exchange is being recorded. */
  readonly 'floeOci.recording': boolean;
  /** Content has been selected to be compared with other content. */
  readonly 'floeOci.compareSelected': boolean;
}

/** Sets what `when` clauses of menus and welcome views look at. Nobody waits for it. */
export function setContextKey<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void commands.executeCommand('setContext', key, value);
}
