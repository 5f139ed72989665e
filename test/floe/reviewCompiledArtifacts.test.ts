import { describe, expect, it } from 'vitest';
import { reviewCompiledArtifacts } from '../../src/floe/reviewCompiledArtifacts.ts';
import { minimalDocument } from './documents.ts';

/** Each finding as `severity path: message «marked text»`. */
function reviewed(document: unknown): readonly string[] {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2);
  return reviewCompiledArtifacts(text).map(({ severity, path, message, start, end }) => {
    return `${severity} ${path}: ${message} «${text.slice(start, end)}»`;
  });
}

describe('the review of a document that is being written', () => {
  it('has nothing to say of one that keeps the contract', () => {
    expect(reviewed(minimalDocument())).toEqual([]);
  });

  it('marks a single value that is wrong', () => {
    expect(reviewed(minimalDocument({ mode: 'solo' }))).toEqual([
      'error mode: must be one of simple, centralized, mesh «"solo"»',
    ]);
  });

  it('marks the name of an object that is wrong, not all of it', () => {
    expect(reviewed(minimalDocument({ mode: { a: [1, 2] } }))).toEqual([
      'error mode: must be one of simple, centralized, mesh «"mode"»',
    ]);
  });

  it('marks the member around what is missing', () => {
    const { metadata, ...rest } = minimalDocument();
    expect(reviewed(rest)).toEqual(['error metadata: is required «{»']);
    expect(reviewed({ ...rest, metadata: { ...(metadata as object), source_hash: undefined } })).toEqual([
      'error metadata.source_hash: is required «"metadata"»',
    ]);
  });

  it('marks the bracket of an entry of a list that lacks something', () => {
    const transforms = { models: [{ name: 'a', compute: 'duckdb' }, { name: 'b' }], default_compute: 'duckdb' };
    expect(reviewed(minimalDocument({ transforms }))).toEqual(['error transforms.models[1].compute: is required «{»']);
  });

  it('warns of unknown members at their names, and of those that are younger than the version', () => {
    expect(
      reviewed(minimalDocument({ version: '0.1.0', plugins: null, build: { a: 1 }, data_contracts: [{}] })),
    ).toEqual([
      'warning build: is not known here «"build"»',
      'warning data_contracts: came with version 0.3.0, later than the document states «"data_contracts"»',
    ]);
  });

  it('finds secrets, and says where and never what', () => {
    const found = reviewCompiledArtifacts(JSON.stringify(minimalDocument({ dbt_profiles: { password: 'hunter2!' } })));
    expect(found).toMatchObject([{ severity: 'error', path: 'dbt_profiles.password' }]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('says which versions are supported when the document has a later one, and judges nothing else', () => {
    expect(reviewed({ version: '2.0.0' })).toEqual([
      expect.stringMatching(/^error version: is 2\.0\.0; supported is 0\.1\.0 to 0\.10\.0.* «"2\.0\.0"»$/),
    ]);
  });

  it.each(['', '{', '{"a": 1,}', '{"a": tru}'])('leaves to the editor that %j is not JSON', (text) => {
    expect(reviewed(text)).toEqual([]);
  });

  it('says that it is no object', () => {
    expect(reviewed('[1]')).toEqual(['error : is not a JSON object «[»']);
  });

  it('does not follow a thousand levels', () => {
    expect(reviewed(`{"a": ${'['.repeat(1000)}${']'.repeat(1000)}}`)).toEqual([
      'error : nests deeper than 128 levels «[»',
    ]);
  });

  it('does not look through more than 16 MiB', () => {
    expect(reviewCompiledArtifacts(' '.repeat(16 * 1024 * 1024 + 1))).toMatchObject([
      { path: '', message: 'is larger than 16 MiB, the most that is accepted' },
    ]);
  });
});
