import type { Memento } from 'vscode';
import * as z from 'zod/mini';
import type { RealmChange, RealmPins } from '../../oci/index.ts';

/** Origins of token servers by registry; no secret is among them. */
const KEY = 'floeOci.realms.v1';
const savedOrigins = z.record(z.string(), z.string());

/** The token servers that got our secrets, kept beyond the window. The user is asked about each new or other one. */
export class LastingPins implements RealmPins {
  readonly #state: Memento;
  readonly #ask: (change: RealmChange) => Promise<boolean | undefined>;
  /** By registry and token server: many requests are one question. */
  readonly #asking = new Map<string, Promise<boolean | undefined>>();
  readonly #answers = new Map<string, boolean>();

  /** @param ask whether the secrets of the registry may go there; undefined when nobody was asked, which is no answer to keep */
  constructor(state: Memento, ask: (change: RealmChange) => Promise<boolean | undefined>) {
    this.#state = state;
    this.#ask = ask;
  }

  async find(registry: string): Promise<string | undefined> {
    const origins = this.#origins();
    return Object.hasOwn(origins, registry) ? origins[registry] : undefined;
  }

  async remember(registry: string, origin: string): Promise<void> {
    if ((await this.find(registry)) === origin) return;
    await this.#state.update(KEY, { ...this.#origins(), [registry]: origin });
  }

  async allows(change: RealmChange): Promise<boolean> {
    const key = `${change.registry} ${change.to}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const asking = this.#asking.get(key) ?? this.#ask(change).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    const answer = await asking;
    if (answer !== undefined) this.#answers.set(key, answer);
    return answer ?? false;
  }

  /** What was not allowed may be asked about again: the user has started something new. */
  askAgain(): void {
    for (const [key, answer] of [...this.#answers]) if (!answer) this.#answers.delete(key);
  }

  #origins(): Readonly<Record<string, string>> {
    const { success, data } = savedOrigins.safeParse(this.#state.get<unknown>(KEY));
    return success ? data : {};
  }
}
