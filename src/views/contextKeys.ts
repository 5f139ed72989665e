import { commands } from 'vscode';

/** The context keys that package.json's `when` clauses ask for. */
interface ContextKeys {
  /** At least one registry is connected. */
  readonly 'floeOci.connected': boolean;
}

export function setContextKey<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void commands.executeCommand('setContext', key, value);
}
