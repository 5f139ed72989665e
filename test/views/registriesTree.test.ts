import { expect, it } from 'vitest';
import { namedNode } from '../../src/views/tree/namedNode.ts';
import { RegistriesTree } from '../../src/views/tree/registriesTree.ts';
import { RepositoryTree } from '../../src/views/tree/repositoryTree.ts';
import { manifestOf, manifestsIn, openFolders } from './support/manifests.ts';
import { registryPlace } from './support/places.ts';

/** A view with one registry that is connected, in a workspace with this manifest.yaml. */
async function treeIn(manifest: string): Promise<RegistriesTree> {
  openFolders({ shop: manifest });
  const { manifests } = await manifestsIn();
  const connected = new RepositoryTree({
    places: () => [registryPlace('connected.example')],
    placesHaveRows: true,
    pageSize: () => 100,
    changed: () => {},
    logError: () => {},
  });
  return new RegistriesTree(connected, () => [...manifests.waiting, ...manifests.broken].map(namedNode));
}

it('a registry that manifest.yaml names is a row that connects it, below those that are connected', async () => {
  const tree = await treeIn(manifestOf('r.example/team/product', 'type: anonymous', 'tls_verify: false'));
  const rows = await tree.children(undefined);
  const [, named] = rows;
  const [first, second] = rows.map((row) => tree.item(row));
  expect(first?.label).toBe('connected.example');
  expect(second).toMatchObject({
    label: 'r.example',
    description: 'Named by manifest.yaml: Connect…',
    contextValue: 'named',
    command: { command: 'floeOci.connectNamedRegistry', arguments: [named] },
    collapsibleState: 0,
  });
  expect(Object(second?.tooltip).value).toContain('not verified');
  expect(await tree.children(named)).toEqual([]);
});

it('a manifest.yaml that cannot be used is a row that says why and opens it', async () => {
  const tree = await treeIn(manifestOf('r.example/team/product', 'type: basic'));
  const [, broken] = (await tree.children(undefined)).map((row) => tree.item(row));
  expect(broken).toMatchObject({ label: 'manifest.yaml', contextValue: 'brokenManifest' });
  expect(broken?.description).toContain('credentials_ref');
  expect(broken?.command?.command).toBe('vscode.open');
});
