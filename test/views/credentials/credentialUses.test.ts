import { beforeEach, expect, it } from 'vitest';
import type { CredentialUse } from '../../../src/oci/index.ts';
import { CredentialUses } from '../../../src/views/credentials/credentialUses.ts';
import { Recorder } from '../support/recorder.ts';

const registry = 'r.example';
const ada = { source: '/home/ada/.docker/config.json', username: 'ada' };
const bob = { source: '/home/ada/.docker/config.json', username: 'bob' };
const token = { source: "VS Code's secret storage" };

let log: Recorder;
let uses: CredentialUses;
let changes: string[];
beforeEach(() => {
  log = new Recorder();
  uses = new CredentialUses(log);
  changes = [];
  uses.onDidChange((changed) => changes.push(changed));
});

function take(outcome: CredentialUse['outcome'], credential: CredentialUse['credential'], at = registry): void {
  uses.take({ registry: at, outcome, credential });
}

it('the log has each credential that is used, once, by source and user name', () => {
  for (const credential of [ada, ada, token, undefined, ada]) take('found', credential);
  expect(log.lines).toEqual([
    `info credential_in_use {"registry":"r.example","source":"${ada.source}","username":"ada"}`,
    `info credential_in_use {"registry":"r.example","source":"${token.source}"}`,
  ]);
});

it('a refused credential is remembered for its registry, and told once', () => {
  take('passedOver', ada);
  take('passedOver', ada);
  expect(uses.refusedAt(registry)).toEqual(ada);
  expect(uses.refusedAt('s.example')).toBeUndefined();
  expect(changes).toEqual([registry]);
});

it.each([
  ['it is accepted after all', () => take('accepted', ada), undefined],
  ['another one of the registry is accepted', () => take('accepted', token), ada],
  ['its source has another one now', () => take('found', bob), undefined],
  ['it is found again', () => take('found', ada), ada],
  ['another registry has another one', () => take('found', bob, 's.example'), ada],
  ['other credentials are in force', () => uses.reset(), undefined],
])('what is refused when %s', (_, event, refused) => {
  take('passedOver', ada);
  event();
  expect(uses.refusedAt(registry)).toEqual(refused);
});
