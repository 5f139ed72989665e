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
/**
 * Ten minutes: what stood before the registry for a moment may have hidden its API for referrers, and with it signatures
 * that nothing else tells of. To ask again is one request.
 */
const MAX_ABSENCE_MS = 10 * 60 * 1000;
/** A clock that was put back. */
const MAX_AHEAD_MS = 60 * 60 * 1000;

const flag = z.optional(z.boolean());
const count = z.optional(z.int().check(z.positive()));
const schema = z.object({
  version: z.literal(VERSION),
  registry: z.string(),
  since: z.iso.datetime(),
  withoutReferrersApiSince: z.optional(z.iso.datetime()),
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

/** What is known of one registry. Times in milliseconds since 1970. */
interface Known {
  readonly since: number;
  /** Since when it is taken to have no API for referrers. */
  readonly absentSince: number | undefined;
  readonly capabilities: Capabilities;
}

/**
 * Remembers what registries can do from one run to the next, for a week, and that one has no API for referrers for ten
 * minutes; so, too, in a run that lasts longer. What a limit leaves is of the moment, and kept for as long as the process
 * runs. Nothing in it is secret, and nothing of it is believed that a registry's answers contradict. A value that is damaged,
 * of another version or about another registry is as none.
 * @param now milliseconds since 1970
 */
export function lastingMemory(store: CapabilityStore, now: () => number = Date.now): CapabilityMemory {
  const all = new Map<string, Known | undefined>();
  /** Asked with every request: what is not known either is looked for once. */
  const known = (registry: string): Known | undefined => {
    const found = all.has(registry) ? all.get(registry) : readKnown(store.read(registry), registry);
    const current = found && currentOf(found, now());
    all.set(registry, current);
    return current;
  };
  return {
    load: (registry) => known(registry)?.capabilities,
    save(registry, capabilities) {
      const before = known(registry);
      const lasting = lastingOf(capabilities);
      const since = (Object.keys(lasting).length > 0 && before?.since) || now();
      const absentSince = lasting.referrersApi === false ? (before?.absentSince ?? now()) : undefined;
      all.set(registry, { since, absentSince, capabilities: { ...capabilities, knownSince: isoOf(since) } });
      if (isSame(lasting, lastingOf(before?.capabilities ?? {}))) return;
      store.write(registry, {
        version: VERSION,
        registry,
        since: isoOf(since),
        ...(absentSince !== undefined && { withoutReferrersApiSince: isoOf(absentSince) }),
        capabilities: lasting,
      });
    },
  };
}

function readKnown(value: unknown, registry: string): Known | undefined {
  const { success, data } = schema.safeParse(value);
  if (!success || data.registry !== registry) return undefined;
  const { provider, ...abilities } = data.capabilities;
  const present = Object.fromEntries(Object.entries(abilities).filter(([, ability]) => ability !== undefined));
  const kind = provider !== undefined && { provider: provider as ProviderName };
  const since = Date.parse(data.since);
  return {
    since,
    absentSince:
      present['referrersApi'] === false ? Date.parse(data.withoutReferrersApiSince ?? data.since) : undefined,
    capabilities: { ...present, ...kind, knownSince: data.since },
  };
}

/** What of it still counts. */
function currentOf(known: Known, now: number): Known | undefined {
  const { since, absentSince, capabilities } = known;
  if (isOver(since, MAX_AGE_MS, now)) return undefined;
  if (absentSince === undefined || !isOver(absentSince, MAX_ABSENCE_MS, now)) return known;
  const { referrersApi: _, ...rest } = capabilities;
  return { since, absentSince: undefined, capabilities: rest };
}

function isOver(since: number, lasts: number, now: number): boolean {
  const age = now - since;
  return age > lasts || age < -MAX_AHEAD_MS;
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}

function lastingOf({ rateLimit: _, apiRateLimit: __, knownSince: ___, ...lasting }: Capabilities): Capabilities {
  return lasting;
}

function isSame(lasting: Capabilities, before: Capabilities): boolean {
  const keys = new Set([...Object.keys(lasting), ...Object.keys(before)]);
  return [...keys].every((key) => Reflect.get(lasting, key) === Reflect.get(before, key));
}
