import { beforeEach, describe, expect, it } from 'vitest';
import { anonymous, type CredentialSource, chain, secretCredentials } from '../../../src/oci/index.ts';
import { SecretReferences } from '../../../src/views/credentials/secretReferences.ts';
import { MemorySecrets } from '../support/secrets.ts';

const reference = { source: 'env', name: 'orders-robot', key: 'password' };
const KEY = 'floeOci.secretReference.v1:env/orders-robot/password';
const login = { kind: 'basic', username: 'robot', password: 'horse' } as const;

let secrets: MemorySecrets;
let asked: string[];
let answer: boolean;
let isTrusted: boolean;
let looked: number;
let references: SecretReferences;
const elsewhere: CredentialSource = {
  async credentialFor() {
    looked += 1;
    return { ...login, password: 'from elsewhere', source: 'env/orders-robot' };
  },
};

function ofWindow(): SecretReferences {
  return new SecretReferences(secrets, {
    isTrusted: () => isTrusted,
    ask: async (name, registry) => {
      asked.push(`${name} ${registry}`);
      return answer;
    },
  });
}

beforeEach(() => {
  secrets = new MemorySecrets();
  [asked, answer, isTrusted, looked] = [[], true, true, 0];
  references = ofWindow();
});

/** What is kept, else what is somewhere else. */
function find(registry: string, source = elsewhere) {
  const backends = { env: references.backendFor(reference) };
  const kept = secretCredentials(reference, { type: 'basic', environment: {}, backends });
  return references.sourceFor(reference, registry, chain(kept, source)).credentialFor(registry);
}

it('a secret goes to the registry that it was typed in for, without a question', async () => {
  await references.store(reference, 'r.example', login);
  expect(await find('r.example')).toMatchObject({ password: 'horse', source: 'env/orders-robot/password' });
  expect(asked).toEqual([]);
  expect([...secrets.entries.keys()]).toEqual([KEY]);
});

it('another registry asks first, once, and all windows know the answer', async () => {
  await references.store(reference, 'r.example', login);
  expect(await find('other.example')).toMatchObject({ password: 'horse' });
  references = ofWindow();
  expect(await find('other.example')).toMatchObject({ password: 'horse' });
  expect(asked).toEqual(['env/orders-robot/password other.example']);
});

it('a quiet look-up asks nobody, and is no refusal', async () => {
  const source = references.sourceFor(reference, 'r.example', elsewhere);
  expect(await source.credentialFor('r.example', { isQuiet: true })).toBeUndefined();
  expect([asked, looked]).toEqual([[], 0]);
  await source.credentialFor('r.example');
  expect(asked).toEqual(['env/orders-robot/password r.example']);
  expect([looked, await source.credentialFor('r.example', { isQuiet: true })]).toEqual([
    1,
    await elsewhere.credentialFor('r.example'),
  ]);
});

it('without the user’s word a secret goes nowhere, and is not even looked up elsewhere', async () => {
  answer = false;
  await references.store(reference, 'r.example', login);
  expect(await find('evil.example')).toBeUndefined();
  expect(looked).toBe(0);
  expect(secrets.entries.get(KEY)).not.toContain('evil.example');
});

it('a workspace that is not trusted gets none, and nobody is asked', async () => {
  await references.store(reference, 'r.example', login);
  isTrusted = false;
  expect(await find('r.example')).toBeUndefined();
  expect(await find('evil.example')).toBeUndefined();
  expect([asked, looked]).toEqual([[], 0]);
});

it('many requests are one question', async () => {
  await Promise.all([1, 2, 3].map(() => find('r.example')));
  expect(asked).toHaveLength(1);
});

it('what is kept elsewhere is used once its use is allowed, and not copied', async () => {
  expect(await find('r.example')).toMatchObject({ password: 'from elsewhere' });
  expect(secrets.entries.get(KEY)).toBe('{"version":1,"hosts":["r.example"]}');
});

it('is for the registry it is named with, and for no other that is asked on the way', async () => {
  await references.store(reference, 'r.example', login);
  const source = references.sourceFor(reference, 'r.example', anonymous);
  expect(await source.credentialFor('storage.r.example')).toBeUndefined();
  expect(asked).toEqual([]);
});

it('another secret under the same name starts with one registry again', async () => {
  await references.store(reference, 'r.example', login);
  await find('other.example');
  await references.store(reference, 'r.example', { ...login, password: 'new' });
  expect(JSON.parse(secrets.entries.get(KEY) ?? '')).toMatchObject({ hosts: ['r.example'] });
});

it('forgetting forgets what was allowed, too', async () => {
  await references.store(reference, 'r.example', login);
  await references.delete(reference);
  await find('r.example');
  expect(asked).toHaveLength(1);
});

describe('what cannot be read', () => {
  it.each(['nonsense', '{"version":2,"hosts":["r.example"]}'])('allows nothing: %s', async (text) => {
    secrets.entries.set(KEY, text);
    answer = false;
    expect(await find('r.example')).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('is a reference with a slash in a part, which could be another one', () => {
    const wrong = { source: 'env', name: 'orders-robot/password' };
    expect(() => references.sourceFor(wrong, 'r.example', anonymous)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
