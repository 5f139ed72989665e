import { FAULTS } from '../namedFaults.ts';
import { PROFILES, type ProfileName } from '../profiles.ts';
import { slugOf } from './arguments.ts';

/** What `--list` prints: each profile and fault, with the facts that it reproduces and where they are written. */
export function listing(): string {
  const profiles = (Object.keys(PROFILES) as readonly ProfileName[]).flatMap((name) => {
    const { options, facts, wantsRepositories } = PROFILES[name];
    const { username, password, scheme } = options.auth;
    return [
      `  ${slugOf(name)}`,
      `    credential: ${username}, ${password} (${scheme})`,
      ...(wantsRepositories === true ? [`    repositories that are there: ${SEEDED.join(', ')}`] : []),
      ...facts.flatMap(([fact, source]) => [`    - ${fact}`, `      ${source}`]),
    ];
  });
  const faults = Object.entries(FAULTS).flatMap(([name, { fact, source, atBest }]) => [
    `  ${name}: ${fact}`,
    `    a client ${atBest === 'survived' ? 'can do its work all the same' : 'has to give up with an error'}; ${source}`,
  ]);
  return ['Profiles', ...profiles, '', 'Faults', ...faults, ''].join('\n');
}

/** Repositories that are there from the start, in a registry where they have to be made. */
export const SEEDED = ['test/one', 'test/two'];
