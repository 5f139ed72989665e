import { describe, expect, it } from 'vitest';
import type { FloeOciExports } from '../../../floe-oci.d.ts';
import { Contributions } from '../../../src/views/api/contributions.ts';
import { type ApiCalls, createExports } from '../../../src/views/api/exports.ts';

function exported(): { readonly exports: FloeOciExports; readonly loads: () => number } {
  let loads = 0;
  const calls: ApiCalls = {
    push: async (_files, reference) => ({ reference, digest: 'd', outcome: 'pushed' }),
    pull: async (reference) => ({ reference, digest: 'd', files: [], problems: [] }),
    inspect: async () => Promise.reject(new Error('not here')),
    list: async () => ({ tags: [], errors: [] }),
  };
  const load = async (): Promise<ApiCalls> => {
    loads += 1;
    return calls;
  };
  return { exports: createExports(new Contributions(), load), loads: () => loads };
}

describe('what activate returns', () => {
  it('has version 1, and loads nothing until that is called', async () => {
    const { exports, loads } = exported();
    const api = exports.getApi(1);
    const registration = api.registerCredentialSource({ label: 'vault', credentialFor: () => undefined });
    registration.dispose();
    expect(api.version).toBe(1);
    expect(loads()).toBe(0);
    expect(await api.list('oci://r.example/a')).toEqual({ tags: [], errors: [] });
    expect(loads()).toBe(1);
  });

  it.each([0, 2, '1', undefined])('has no version %s, and says which it has', (version) => {
    const { exports } = exported();
    expect(() => exports.getApi(version as 1)).toThrow(`has version 1 of its API, and not version ${version}`);
  });

  it('cannot be changed by one extension for the others', () => {
    const api = exported().exports.getApi(1);
    expect(() => Object.assign(api, { pull: undefined })).toThrow(TypeError);
  });
});
