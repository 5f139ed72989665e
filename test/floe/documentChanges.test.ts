import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changesOf } from '../../src/floe/documentChanges.ts';

const text = readFileSync(
  new URL('../../samples/ticket-sales/target/compiled_artifacts.json', import.meta.url),
  'utf8',
);

/** The sample, and a copy of it that the test may change. */
function documents() {
  return [JSON.parse(text), JSON.parse(text)] as const;
}

describe('the changes between two documents', () => {
  it('are none when nothing differs', () => {
    expect(changesOf(...documents())).toEqual({ models: [], plugins: [], governance: [], other: [] });
  });

  it('name models that came, went and are different', () => {
    const [left, right] = documents();
    const [first, second] = right.transforms.models;
    right.transforms.models = [
      { ...second, compute: 'spark' },
      ...right.transforms.models.slice(2),
      { ...first, name: 'fresh' },
    ];
    const { models } = changesOf(left, right);
    expect(models.map(({ name, change }) => `${change} ${name}`)).toEqual([
      'added fresh',
      `removed ${first.name}`,
      `changed ${second.name}`,
    ]);
    expect(models[2]?.differences).toEqual([{ path: 'compute', left: second.compute, right: 'spark' }]);
  });

  it('do not count the order of models', () => {
    const [left, right] = documents();
    right.transforms.models.reverse();
    expect(changesOf(left, right).models).toEqual([]);
  });

  it('say what version a plugin was and is', () => {
    const [left, right] = documents();
    right.plugins.compute.version = '1.0.0';
    delete right.plugins.storage;
    expect(changesOf(left, right).plugins).toMatchObject([
      { name: 'storage', change: 'removed', left: 's3 0.2.0' },
      { name: 'compute', change: 'changed', left: 'duckdb 0.9.0', right: 'duckdb 1.0.0' },
    ]);
  });

  it('have the rules of governance apart from everything else', () => {
    const [left, right] = documents();
    right.governance.data_retention_days = 1;
    right.metadata.product_version = '9.9.9';
    right.transforms.default_compute = 'spark';
    const { governance, other } = changesOf(left, right);
    expect(governance).toEqual([{ path: 'data_retention_days', left: left.governance.data_retention_days, right: 1 }]);
    expect(other.map(({ path }) => path)).toEqual(['metadata.product_version', 'transforms.default_compute']);
  });

  it('are told as far as possible of documents that break the contract', () => {
    const { models, other } = changesOf({ transforms: { models: 'none' } }, [1]);
    expect(models).toEqual([]);
    expect(other.length).toBeGreaterThan(0);
  });
});
