import { expect, it } from 'vitest';
import { makeFolder, removeFolder } from './fileTree.ts';
import { SecretSearch } from './secretSearch.ts';

const SECRET = 'pässword/with+"signs';
const search = new SecretSearch();
search.add('password', SECRET);

it.each([
  ['as it is', `x ${SECRET} y`],
  ['in base64', Buffer.from(`me:${SECRET}`).toString('base64')],
  ['in base64 behind one more', Buffer.from(`you:${SECRET} and more`).toString('base64')],
  ['in base64 behind two more', Buffer.from(`them2:${SECRET}`).toString('base64url')],
  ['in an address', `https://r.example/?${new URLSearchParams({ a: SECRET })}`],
  ['in user information', `https://me:${encodeURIComponent(SECRET)}@r.example`],
  ['in JSON', JSON.stringify({ a: SECRET })],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
])('a secret is found %s', (_, text) => {
  expect(search.leaksIn(text, 'a text')).toEqual(['password in a text']);
});

it('a secret is found in files and in their names, and nothing where there is none', async () => {
  const name = Buffer.from(SECRET).toString('base64url');
  const folder = await makeFolder({ 'a/b': `x${SECRET}`, [`a/${name}`]: '', c: 'nothing', d: SECRET });
  try {
    const leaks = await search.leaksBelow(folder, (path) => !path.endsWith('d'));
    expect(leaks.toSorted()).toEqual([`password in ${folder}/a/b`, `password in the name of ${folder}/a/${name}`]);
    expect(search.leaksIn('nothing', 'a text')).toEqual([]);
  } finally {
    await removeFolder(folder);
  }
});
