import { expect, it } from 'vitest';
import { removesTags } from '../../../src/oci/registries/tagDeletion.ts';

it('is what the answers have shown, where the spec is the only way', () => {
  for (const kind of [undefined, 'distribution', 'gar', 'zot'] as const) {
    expect(removesTags(kind, {})).toBeUndefined();
    expect(removesTags(kind, { tagDeletion: true })).toBe(true);
    expect(removesTags(kind, { tagDeletion: false })).toBe(false);
  }
});

it('is there where an API of its own does it, whatever the spec is answered with', () => {
  for (const kind of ['harbor', 'ecr', 'ecr-public', 'acr', 'docker-hub'] as const) {
    expect(removesTags(kind, { tagDeletion: false })).toBe(true);
  }
});

it('is not there where no request takes a tag alone', () => {
  for (const kind of ['ghcr', 'nexus'] as const) expect(removesTags(kind, {})).toBe(false);
});
