import { beforeEach, describe, expect, it } from 'vitest';
import type { Cloud, CredentialSource, SecretsBackend } from '../../../src/oci/index.ts';
import { setSecret } from '../../../src/views/commands/setSecret.ts';
import { CredentialChain } from '../../../src/views/credentials/credentialChain.ts';
import { ManifestCredentials } from '../../../src/views/credentials/manifestCredentials.ts';
import { SecretReferences } from '../../../src/views/credentials/secretReferences.ts';
import { SOURCE_NAMES, type SourceName } from '../../../src/views/credentials/sourceNames.ts';
import { answers, asked, folders } from '../../support/vscode.ts';
import { manifestOf, manifestsIn, openFolders } from '../support/manifests.ts';
import { MemorySecrets } from '../support/secrets.ts';

const BASIC = 'type: basic, credentials_ref: { source: env, name: orders-robot }';

let secrets: MemorySecrets;
let allowed: boolean;
let questions: string[];
beforeEach(() => {
  secrets = new MemorySecrets();
  [allowed, questions] = [true, []];
  answers.length = 0;
  asked.length = 0;
});

const sourceOf = (name: string, known: readonly string[] = []): CredentialSource => ({
  credentialFor: async (registry) =>
    known.includes(registry) ? { kind: 'basic', username: name, password: 'x', source: name } : undefined,
});

interface Setup {
  readonly auth?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Sources that know a credential for r.example. */
  readonly known?: readonly SourceName[];
  readonly order?: readonly SourceName[];
  readonly backends?: Readonly<Record<string, SecretsBackend>>;
}

/** A window on a workspace whose manifest.yaml names r.example, which the user has connected. */
async function open({ auth = BASIC, environment = {}, known = [], order = SOURCE_NAMES, backends = {} }: Setup = {}) {
  openFolders({ shop: manifestOf('r.example/team/product', auth) });
  const { manifests } = await manifestsIn({ connected: ['r.example'] });
  const references = new SecretReferences(secrets, {
    isTrusted: () => folders.isTrusted,
    ask: async (name, registry) => {
      questions.push(`${name} ${registry}`);
      return allowed;
    },
  });
  const clouds: string[] = [];
  const cloud = (chosen: { readonly cloud: Cloud; readonly by: string }): CredentialSource => {
    clouds.push(`${chosen.by} ${chosen.cloud}`);
    return sourceOf(chosen.by, ['r.example']);
  };
  const manifest = new ManifestCredentials({ manifests, references, environment, cloud, backends: () => backends });
  const others = (name: SourceName) => sourceOf(name, known.includes(name) ? ['r.example', 's.example'] : []);
  const chain = new CredentialChain(
    {
      secretStorage: others('secretStorage'),
      manifest,
      vscodeAccount: others('vscodeAccount'),
      extensions: others('extensions'),
      docker: others('docker'),
      podman: others('podman'),
      kubernetes: others('kubernetes'),
      cloud: others('cloud'),
    },
    () => order,
    { choiceFor: () => undefined, credentialFor: async () => undefined },
  );
  return { chain, manifests, references, clouds };
}

const ENVIRONMENT = { FLOE_SECRET_ORDERS_ROBOT: 'robot:horse' };

describe('credentials_ref', () => {
  it('leads to the secret of the environment, once its use is allowed', async () => {
    const { chain } = await open({ environment: ENVIRONMENT });
    expect(await chain.credentialFor('r.example')).toMatchObject({ username: 'robot', password: 'horse' });
    expect(await chain.credentialFor('r.example')).toMatchObject({ source: 'env/orders-robot' });
    expect(questions).toEqual(['env/orders-robot r.example']);
  });

  it('is nothing to another registry, and nobody is asked', async () => {
    const { chain } = await open({ environment: ENVIRONMENT });
    expect(await chain.credentialFor('s.example')).toBeUndefined();
    expect(questions).toEqual([]);
  });

  it('is not looked at in a workspace that is not trusted', async () => {
    const { chain } = await open({ environment: ENVIRONMENT });
    folders.isTrusted = false;
    expect(await chain.credentialFor('r.example')).toBeUndefined();
    expect(questions).toEqual([]);
  });

  it('that is not allowed is a missing credential, and nobody is asked again before something new is begun', async () => {
    allowed = false;
    const { chain, references } = await open({ environment: ENVIRONMENT });
    for (const _ of [1, 2]) {
      await expect(chain.credentialFor('r.example')).rejects.toMatchObject({
        code: 'MISSING_CREDENTIAL',
        details: { reference: 'env/orders-robot', registry: 'r.example' },
      });
    }
    expect(questions).toHaveLength(1);
    references.askAgain();
    await expect(chain.credentialFor('r.example')).rejects.toMatchObject({ code: 'MISSING_CREDENTIAL' });
    expect(questions).toHaveLength(2);
  });

  it('that leads nowhere names the variable that would do, and another source may still know a credential', async () => {
    const { chain } = await open();
    await expect(chain.credentialFor('r.example')).rejects.toMatchObject({
      details: { reason: expect.stringContaining('FLOE_SECRET_ORDERS_ROBOT') },
    });
    const other = await open({ known: ['docker'] });
    expect(await other.chain.credentialFor('r.example')).toMatchObject({ username: 'docker' });
  });

  it('of a source that nobody can ask here says where to set it', async () => {
    const { chain } = await open({ auth: 'type: token, credentials_ref: { source: vault, name: ci }' });
    await expect(chain.credentialFor('r.example')).rejects.toMatchObject({
      details: { reference: 'vault/ci', reason: expect.stringContaining('vault is not available here') },
    });
  });

  it('of such a source is looked up by whoever is registered for it, by name and key', async () => {
    const read: unknown[] = [];
    const vault: SecretsBackend = {
      read: async ({ source, name, key }) => {
        read.push([source, name, key]);
        return key === 'username' ? 'robot' : key === 'pull' ? 'horse' : undefined;
      },
    };
    const auth = 'type: basic, credentials_ref: { source: vault, name: ci, key: pull }';
    const { chain } = await open({ auth, backends: { vault } });
    expect(await chain.credentialFor('r.example')).toMatchObject({ username: 'robot', password: 'horse' });
    expect(read).toEqual([
      ['vault', 'ci', 'username'],
      ['vault', 'ci', 'pull'],
    ]);
    expect(questions).toEqual(['vault/ci/pull r.example']);
    const none = await open({ auth, backends: { vault: { read: async () => undefined } } });
    await expect(none.chain.credentialFor('r.example')).rejects.toMatchObject({
      details: { reason: expect.not.stringContaining('not available here') },
    });
  });

  it('comes after what the user typed in, and before all else', async () => {
    const typed = await open({ environment: ENVIRONMENT, known: ['secretStorage', 'docker'] });
    expect(await typed.chain.credentialFor('r.example')).toMatchObject({ username: 'secretStorage' });
    const file = await open({ environment: ENVIRONMENT, known: ['docker', 'cloud'] });
    expect(await file.chain.credentialFor('r.example')).toMatchObject({ username: 'robot' });
  });

  it('is left out where the setting leaves it out', async () => {
    const { chain } = await open({ environment: ENVIRONMENT, order: ['docker'] });
    expect(await chain.credentialFor('r.example')).toBeUndefined();
  });
});

describe('signing in without a secret', () => {
  it('as anonymous leaves alone what comes after it, for its own registry', async () => {
    const { chain } = await open({ auth: 'type: anonymous', known: ['docker'] });
    expect(await chain.credentialFor('r.example')).toBeUndefined();
    expect(await chain.credentialFor('s.example')).toMatchObject({ username: 'docker' });
  });

  it('with a cloud asks once whether its identity may go there, and keeps what it gave', async () => {
    const { chain, clouds } = await open({ auth: 'type: aws-irsa' });
    expect(await chain.credentialFor('r.example')).toMatchObject({ username: 'aws-irsa' });
    expect(await chain.credentialFor('r.example')).toMatchObject({ username: 'aws-irsa' });
    expect(questions).toEqual(['cloud/aws-irsa r.example']);
    expect(clouds).toEqual(['aws-irsa aws']);
  });
});

describe('a secret that is typed in', () => {
  const presenter = { logError: () => {} };

  it('is kept under its name, for the registry it was typed in for', async () => {
    const { chain, manifests, references } = await open();
    answers.push('robot', 'horse');
    expect(await setSecret({ presenter, manifests, references }, 'r.example')).toBe(true);
    expect(await chain.credentialFor('r.example')).toMatchObject({ username: 'robot', password: 'horse' });
    expect(questions).toEqual([]);
    expect([...secrets.entries.keys()]).toEqual(['floeOci.secretReference.v1:env/orders-robot']);
  });

  it('as a token has no user name to ask for', async () => {
    const auth = 'type: token, credentials_ref: { source: vault, name: ci, key: token }';
    const { chain, manifests, references } = await open({ auth });
    answers.push('t0ken');
    await setSecret({ presenter, manifests, references }, 'r.example');
    expect(asked).toEqual(['Token vault/ci/token']);
    expect(await chain.credentialFor('r.example')).toMatchObject({ password: 't0ken' });
  });

  it('lasts for the session where there is no keyring, if the user wants that', async () => {
    const { chain, manifests, references } = await open();
    secrets.broken = true;
    answers.push('robot', 'horse', 'Use for This Session');
    expect(await setSecret({ presenter, manifests, references }, 'r.example')).toBe(true);
    expect(asked.at(-1)).toContain('VS Code cannot store the password');
    expect(await chain.credentialFor('r.example')).toMatchObject({ password: 'horse' });
  });
});

it('what was allowed lasts for the session where there is no keyring', async () => {
  const { chain } = await open({ environment: ENVIRONMENT });
  secrets.broken = true;
  expect(await chain.credentialFor('r.example')).toMatchObject({ password: 'horse' });
  expect(await chain.credentialFor('r.example')).toMatchObject({ password: 'horse' });
  expect(questions).toHaveLength(1);
});

it('what one window allows and stores, the other hears of and uses', async () => {
  const { references: other } = await open();
  const heard: string[] = [];
  other.onDidChange((name) => heard.push(name));
  const { chain } = await open({ environment: ENVIRONMENT });
  await chain.credentialFor('r.example');
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(['env/orders-robot']);
  expect(await other.names()).toEqual(['env/orders-robot']);
});

describe("Amazon's API with the identity that a manifest.yaml asks for", () => {
  const order = SOURCE_NAMES.filter((name) => name !== 'cloud');

  it('is asked once the user has allowed that, for its own registry', async () => {
    const { chain } = await open({ auth: 'type: aws-irsa', order });
    expect(await chain.mayUseAmazon('r.example')).toBe(true);
    expect(questions).toEqual(['cloud/aws-irsa r.example']);
    expect(await chain.mayUseAmazon('s.example')).toBe(false);
  });

  it('is not asked where the user did not allow it, or the file asks for another', async () => {
    allowed = false;
    const refused = await open({ auth: 'type: aws-irsa', order });
    expect(await refused.chain.mayUseAmazon('r.example')).toBe(false);
    allowed = true;
    const azure = await open({ auth: 'type: azure-managed-identity', order });
    expect(await azure.chain.mayUseAmazon('r.example')).toBe(false);
  });

  it('is not asked where manifest.yaml is left out, or asks for nobody before clouds are asked', async () => {
    const left = await open({ auth: 'type: aws-irsa', order: ['docker'] });
    expect(await left.chain.mayUseAmazon('r.example')).toBe(false);
    const nobody = await open({ auth: 'type: anonymous' });
    expect(await nobody.chain.mayUseAmazon('r.example')).toBe(false);
  });
});
