import {
  type Availability,
  causesOf,
  describeFailure,
  examineRegistry,
  type Finding,
  isOciError,
  type RequestSample,
  type Stores,
} from '../../oci/index.ts';
import { latencyOf } from '../activity/latency.ts';
import type { Place } from '../places.ts';
import type { Fact, Section } from './report.ts';

/** What is known of registries, and what asks them. */
export interface RegistryParts {
  readonly stores: (registry: string) => Promise<Pick<Stores, 'registry' | 'probe' | 'capabilities'>>;
  readonly availability: Pick<Availability, 'circuits' | 'pauses'>;
  readonly samples: ReadonlyMap<string, readonly RequestSample[]>;
}

/** Milliseconds after which a registry that says nothing is told of as one that does not. */
const PATIENCE = 15_000;

/**
 * What there is to know of a registry: which credential it gets, whether it answers and how fast, what it can do, and how it
 * has been lately. @throws OciError CANCELLED
 */
export async function registrySection(place: Place, parts: RegistryParts, signal: AbortSignal): Promise<Section> {
  const registry = place.id;
  const facts: Fact[] = [
    ...(place.namedBy === undefined ? [] : [{ name: 'Named by', value: place.namedBy }]),
    await credentialFact(place, signal),
  ];
  const late = AbortSignal.timeout(PATIENCE);
  try {
    const stores = await parts.stores(registry);
    const [repository] = place.pinned;
    const asked = { repository, signal: AbortSignal.any([signal, late]) };
    for await (const finding of examineRegistry(stores, registry, asked)) facts.push(factOf(finding));
  } catch (error) {
    if (signal.aborted) throw error;
    facts.push(
      late.aborted ? { name: 'Registry', value: `no answer in ${PATIENCE} ms` } : failedFact('Registry', error),
    );
  }
  const about = place.label === registry ? registry : `${place.label} (${registry})`;
  return { title: 'Registry', about, facts: [...facts, ...lately(registry, parts)] };
}

async function credentialFact(place: Place, signal: AbortSignal): Promise<Fact> {
  const name = 'Credential';
  try {
    const account = await place.account({ signal });
    if (account === undefined) return { name, value: 'none: asked anonymously' };
    const user = account.username === undefined ? '' : `, user ${account.username}`;
    const refused = place.refused === undefined ? '' : ', refused: what is public is read without';
    return { name, value: `${account.source}${user}${refused}` };
  } catch (error) {
    if (isOciError(error, 'CANCELLED')) throw error;
    return failedFact(name, error);
  }
}

function factOf({ name, text = '', status, error }: Finding): Fact {
  if (error !== undefined) return failedFact(name, error);
  return { name, value: status === 'ok' ? text : `${status}: ${text}` };
}

/** An error with its code and its causes, outermost first. */
export function failedFact(name: string, error: unknown): Fact {
  const { code, message } = describeFailure(error);
  return { name, value: `FAILED ${code}: ${message}`, more: causesOf(error).map((cause) => `caused by ${cause}`) };
}

function lately(registry: string, { availability, samples }: RegistryParts): readonly Fact[] {
  const circuit = availability.circuits.find((each) => each.registry === registry);
  const pause = availability.pauses.find(({ host }) => host === registry);
  const known = samples.get(registry) ?? [];
  const { requests, median, slowest, failed, chart } = latencyOf(known);
  const speed =
    median === undefined ? 'none answered' : `median ${Math.round(median)} ms, slowest ${Math.round(slowest ?? 0)} ms`;
  return [
    ...(circuit === undefined ? [] : [{ name: 'Circuit', value: circuitText(circuit) }]),
    ...(pause === undefined ? [] : [{ name: 'Paused', value: `until ${pause.until}: ${pause.reason}` }]),
    ...(requests === 0
      ? []
      : [{ name: 'Lately', value: `${chart} ${requests} requests, ${speed}, ${Math.round(failed * 100)}% failed` }]),
  ];
}

function circuitText({ state, failures, retryAt }: Availability['circuits'][number]): string {
  const until = retryAt === null ? '' : `, tried again from ${retryAt}`;
  return `${state}, ${failures} failures in a row${until}`;
}
