import { silentTelemetry } from '../../../src/oci/index.ts';
import { AddressBook } from '../../../src/views/addressBook.ts';
import { FloeClients } from '../../../src/views/floeClients.ts';
import type { Place } from '../../../src/views/places.ts';
import { localPlace, registryPlace } from './places.ts';
import { Recorder } from './recorder.ts';

/** What works on artifacts without anybody being asked: one connected registry, `r.example`, in memory. */
export function artifactParts() {
  const place = registryPlace('r.example');
  const local = localPlace();
  const connects: (string | undefined)[] = [];
  const book = new AddressBook(
    { all: () => [place], find: (id) => (id === place.id ? place : undefined) },
    local,
    async (registry): Promise<Place | undefined> => {
      connects.push(registry);
      return undefined;
    },
  );
  const settings = { concurrency: 4, tagPatterns: { immutable: [], mutable: ['latest'] } };
  const manifests = { find: () => undefined };
  const clients = new FloeClients({ manifests, settings, hooks: {}, environment: {} });
  const errors: unknown[] = [];
  const logError = (_action: string, error: unknown): void => void errors.push(error);
  const log = new Recorder();
  const observability = { telemetry: silentTelemetry, logger: log };
  /** The operations that were seen to end well, such as `push`. */
  const done = (): readonly string[] => log.lines.flatMap((line) => /(\w+)_completed/.exec(line)?.[1] ?? []);
  return { place, connects, errors, done, parts: { book, settings, clients, logError, observability } };
}
