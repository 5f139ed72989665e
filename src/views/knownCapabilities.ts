import { type Disposable, type Event, EventEmitter, type Memento } from 'vscode';
import { type Capabilities, type CapabilityMemory, lastingMemory } from '../oci/index.ts';
import { isScarce } from './rateLimitText.ts';
import { isRecord } from './registryOptions.ts';

/** What registries can do, by registry; nothing secret is among it. */
const KEY = 'floeOci.capabilities.v1';

/** What registries have shown that they can do, kept beyond the window. */
export class KnownCapabilities implements CapabilityMemory, Disposable {
  readonly #memory: CapabilityMemory;
  readonly #changed = new EventEmitter<string>();

  constructor(state: Memento) {
    const kept = (): Readonly<Record<string, unknown>> => {
      const saved = state.get<unknown>(KEY);
      return isRecord(saved) ? saved : {};
    };
    this.#memory = lastingMemory({
      read: (registry) => (Object.hasOwn(kept(), registry) ? kept()[registry] : undefined),
      write: (registry, value) => void state.update(KEY, { ...kept(), [registry]: value }),
    });
  }

  /** The registry of which a row says something else now: what kind it is, or that little is left of its limit. */
  get onDidChange(): Event<string> {
    return this.#changed.event;
  }

  load(registry: string): Capabilities | undefined {
    return this.#memory.load(registry);
  }

  save(registry: string, capabilities: Capabilities): void {
    const before = this.load(registry) ?? {};
    this.#memory.save(registry, capabilities);
    const isOther = capabilities.provider !== before.provider || isScarce(capabilities) !== isScarce(before);
    if (isOther) this.#changed.fire(registry);
  }

  /** What kind it is, and what it can do, has to show anew. */
  forget(registry: string): void {
    this.save(registry, {});
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
