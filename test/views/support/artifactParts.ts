import { AddressBook } from '../../../src/views/addressBook.ts';
import { FloeClients } from '../../../src/views/floeClients.ts';
import type { Place } from '../../../src/views/places.ts';
import { localPlace, registryPlace } from './places.ts';

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
  return { place, connects, errors, parts: { book, settings, clients, logError } };
}
