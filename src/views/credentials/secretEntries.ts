import { createHash } from 'node:crypto';
import { type Disposable, type Event, EventEmitter, type SecretStorage } from 'vscode';

/**
 * The entries of VS Code's secret storage whose keys start alike. All windows have the same entries, and each hears of
 * what the others change.
 */
export class SecretEntries implements Disposable {
  readonly #storage: SecretStorage;
  readonly #prefix: string;
  /** What each entry was when last seen, as a fingerprint: an event comes for one's own changes too, and for none. */
  readonly #seen = new Map<string, string>();
  readonly #changed = new EventEmitter<string>();
  readonly #subscription: Disposable;

  constructor(storage: SecretStorage, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#subscription = storage.onDidChange(({ key }) => {
      if (key.startsWith(prefix)) void this.#compare(key.slice(prefix.length));
    });
  }

  /** The name of an entry that is not what it was, whichever window changed it; once for each change. */
  get onDidChange(): Event<string> {
    return this.#changed.event;
  }

  /** Rejects with the keyring's own error. */
  async get(name: string): Promise<string | undefined> {
    const value = await this.#storage.get(this.#prefix + name);
    this.#seen.set(name, fingerprint(value));
    return value;
  }

  /** Rejects with the keyring's own error, and the entry is what it was. */
  async store(name: string, value: string): Promise<void> {
    await this.#change(name, value, () => this.#storage.store(this.#prefix + name, value));
  }

  async delete(name: string): Promise<void> {
    await this.#change(name, undefined, () => this.#storage.delete(this.#prefix + name));
  }

  /** The names of all entries; undefined where VS Code is too old to tell. */
  async names(): Promise<readonly string[] | undefined> {
    if (typeof this.#storage.keys !== 'function') return undefined;
    const keys = await this.#storage.keys();
    return keys.filter((key) => key.startsWith(this.#prefix)).map((key) => key.slice(this.#prefix.length));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async #change(name: string, value: string | undefined, change: () => PromiseLike<void>): Promise<void> {
    const before = this.#seen.get(name);
    const after = fingerprint(value);
    this.#seen.set(name, after);
    try {
      await change();
    } catch (error) {
      if (before === undefined) this.#seen.delete(name);
      else this.#seen.set(name, before);
      throw error;
    }
    if (before !== after) this.#changed.fire(name);
  }

  async #compare(name: string): Promise<void> {
    const before = this.#seen.get(name);
    try {
      await this.get(name);
    } catch {
      // A keyring that has just been locked has not changed the entry.
      return;
    }
    if (this.#seen.get(name) !== before) this.#changed.fire(name);
  }
}

function fingerprint(value: string | undefined): string {
  return value === undefined ? 'absent' : createHash('sha256').update(value).digest('hex');
}
