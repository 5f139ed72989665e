import { beforeEach, describe, expect, it } from 'vitest';
import { type Credential, type CredentialSource, TOKEN_USERNAME } from '../../../src/oci/index.ts';
import { ChosenCredentials } from '../../../src/views/credentials/chosenCredentials.ts';
import { CredentialChain } from '../../../src/views/credentials/credentialChain.ts';
import { SIGN_IN_CHOICES, type SignInChoice } from '../../../src/views/credentials/signInChoice.ts';
import { SOURCE_NAMES, type SourceName } from '../../../src/views/credentials/sourceNames.ts';

const HOST = 'r.example';
const CLOUDS = { 'aws-irsa': 'aws', 'azure-managed-identity': 'azure', 'gcp-workload-identity': 'google' } as const;

const password = (source: string): Credential => ({ kind: 'basic', username: 'me', password: 'x', source });
const token = (source: string): Credential => ({ kind: 'identityToken', token: 'x', source });

/** Which sources were asked. */
let asked: string[];
let order: readonly SourceName[];
beforeEach(() => {
  asked = [];
  order = SOURCE_NAMES;
});

/** The credentials of a window whose settings choose for r.example; with `manifest`, a manifest.yaml is about it too. */
function chosen(
  choice: SignInChoice,
  known: Partial<Record<SourceName, Credential>>,
  { manifest = false, clouds = false } = {},
): CredentialChain {
  const source = (name: SourceName): CredentialSource => ({
    credentialFor: async () => {
      asked.push(name);
      return known[name];
    },
  });
  return new CredentialChain(
    {
      secretStorage: source('secretStorage'),
      manifest: {
        ...source('manifest'),
        isAbout: () => manifest,
        isAnonymous: () => false,
        isAmazon: () => false,
        demand: () => {},
      },
      vscodeAccount: source('vscodeAccount'),
      extensions: source('extensions'),
      docker: source('docker'),
      podman: source('podman'),
      kubernetes: source('kubernetes'),
      cloud: source('cloud'),
    },
    () => order,
    new ChosenCredentials({
      choiceFor: (registry) => (registry === HOST ? choice : undefined),
      cloud: ({ cloud, by }) => {
        asked.push(`${by} of ${cloud}`);
        return { credentialFor: async () => (clouds ? password(cloud) : undefined) };
      },
    }),
  );
}

const everywhere = Object.fromEntries(SOURCE_NAMES.map((name) => [name, password(name)]));
/** What one can sign in with when the registry asks. */
const atHand = ['basic', 'token', 'secretStorage', 'vscodeAccount'] as const;
const ownSources = SOURCE_NAMES.filter((name) => name !== 'manifest');

describe('the sign-in that the settings choose for a registry', () => {
  it.each(ownSources)('asks %s alone, whatever the order of sources says', async (name) => {
    order = ['podman'];
    expect(await chosen(name, everywhere).credentialFor(HOST)).toEqual(password(name));
    expect(asked).toEqual([name]);
  });

  it('asks nobody when it is anonymous', async () => {
    expect(await chosen('anonymous', everywhere).credentialFor(HOST)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('takes the first credential of the kind it names', async () => {
    const known = { secretStorage: token('typed'), docker: password('docker'), podman: token('podman') };
    expect(await chosen('basic', known).credentialFor(HOST)).toMatchObject({ source: 'docker' });
    expect(await chosen('token', known).credentialFor(HOST)).toMatchObject({ source: 'typed' });
    order = ['podman', 'docker'];
    expect(await chosen('token', known).credentialFor(HOST)).toMatchObject({ source: 'podman' });
    const named = { ...password('docker'), username: TOKEN_USERNAME } as Credential;
    expect(await chosen('token', { docker: named }).credentialFor(HOST)).toMatchObject({ source: 'docker' });
  });

  it.each(Object.entries(CLOUDS))('uses the identity of the machine for %s, which is kept', async (choice, cloud) => {
    const source = chosen(choice as SignInChoice, everywhere, { clouds: true });
    for (const _ of [1, 2]) expect(await source.credentialFor(HOST)).toMatchObject({ source: cloud });
    expect(asked).toEqual([`${choice} of ${cloud}`]);
  });

  it.each(atHand)('leaves the registry to ask for %s, and nothing else takes its place', async (choice) => {
    const others = choice === 'basic' || choice === 'token' ? {} : { ...everywhere, [choice]: undefined };
    expect(await chosen(choice, others).credentialFor(HOST)).toBeUndefined();
  });

  it.each(SIGN_IN_CHOICES.filter((choice) => choice !== 'anonymous' && !atHand.some((one) => one === choice)))(
    'is an error when %s knows nothing, and nothing else takes its place',
    async (choice) => {
      const others = { ...everywhere, [choice]: undefined };
      await expect(chosen(choice, others).credentialFor(HOST)).rejects.toMatchObject({
        code: 'MISSING_CREDENTIAL',
        details: { reference: `${choice} (floeOci.registryOptions["r.example"].auth)` },
      });
    },
  );

  it('says nothing about another registry, nor about one that a manifest.yaml is about', async () => {
    expect(await chosen('podman', everywhere).credentialFor('s.example')).toMatchObject({ source: 'secretStorage' });
    const { secretStorage: _, ...rest } = everywhere;
    const named = chosen('podman', rest, { manifest: true });
    expect(await named.credentialFor(HOST)).toMatchObject({ source: 'manifest' });
    order = ['docker'];
    expect(await named.credentialFor(HOST)).toMatchObject({ source: 'podman' });
  });
});

describe("Amazon's API, which takes the identity of the environment alone, is asked", () => {
  it('for a registry whose sign-in is such an identity, or leaves that to the order of sources with it', async () => {
    const able = async (choice: SignInChoice): Promise<boolean> => await chosen(choice, {}).mayUseAmazon(HOST);
    const asked = await Promise.all(SIGN_IN_CHOICES.map(async (choice) => ((await able(choice)) ? [choice] : [])));
    expect(asked.flat()).toEqual(['basic', 'token', 'cloud', 'aws-irsa']);
  });

  it('for no registry by a source that is left out', async () => {
    order = SOURCE_NAMES.filter((name) => name !== 'cloud');
    expect(await chosen('basic', {}).mayUseAmazon(HOST)).toBe(false);
    expect(await chosen('basic', {}).mayUseAmazon('s.example')).toBe(false);
    expect(await chosen('cloud', {}).mayUseAmazon(HOST)).toBe(true);
  });
});
