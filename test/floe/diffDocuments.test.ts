import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffJson } from '../../src/floe/diffDocuments.ts';

describe('comparing documents', () => {
  it.each<[what: string, left: unknown, right: unknown, differences: readonly object[]]>([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: 'a.b', left: 1, right: 2 }]],
    ['a kind of value', { a: [1] }, { a: { 0: 1 } }, [{ path: 'a', left: [1], right: { 0: 1 } }]],
    ['null', { a: null }, { a: {} }, [{ path: 'a', left: null, right: {} }]],
    [
      'members',
      { gone: 1, same: 2 },
      { same: 2, fresh: 3 },
      [
        { path: 'gone', left: 1 },
        { path: 'fresh', right: 3 },
      ],
    ],
    [
      'places of a plain list',
      { a: [1, 2] },
      { a: [1, 3, 4] },
      [
        { path: 'a[1]', left: 2, right: 3 },
        { path: 'a[2]', right: 4 },
      ],
    ],
    [
      'members of a list by name, whatever their order',
      { models: [{ name: 'a', x: 1 }, { name: 'b' }] },
      { models: [{ name: 'b' }, { name: 'c' }, { name: 'a', x: 2 }] },
      [
        { path: 'models.a.x', left: 1, right: 2 },
        { path: 'models.c', right: { name: 'c' } },
      ],
    ],
    [
      'lists where a name comes twice by place',
      [{ name: 'a' }, { name: 'a' }],
      [{ name: 'a' }],
      [{ path: '[1]', left: { name: 'a' } }],
    ],
    [
      'names that are no words',
      { 'a.b': { '': 1 } },
      { 'a.b': { '': 2 } },
      [{ path: '["a.b"][""]', left: 1, right: 2 }],
    ],
    [
      'names of the language',
      { ['__proto__x']: 1 },
      JSON.parse('{"__proto__": {"polluted": 1}}'),
      [
        { path: '__proto__x', left: 1 },
        { path: '__proto__', right: { polluted: 1 } },
      ],
    ],
    ['the whole', 1, 2, [{ path: '', left: 1, right: 2 }]],
  ])('names %s', (_what, left, right, differences) => {
    expect(diffJson(left, right)).toEqual(differences);
  });

  it('finds none in what is the same', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => diffJson(value, structuredClone(value)).length === 0));
  });

  it('finds some in what differs, but for the order of named members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right));
        const differences = diffJson(left, right);
        const sort = (value: unknown): string => JSON.stringify(value).split('').sort().join('');
        if (differences.length === 0) expect(sort(left)).toBe(sort(right));
      }),
    );
  });
});
