import { describe, expect, it } from 'vitest';
import { deletionContract } from '../../support/deletionContract.ts';
import { referrerContract } from '../../support/referrerContract.ts';
import { PROFILES, type Profile } from '../../support/registry/profiles.ts';
import { storeContract } from '../../support/storeContract.ts';
import { type Connected, connect, gathered } from './support.ts';

async function connectTo({ options, wantsRepositories }: Profile): Promise<Connected> {
  const { username, password } = options.auth;
  const connected = await connect({ ...options, credential: { username, password } });
  if (wantsRepositories) connected.server.repository('team/product');
  return connected;
}

for (const [name, profile] of Object.entries(PROFILES)) {
  const make = async () => {
    const connected = await connectTo(profile);
    return {
      store: connected.repository(),
      abilities: profile.abilities,
      deletion: profile.deletion,
      cleanup: () => connected[Symbol.asyncDispose](),
    };
  };
  storeContract(`a repository in a registry like ${name}`, make);
  referrerContract(`a repository in a registry like ${name}`, make);
  deletionContract(`a repository in a registry like ${name}`, make);
}

describe.each(Object.entries(PROFILES))('a registry like %s', (_, profile) => {
  it('cites what it reproduces', () => {
    for (const [fact, source] of profile.facts)
      expect([fact, URL.canParse(source.split(', ')[0] ?? '')]).toEqual([fact, true]);
  });

  it('gives more tags than fit on a page, each once', async () => {
    await using connected = await connectTo(profile);
    const repository = connected.server.repository('team/product');
    const names = Array.from({ length: 250 }, (_unused, i) => `v${i}`);
    const digest = repository.putManifest('{}', 'application/vnd.oci.image.manifest.v1+json');
    for (const tag of names) repository.tags.set(tag, digest);
    expect([...(await gathered(connected.repository().tags()))].sort()).toEqual(names.sort());
  });

  it('lets nobody in with a wrong password, who learns that it is the password', async () => {
    await using connected = await connect({
      ...profile.options,
      credential: { username: profile.options.auth.username, password: 'wrong' },
    });
    connected.server.repository('team/product');
    await expect(gathered(connected.repository().tags())).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});
