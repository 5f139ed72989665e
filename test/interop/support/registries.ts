import type { Peer } from '../../../scripts/peers/releases.ts';
import { startDockerRegistry } from '../../support/dockerRegistry.ts';
import { startRegistry } from '../../support/registry/index.ts';
import type { DeletionAbilities, StoreAbilities } from '../../support/storeAbilities.ts';
import { startZot } from '../../support/zotRegistry.ts';

/** A registry that clients meet at. */
export interface MeetingPlace {
  /** As tables name it. */
  readonly name: string;
  /** What it takes, by its own declaration. */
  readonly abilities: StoreAbilities;
  readonly deletion: DeletionAbilities;
  start(): Promise<{ readonly host: string } & AsyncDisposable>;
}

/** Programs of which each is a registry. */
export const registryPeers = ['docker-registry', 'distribution', 'zot'] as const satisfies readonly Peer[];

type Start = MeetingPlace['start'];

/** The registries of others that this machine has. */
export function registriesOf(programs: Readonly<Record<string, string>>): readonly MeetingPlace[] {
  const made: Readonly<Record<(typeof registryPeers)[number], (program: string) => MeetingPlace>> = {
    'docker-registry': (program) => ({
      name: 'docker-registry 2.8',
      // It names content by sha256 alone, knows a repository by its tags, and takes no tag away without its manifest.
      abilities: { sha512: false, enforcesClosure: true, listsNoTags: false, mindsExpectedTags: false },
      deletion: { untags: false, deletes: true },
      start: startDocker(program),
    }),
    distribution: (program) => ({
      name: 'distribution 3',
      abilities: { sha512: true, enforcesClosure: true, listsNoTags: false, mindsExpectedTags: false },
      deletion: { untags: true, deletes: true },
      start: startDocker(program),
    }),
    zot: (program) => ({
      name: 'zot',
      abilities: { sha512: true, enforcesClosure: false, mindsExpectedTags: false },
      deletion: { untags: true, deletes: true },
      start: () => startZot(program),
    }),
  };
  return registryPeers.flatMap((peer) => {
    const program = programs[peer];
    return program === undefined ? [] : [made[peer](program)];
  });
}

/** The registry that this project's own tests run on, with all that the specification has. */
export const testRegistry: MeetingPlace = {
  name: 'our test registry',
  abilities: { sha512: true, enforcesClosure: true },
  deletion: { untags: true, deletes: true },
  start: () => startRegistry(),
};

function startDocker(program: string): Start {
  return () => startDockerRegistry({ program });
}
