import fc from 'fast-check';
import semverCompare from 'semver/functions/compare.js';
import { describe, expect, it } from 'vitest';
import { orderTags } from '../../src/floe/orderTags.ts';
import { tagOf } from '../support/artifacts.ts';

const order = (tags: readonly string[], by: 'name' | 'version') => orderTags(tags.map(tagOf), by);

describe('tags by version', () => {
  it('are in the order of their numbers, the highest first', () => {
    expect(order(['1.9.0', 'v1.10.0', '1.2.0'], 'version')).toEqual(['v1.10.0', '1.9.0', '1.2.0']);
  });

  it('have a release before its candidates', () => {
    expect(order(['2.0.0-rc.2', '2.0.0', '2.0.0-rc.10'], 'version')).toEqual(['2.0.0', '2.0.0-rc.10', '2.0.0-rc.2']);
  });

  it('are followed by what is no version, by name', () => {
    expect(order(['main', '1.0.0', 'latest', '1.0'], 'version')).toEqual(['1.0.0', '1.0', 'latest', 'main']);
  });

  it('do not depend on the order they came in', () => {
    const tags = ['1.0.0', 'v1.0.0', 'b', 'a', '2.0.0'];
    expect(order(tags.toReversed(), 'version')).toEqual(order(tags, 'version'));
  });
});

it('versions are ordered as the specification compares them, whatever they are', () => {
  const number = fc.nat({ max: 12 });
  const part = fc.oneof(number.map(String), fc.constantFrom('rc', 'rc1', 'rc-1', 'a', 'B', '-', '0a'));
  const version = fc
    .tuple(number, number, number, fc.array(part, { maxLength: 3 }))
    .map(
      ([major, minor, patch, parts]) => `${major}.${minor}.${patch}${parts.length === 0 ? '' : `-${parts.join('.')}`}`,
    );
  fc.assert(
    fc.property(fc.array(version, { minLength: 2, maxLength: 20 }), (versions) => {
      const ordered = order(versions, 'version');
      for (const [at, lower] of ordered.slice(1).entries()) {
        expect(semverCompare(ordered[at] ?? '', lower)).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

it('tags by name are by code unit, whatever they look like', () => {
  expect(order(['v1.10.0', 'B', 'a', 'v1.9.0'], 'name')).toEqual(['B', 'a', 'v1.10.0', 'v1.9.0']);
});
