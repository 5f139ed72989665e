import type { ConnectedRegistries } from '../connectedRegistries.ts';
import type { Address } from '../places.ts';
import type { Trees } from '../trees.ts';

/** What showing where content has gone works with. */
export interface ShowParts {
  readonly registries: ConnectedRegistries;
  readonly trees: Trees;
}

/** Shows what is new in its tree. A repository that its registry does not list is pinned, or it would be nowhere. */
export async function showDestination({ registries, trees }: ShowParts, destination: Address): Promise<void> {
  const { place, repository } = destination;
  if (await trees.reveal(place, destination)) return;
  if (place.kind === 'registry') await trees.reveal(await registries.add(place.id, repository), destination);
}
