import type { SecretStorage } from 'vscode';
import { EventEmitter } from '../../support/vscode.ts';

/** A secret storage that several windows share, as VS Code's is; `broken` makes it fail. */
export class MemorySecrets implements SecretStorage {
  readonly entries = new Map<string, string>();
  readonly #changed = new EventEmitter<{ key: string }>();
  readonly onDidChange = this.#changed.event;
  broken = false;

  async keys(): Promise<string[]> {
    return [...this.entries.keys()];
  }

  async get(key: string): Promise<string | undefined> {
    if (this.broken) throw new Error('no keyring');
    return this.entries.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    if (this.broken) throw new Error('no keyring');
    this.entries.set(key, value);
    this.#changed.fire({ key });
  }

  async delete(key: string): Promise<void> {
    this.entries.delete(key);
    this.#changed.fire({ key });
  }
}
