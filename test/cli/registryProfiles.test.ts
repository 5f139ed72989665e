import { describe, expect, it } from 'vitest';
import { acrApi, garTags, harborApi } from '../support/registry/apis.ts';
import { type Adapter, startRegistry } from '../support/registry/index.ts';
import { PROFILES, type Profile, type ProfileName } from '../support/registry/profiles.ts';
import { makeWorkspace } from './support/workspace.ts';

/** What stands before a registry whose own API is played, and as what it is asked. */
const APIS: Partial<Record<ProfileName, { readonly provider: string; readonly adapter: Adapter }>> = {
  Harbor: { provider: 'harbor', adapter: harborApi(PROFILES.Harbor.options.auth, new Map([['acme', {}]])) },
  ACR: { provider: 'acr', adapter: acrApi() },
  GAR: { provider: 'gar', adapter: garTags },
};

async function start(name: ProfileName, { options, wantsRepositories }: Profile) {
  const api = APIS[name];
  const adapters = [...(api ? [api.adapter] : []), ...(options.adapters ?? [])];
  const server = await startRegistry({ ...options, adapters });
  if (wantsRepositories) server.repository('acme/team/notes');
  const workspace = await makeWorkspace({ 'notes.txt': 'hello' });
  const { username, password } = options.auth;
  const env = { FLOE_REGISTRY_USERNAME: username, FLOE_REGISTRY_PASSWORD: password };
  return {
    server,
    place: `${server.host}/acme/team/notes`,
    run: (...argv: string[]) => workspace.runIn({ env }, ...argv, ...(api ? ['--provider', api.provider] : [])),
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

describe.each(Object.entries(PROFILES) as [ProfileName, Profile][])('on a registry like %s', (name, profile) => {
  it('what is pushed is listed, inspected, pulled, referred to and deleted', async () => {
    await using it = await start(name, profile);
    const { place, run } = it;
    const pushed = await run('push', `${place}:v1.0.0`, 'notes.txt');
    expect([pushed.code, pushed.stderr]).toEqual([0, expect.any(String)]);
    const digest = pushed.stdout.trim();
    expect((await run('tag', `${place}:v1.0.0`, 'also')).code).toBe(0);

    const { tags } = JSON.parse((await run('list', place, '--json')).stdout);
    const named = expect.objectContaining({ digest });
    expect(tags).toEqual([named, named]);
    expect(JSON.parse((await run('inspect', `${place}:v1.0.0`, '--json')).stdout)).toMatchObject({ digest });
    expect((await run('pull', `${place}:v1.0.0`, '-o', 'out')).code).toBe(0);

    const attached = await run(
      'attach',
      `${place}:v1.0.0`,
      'notes.txt',
      '--artifact-type',
      'application/vnd.example.sbom',
    );
    expect(attached.code).toBe(0);
    const { referrers } = JSON.parse((await run('referrers', `${place}:v1.0.0`, '--json')).stdout);
    expect(referrers).toHaveLength(1);

    const untags = profile.deletion.untags || name === 'Harbor' || name === 'ACR';
    expect((await run('delete', `${place}:also`, '--yes')).code).toBe(untags ? 0 : 1);
    expect(it.server.repository('acme/team/notes').tags.has('also')).toBe(!untags);
    expect((await run('delete', `${place}@${digest}`, '--yes')).code).toBe(profile.deletion.deletes ? 0 : 1);
    expect((await run('resolve', `${place}:v1.0.0`, '--refresh')).code).toBe(profile.deletion.deletes ? 3 : 0);
  });
});
