import { type Disposable, type Event, EventEmitter, type Memento } from 'vscode';
import { type Capabilities, type CapabilityMemory, type Logger, lastingMemory } from '../oci/index.ts';
import { isScarce } from './rateLimitText.ts';
import { isRecord } from './registryOptions.ts';
import { StateWriter } from './stateWriter.ts';

/** What registries can do, by registry; nothing secret is among it. */
const KEY = 'floeOci.capabilities.v1';

/** What registries have shown that they can do, kept beyond the window. */
export class KnownCapabilities implements CapabilityMemory, Disposable {
  readonly #memory: CapabilityMemory;
  readonly #writer: StateWriter;
  readonly #changed = new EventEmitter<string>();

  constructor(state: Memento, logger: Pick<Logger, 'warn'>) {
    this.#writer = new StateWriter(state, logger);
    this.#memory = lastingMemory({
      read: (registry) => {
        const kept = recordIn(state.get<unknown>(KEY));
        return Object.hasOwn(kept, registry) ? kept[registry] : undefined;
      },
      write: (registry, value) => this.#writer.change(KEY, (kept) => ({ ...recordIn(kept), [registry]: value })),
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

  /** Until what has shown so far has been kept. */
  settled(): Promise<void> {
    return this.#writer.settled();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function recordIn(saved: unknown): Readonly<Record<string, unknown>> {
  return isRecord(saved) ? saved : {};
}
