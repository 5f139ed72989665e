import { type Disposable, type Event, EventEmitter } from 'vscode';
import type { CredentialUse, Logger } from '../../oci/index.ts';

/** A credential as people may see it: where it comes from, and whose it is. */
export type Account = NonNullable<CredentialUse['credential']>;

/** What has become of credentials in this window, for the log and for the rows of registries. */
export class CredentialUses implements Disposable {
  readonly #logger: Logger;
  readonly #refused = new Map<string, Account>();
  readonly #told = new Set<string>();
  readonly #changed = new EventEmitter<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** What {@link refusedAt} says of a registry is not what it was. */
  get onDidChange(): Event<string> {
    return this.#changed.event;
  }

  /** The credential that the registry refused, so that public content is read without one. */
  refusedAt(registry: string): Account | undefined {
    return this.#refused.get(registry);
  }

  readonly take = ({ registry, outcome, credential }: CredentialUse): void => {
    if (credential === undefined) return;
    if (outcome === 'passedOver') this.#refuse(registry, credential);
    else if (outcome === 'accepted') this.#accept(registry, credential);
    else this.#tell(registry, credential);
  };

  /** Other credentials, or none, are in force from now on. */
  reset(): void {
    const registries = [...this.#refused.keys()];
    this.#refused.clear();
    this.#told.clear();
    for (const registry of registries) this.#changed.fire(registry);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #refuse(registry: string, credential: Account): void {
    if (isSame(this.#refused.get(registry), credential)) return;
    this.#refused.set(registry, credential);
    this.#changed.fire(registry);
  }

  /** Another one of the same registry may be right, as that of another project. */
  #accept(registry: string, credential: Account): void {
    if (isSame(this.#refused.get(registry), credential)) this.#forget(registry);
  }

  #forget(registry: string): void {
    this.#refused.delete(registry);
    this.#changed.fire(registry);
  }

  #tell(registry: string, credential: Account): void {
    const key = JSON.stringify([registry, credential.source, credential.username]);
    // Its source has another one now.
    const refused = this.#refused.get(registry);
    if (refused?.source === credential.source && !isSame(refused, credential)) this.#forget(registry);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#logger.info('credential_in_use', { registry, ...credential });
  }
}

function isSame(one: Account | undefined, other: Account): boolean {
  return one !== undefined && one.source === other.source && one.username === other.username;
}
