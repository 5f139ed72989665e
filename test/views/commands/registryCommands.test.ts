import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseRepositoryName, parseTag } from '../../../src/oci/index.ts';
import type { AddressBook } from '../../../src/views/addressBook.ts';
import { openInBrowser } from '../../../src/views/commands/openInBrowser.ts';
import { type KindParts, setRegistryKind } from '../../../src/views/commands/setRegistryKind.ts';
import type { Presenter } from '../../../src/views/present.ts';
import { putArtifact } from '../../oci/registries/support.ts';
import { answers, asked, executed } from '../../support/vscode.ts';
import { startHarbor, type TestHarbor } from '../support/harbor.ts';
import { MemoryPlace } from '../support/places.ts';

const presenter = { attempt: <T>(_: string, step: () => Promise<T>) => step() } as unknown as Presenter;
const book = {} as AddressBook;
const repository = parseRepositoryName('acme/team/app');

let harbor: TestHarbor;
let place: MemoryPlace;
beforeEach(async () => {
  harbor = await startHarbor('harbor');
  place = new MemoryPlace({ id: harbor.server.host, hosting: harbor.hosting });
  for (const list of [answers, asked, executed]) list.length = 0;
});
afterEach(() => harbor.close());

it('the page of an artifact is opened with the address exactly as the registry has it', async () => {
  putArtifact(harbor.server, repository, ['v1']);
  await openInBrowser({ book, presenter }, { place, repository, tag: parseTag('v1') });
  expect(executed).toEqual([
    `vscode.open ${harbor.server.url}/harbor/projects/1/repositories/team%2Fapp/artifacts-tab/artifacts/v1`,
  ]);
});

it('where there is no page, that is said and nothing is opened', async () => {
  await openInBrowser({ book, presenter }, { place: new MemoryPlace(), repository });
  expect(executed).toEqual([]);
  expect(asked).toEqual(['No web page is known for r.example/acme/team/app.']);
});

it('what a registry is can be said, and can be found out anew', async () => {
  const done: string[] = [];
  const parts = {
    registries: { setKind: async (registry: string, kind?: string) => void done.push(`${registry} ${kind}`) },
    capabilities: { forget: (registry: string) => void done.push(`forget ${registry}`) },
    trees: { refreshPlace: () => void done.push('refreshed') },
  } as unknown as KindParts;
  answers.push('Quay', 'Find Out', undefined);
  for (let times = 0; times < 3; times += 1) await setRegistryKind(parts, place);
  const { host } = harbor.server;
  expect(done).toEqual([`${host} quay`, 'refreshed', `forget ${host}`, `${host} undefined`, 'refreshed']);
});
