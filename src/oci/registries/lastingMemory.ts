import * as z from 'zod/mini';
import type { Capabilities, CapabilityMemory } from './capabilities.ts';
import { isProviderName, type ProviderName } from './providerName.ts';

/**
 * Where values are kept by the name of a registry, for longer than a process runs: a folder of files, an editor's global
 * state. Neither may throw; what cannot be read is undefined.
 */
export interface CapabilityStore {
  read(registry: string): unknown;
  write(registry: string, value: object): void;
}

/** Of the form in which it is kept; another one is not read. */
const VERSION = 1;
/** A week: registries are upgraded, proxies are put before them and taken away, and to ask anew costs a few requests. */
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;
/** A clock that was put back. */
const MAX_AHEAD_MS = 60 * 60 * 1000;

const flag = z.optional(z.boolean());
const count = z.optional(z.int().check(z.positive()));
const kept = z.object({
  version: z.literal(VERSION),
  registry: z.string(),
  since: z.iso.datetime(),
  capabilities: z.object({
    provider: z.optional(z.string().check(z.refine(isProviderName))),
    referrersApi: flag,
    tagDeletion: flag,
    manifestDeletion: flag,
    chunkedUploads: flag,
    wholeUploads: flag,
    minChunkSize: count,
    mount: flag,
    ranges: flag,
    conditionalReads: flag,
    conditionalWrites: flag,
    sha512: flag,
    pageSizes: flag,
    maxPageSize: count,
  }),
});

/**
 * Remembers what registries can do from one run to the next, for a week. What a limit leaves is of the moment, and kept for
 * as long as the process runs. Nothing in it is secret, and nothing of it is believed that a registry's answers contradict.
 * A value that is damaged, of another version or about another registry is as none.
 * @param now milliseconds since 1970
 */
export function lastingMemory(store: CapabilityStore, now: () => number = Date.now): CapabilityMemory {
  const known = new Map<string, Capabilities | undefined>();
  return {
    load(registry) {
      // Asked with every request: what is not known either is looked for once.
      if (!known.has(registry)) known.set(registry, readKept(store.read(registry), registry, now()));
      return known.get(registry);
    },
    save(registry, capabilities) {
      const before = known.get(registry);
      const since = before?.knownSince ?? new Date(now()).toISOString();
      known.set(registry, { ...capabilities, knownSince: since });
      const { rateLimit: _, apiRateLimit: __, knownSince: ___, ...lasting } = capabilities;
      if (isSame(lasting, before ?? {})) return;
      store.write(registry, { version: VERSION, registry, since, capabilities: lasting });
    },
  };
}

function readKept(value: unknown, registry: string, now: number): Capabilities | undefined {
  const { success, data } = kept.safeParse(value);
  if (!success || data.registry !== registry) return undefined;
  const age = now - Date.parse(data.since);
  if (age > MAX_AGE_MS || age < -MAX_AHEAD_MS) return undefined;
  const { provider, ...abilities } = data.capabilities;
  const present = Object.fromEntries(Object.entries(abilities).filter(([, ability]) => ability !== undefined));
  return { ...present, ...(provider !== undefined && { provider: provider as ProviderName }), knownSince: data.since };
}

function isSame(lasting: Capabilities, before: Capabilities): boolean {
  const { rateLimit: _, apiRateLimit: __, knownSince: ___, ...known } = before;
  const keys = new Set([...Object.keys(lasting), ...Object.keys(known)]);
  return [...keys].every((key) => Reflect.get(lasting, key) === Reflect.get(known, key));
}
