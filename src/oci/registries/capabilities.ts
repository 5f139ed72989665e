import type { Abilities, KnownAbilities } from '../remote/abilities.ts';
import type { ProviderName } from './providerName.ts';
import type { RateLimit } from './rateLimit.ts';

/**
 * What a registry can do, as far as its own answers have shown; what is not known is left out. About the registry as a whole:
 * a right that one user lacks in one repository is no ability that it lacks.
 */
export interface Capabilities extends Abilities {
  readonly provider?: ProviderName;
  /** A tag is taken away by the spec's own request. */
  readonly tagDeletion?: boolean;
  readonly manifestDeletion?: boolean;
  /** Bytes that each part of an upload but the last must have. */
  readonly minChunkSize?: number;
  /** Parts of blobs are given. */
  readonly ranges?: boolean;
  /** `If-None-Match` of a GET is answered with 304. */
  readonly conditionalReads?: boolean;
  readonly sha512?: boolean;
  /** A page of a list has at most so many entries. */
  readonly maxPageSize?: number;
  /** As of the registry's last answer that said so. */
  readonly rateLimit?: RateLimit;
  /** The same of its own API, where that is counted apart, on a host of its own. */
  readonly apiRateLimit?: RateLimit;
  /** Since when that is remembered, RFC 3339; only of what outlives the process. */
  readonly knownSince?: string;
}

/** Where what is known of registries is kept. Whoever keeps it for good gives it back when asked again. */
export interface CapabilityMemory {
  /** What was saved, or undefined; must not throw. */
  load(registry: string): Capabilities | undefined;
  /** Told each time something new has shown; must not throw. */
  save(registry: string, capabilities: Capabilities): void;
}

/** Forgets with the process. */
export function memoryOfProcess(): CapabilityMemory {
  const known = new Map<string, Capabilities>();
  return {
    load: (registry) => known.get(registry),
    save: (registry, capabilities) => known.set(registry, capabilities),
  };
}

/** What is known of one registry; grows with its answers. */
export class Fingerprint implements KnownAbilities {
  readonly registry: string;
  readonly #memory: CapabilityMemory;

  constructor(registry: string, memory: CapabilityMemory) {
    this.registry = registry;
    this.#memory = memory;
  }

  get current(): Capabilities {
    return this.#memory.load(this.registry) ?? {};
  }

  /** Adds what has shown; what shows otherwise later counts. */
  learn(news: Capabilities): void {
    const before = this.current;
    const isNew = Object.entries(news).some(([key, value]) => !isSame(Reflect.get(before, key), value));
    if (isNew) this.#memory.save(this.registry, { ...before, ...news });
  }

  /** It is not what it was taken for: what kind it is has to show anew. */
  forgetProvider(): void {
    const { provider, ...rest } = this.current;
    if (provider !== undefined) this.#memory.save(this.registry, rest);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
