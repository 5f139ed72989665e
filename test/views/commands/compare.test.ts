import { expect, it } from 'vitest';
import { parseRepositoryName, parseTag } from '../../../src/oci/index.ts';
import { shortName, toldApart } from '../../../src/views/commands/compare.ts';
import { registryPlace } from '../support/places.ts';

function side(registry: string, tag: string) {
  const address = { place: registryPlace(registry), repository: parseRepositoryName('floe/sales'), tag: parseTag(tag) };
  return { address, name: shortName(address) };
}

it('two versions of one artifact are called by their tags', () => {
  const names = toldApart(side('a.example', '1.0.0'), side('a.example', '1.1.0')).map(({ name }) => name);
  expect(names).toEqual(['sales:1.0.0', 'sales:1.1.0']);
});

it('one tag in two registries is called by where it is', () => {
  const names = toldApart(side('a.example', '1.0.0'), side('b.example', '1.0.0')).map(({ name }) => name);
  expect(names).toEqual(['sales:1.0.0 (a.example/floe/sales)', 'sales:1.0.0 (b.example/floe/sales)']);
});
