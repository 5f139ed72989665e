import { beforeEach, expect, it } from 'vitest';
import { AddressBook } from '../../src/views/addressBook.ts';
import type { Place } from '../../src/views/places.ts';
import { answers, asked } from '../support/vscode.ts';
import { localPlace, registryPlace } from './support/places.ts';

const local = localPlace();
const connected = registryPlace('known.example');
let connects: (string | undefined)[];

beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
  connects = [];
});

function book(): AddressBook {
  const registries = { all: () => [connected], find: (id: string) => (id === connected.id ? connected : undefined) };
  return new AddressBook(registries, local, async (registry): Promise<Place | undefined> => {
    connects.push(registry);
    return registryPlace(registry ?? 'chosen.example');
  });
}

it('offers what is connected, and the Local store', () => {
  expect(book().places()).toEqual([connected, local]);
});

it('asks nothing about a registry that is connected', async () => {
  expect(await book().placeOfRegistry('known.example')).toBe(connected);
  expect(asked).toEqual([]);
});

it('connects no registry on its own', async () => {
  expect(await book().placeOfRegistry('new.example')).toBeUndefined();
  expect(asked).toEqual(['new.example is not connected. Connect to it to show what is there?']);
  expect(connects).toEqual([]);
});

it('connects a registry when the user says so', async () => {
  answers.push('Connect');
  expect((await book().placeOfRegistry('new.example'))?.id).toBe('new.example');
  expect(connects).toEqual(['new.example']);
});

it('asks once for several documents of one registry', async () => {
  answers.push('Connect');
  const { placeOfDocument } = bound(book());
  const place = { kind: 'registry', registry: 'new.example' } as const;
  const places = await Promise.all([placeOfDocument(place), placeOfDocument(place), placeOfDocument(place)]);
  expect(new Set(places).size).toBe(1);
  expect(asked).toHaveLength(1);
});

it('fails a document whose registry the user does not connect', async () => {
  const { placeOfDocument } = bound(book());
  await expect(placeOfDocument({ kind: 'registry', registry: 'new.example' })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  expect(connects).toEqual([]);
});

function bound(addresses: AddressBook) {
  return { placeOfDocument: addresses.placeOfDocument.bind(addresses) };
}

it('takes a layout as a place without asking, wherever its reference comes from', async () => {
  const typed = await book().placeOfReference({ kind: 'layout', path: '/backup/product' });
  expect(typed).toMatchObject({ kind: 'layout', id: 'layout:/backup/product', pinned: ['product'] });
  expect((await book().placeOfDocument({ kind: 'layout', path: '/backup/product' })).id).toBe(typed?.id);
  expect(asked).toEqual([]);
});
