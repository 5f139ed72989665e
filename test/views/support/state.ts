import type { Memento } from 'vscode';

/** What VS Code keeps for an extension between its windows, in memory. */
export class MemoryState implements Memento {
  readonly entries = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.entries.keys()];
  }

  get<T>(key: string, otherwise?: T): T | undefined {
    return (this.entries.get(key) as T | undefined) ?? otherwise;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.entries.set(key, JSON.parse(JSON.stringify(value)));
  }
}
