import { describe, expect, it } from 'vitest';
import { removalText, removeLabel } from '../../../src/views/commands/deleteContent.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';

const { descriptor } = artifact(1).root;
const signature = { ...artifact(2).root.descriptor, artifactType: 'application/vnd.cncf.notary.signature' };
const tags = (count: number) => Array.from({ length: count }, (_, at) => tagOf(`1.${at}.0`));

describe('before a manifest is deleted', () => {
  it('the button names the act and all that goes', () => {
    expect([0, 1, 3].map((count) => removeLabel(tags(count)))).toEqual([
      'Delete Manifest',
      'Delete Manifest and 1 Tag',
      'Delete Manifest and 3 Tags',
    ]);
  });

  it('the tags that go are named, and what then refers to nothing', () => {
    const text = removalText({ descriptor, tags: tags(2), referrers: [signature] });
    expect(text).toContain(descriptor.digest);
    expect(text).toContain('These tags go with it: 1.0.0, 1.1.0.');
    expect(text).toContain('refers to nothing: 1 signature.');
    expect(text).toContain('cannot be undone');
  });

  it('of very many tags the first are named, and how many more there are', () => {
    const text = removalText({ descriptor, tags: tags(20), referrers: [] });
    expect(text).toContain('1.11.0, 8 more.');
    expect(text).not.toContain('1.12.0');
  });
});
