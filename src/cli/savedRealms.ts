import {
  type EnvironmentRealm,
  environmentRealm,
  isOciError,
  isTrustedFirst,
  type RealmChange,
  type RealmPins,
  readRealm,
  realmFolder,
  throwIfAborted,
  writeRealm,
} from '../oci/index.ts';
import type { CliIo } from './io.ts';

/** Where it is kept which token server has had which registry's secret. */
export interface SavedRealmsOptions {
  readonly io: CliIo;
  /** The registries that the command names. */
  readonly registries: readonly string[];
  /** Told, once, that what is learned lasts no longer than the command. */
  readonly warn: (text: string) => void;
}

/**
 * The token servers that got our secrets, in files beside the user's other state, so that the next command knows them too.
 * FLOE_REGISTRY_REALM comes before what they say. Where that is not enough, a person at a terminal is asked; without one, a
 * first token server is trusted where it is reached by TLS, and a change is not.
 */
export class SavedRealms implements RealmPins {
  readonly #io: CliIo;
  readonly #warn: (text: string) => void;
  readonly #folder: string | undefined;
  readonly #given: EnvironmentRealm | undefined;
  /** Also where there is no folder, or it cannot be used. */
  readonly #known = new Map<string, string | undefined>();
  readonly #answers = new Map<string, Promise<boolean>>();
  #hasWarned = false;

  /** @throws OciError INVALID_ARGUMENT for FLOE_REGISTRY_REALM */
  constructor({ io, registries, warn }: SavedRealmsOptions) {
    this.#io = io;
    this.#warn = warn;
    this.#folder = realmFolder(io.env, process.platform);
    this.#given = environmentRealm(io.env, registries);
  }

  async find(registry: string): Promise<string | undefined> {
    return this.#given?.registry === registry ? this.#given.origin : this.#saved(registry);
  }

  async remember(registry: string, origin: string): Promise<void> {
    if ((await this.#saved(registry)) === origin) return;
    this.#known.set(registry, origin);
    const folder = this.#folder;
    if (folder !== undefined) await writeRealm(folder, registry, origin).catch((error: unknown) => this.#failed(error));
  }

  async allows(change: RealmChange): Promise<boolean> {
    if (isTrustedFirst(change)) return true;
    const key = `${change.registry} ${change.to}`;
    const answer = this.#answers.get(key) ?? this.#ask(change);
    this.#answers.set(key, answer);
    return answer;
  }

  async #saved(registry: string): Promise<string | undefined> {
    if (!this.#known.has(registry) && this.#folder !== undefined) {
      const found = await readRealm(this.#folder, registry).catch((error: unknown) => this.#failed(error));
      // Somebody may have remembered one while the file was read.
      if (!this.#known.has(registry)) this.#known.set(registry, found);
    }
    return this.#known.get(registry);
  }

  async #ask({ registry, from, to }: RealmChange): Promise<boolean> {
    const { confirm, signal } = this.#io;
    if (confirm === undefined) return false;
    const question =
      from === undefined
        ? `${registry} wants the credential sent to ${to}, without TLS. Send it?`
        : `${registry} now wants the credential sent to ${to}, no longer to ${from}. It may have moved, or somebody has taken it over. Send it?`;
    const isAllowed = await confirm(question);
    throwIfAborted(signal);
    return isAllowed;
  }

  /** What cannot be kept is no reason to fail. */
  #failed(error: unknown): undefined {
    if (!isOciError(error)) throw error;
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#warn(`which token servers got which credentials cannot be kept: ${error.message}`);
  }
}
