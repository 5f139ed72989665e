import { beforeEach, expect, it } from 'vitest';
import { AccountCredentials } from '../../../src/views/credentials/accountCredentials.ts';
import { accounts } from '../../support/vscode.ts';
import { Recorder } from '../support/recorder.ts';

const session = { accessToken: 'gho_secret', account: { label: 'ada' } };

let log: Recorder;
let credentials: AccountCredentials;
beforeEach(() => {
  accounts.sessions.clear();
  Object.assign(accounts, { agreesTo: undefined, exist: true, asked: [] });
  log = new Recorder();
  credentials = new AccountCredentials({ engine: 'undici', logger: log });
});

it('a session that exists is a credential for ghcr.io, and looking for it asks nobody', async () => {
  accounts.sessions.set('github read:packages', session);
  expect(await credentials.credentialFor('ghcr.io')).toMatchObject({ username: 'ada', password: 'gho_secret' });
  expect(accounts.asked).toEqual(['silent github read:packages write:packages', 'silent github read:packages']);
});

it('a registry of Azure is offered a Microsoft account, and one of a national cloud or of a look-alike is not', async () => {
  expect(credentials.offersFor('acme.azurecr.io')).toMatchObject([
    { provider: 'microsoft', registry: 'acme.azurecr.io' },
  ]);
  for (const other of ['acme.azurecr.cn', 'acme.azurecr.io.evil.example', 'acme.azurecr.io:8443', 'azurecr.io']) {
    expect(credentials.offersFor(other)).toEqual([]);
  }
  expect(await credentials.credentialFor('acme.azurecr.io')).toBeUndefined();
  expect(accounts.asked).toEqual(['silent microsoft https://management.core.windows.net/.default']);
});

it.each(['ghcr.io:443', 'ghcr.io.evil.example', 'evil-ghcr.io', 'docker.io', '127.0.0.1:5000'])(
  'no account is even looked for on behalf of %s',
  async (registry) => {
    accounts.sessions.set('github read:packages', session);
    expect(await credentials.credentialFor(registry)).toBeUndefined();
    expect(credentials.offersFor(registry)).toEqual([]);
    expect(accounts.asked).toEqual([]);
  },
);

it('an editor without such accounts has no credential, and no error', async () => {
  accounts.exist = false;
  expect(await credentials.credentialFor('ghcr.io')).toBeUndefined();
});

it('signing in asks for the rights that were chosen, and gives the credential', async () => {
  accounts.agreesTo = session;
  const [, pull] = credentials.offersFor('ghcr.io');
  if (pull === undefined) throw new Error('no offer');
  expect(await credentials.signIn(pull)).toMatchObject({ username: 'ada' });
  expect(accounts.asked).toEqual(['create github read:packages']);
  expect(log.lines.join()).not.toContain('gho_secret');
});

it('somebody who does not agree is not signed in', async () => {
  const [offer] = credentials.offersFor('ghcr.io');
  if (offer === undefined) throw new Error('no offer');
  expect(await credentials.signIn(offer)).toBeUndefined();
});

it('hears when accounts change, those it knows', () => {
  let heard = 0;
  credentials.onDidChange(() => {
    heard += 1;
  });
  accounts.changed.fire({ provider: { id: 'gitlab' } });
  accounts.changed.fire({ provider: { id: 'microsoft' } });
  accounts.changed.fire({ provider: { id: 'github' } });
  expect(heard).toBe(2);
});
