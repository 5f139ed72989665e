import { describe, expect, it } from 'vitest';
import { readCompared } from '../../../src/floe/diffArtifacts.ts';
import { COMPILED_ARTIFACTS_TYPE } from '../../../src/floe/mediaTypes.ts';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { OciError } from '../../../src/oci/index.ts';
import { changesText, countChanges } from '../../../src/views/commands/changesText.ts';
import { validationText } from '../../../src/views/commands/validate.ts';
import { artifact, blob, emptyConfig, imageManifest, putGraph, tagOf } from '../../support/artifacts.ts';

async function compared(left: object, right: object) {
  const store = new MemoryStore('memory');
  for (const [tag, document] of [
    ['1', left],
    ['2', right],
  ] as const) {
    const layer = blob(JSON.stringify(document), {
      mediaType: COMPILED_ARTIFACTS_TYPE,
      title: 'compiled_artifacts.json',
    });
    const root = imageManifest([layer], { artifactType: COMPILED_ARTIFACTS_TYPE });
    await putGraph(store, { root, contents: [emptyConfig, layer, root] }, tag);
  }
  return await readCompared({ store, reference: tagOf('1') }, { store, reference: tagOf('2') });
}

describe('the summary of a comparison', () => {
  it('has a chapter for models, plugins and governance', async () => {
    const artifacts = await compared(
      {
        plugins: { compute: { type: 'duckdb', version: '0.9.0' } },
        transforms: { models: [{ name: 'a' }, { name: 'b', compute: 'x' }] },
      },
      {
        plugins: { compute: { type: 'duckdb', version: '1.0.0' } },
        transforms: { models: [{ name: 'b', compute: 'y' }, { name: 'c' }] },
      },
    );
    const text = changesText('app:1', 'app:2', artifacts);
    expect(text).toContain('- added `c`\n- removed `a`\n- changed `b`\n  - `compute`: `"x"` → `"y"`');
    expect(text).toContain('- changed `compute`: `duckdb 0.9.0` → `duckdb 1.0.0`');
    expect(text).toContain('## Governance\n\nNo difference.');
    expect(countChanges(artifacts.documents ?? [{}, {}])).toBe('3 models, 1 plugin');
  });

  it('says how much more there is where a chapter would be no summary', async () => {
    const values = (start: number) =>
      Object.fromEntries(Array.from({ length: 1_200 }, (_, at) => [`k${at}`, start + at]));
    const text = changesText('app:1', 'app:2', await compared({ notes: values(0) }, { notes: values(1) }));
    expect(text).toContain('200 more lines: compare the layers as text.');
    expect(text.split('\n').length).toBeLessThan(1_050);
  });

  it('never lets a value of a document be markup', async () => {
    const artifacts = await compared({ note: 'a' }, { note: '`[x](command:evil)`\n# Title' });
    const text = changesText('app:1', 'app:2', artifacts);
    expect(text).not.toContain('\n# Title');
    expect(text).not.toContain('](command:');
    expect(
      text
        .split('\n')
        .find((line) => line.includes('note'))
        ?.match(/`/g),
    ).toHaveLength(6);
  });
});

it.each(['added', 'removed'])(
  'an image in the version of a plugin that was %s is not loaded by a preview',
  async (change) => {
    const documents = [
      {},
      { plugins: { compute: { type: '<img src="https://evil.example">', version: '1' } } },
    ] as const;
    const artifacts = await compared(documents[change === 'added' ? 0 : 1], documents[change === 'added' ? 1 : 0]);
    expect(changesText('app:1', 'app:2', artifacts)).toContain(
      `- ${change} \`compute\`: \`<img src="https://evil.example"> 1\``,
    );
  },
);

it('the report of a validation names each problem, and where it is', () => {
  const [, layer] = artifact(1).contents;
  const { descriptor } = artifact(1).root;
  if (layer === undefined) throw new Error('No layer');
  const error = new OciError('NOT_FOUND', 'x', { kind: 'blob', what: 'r.example/app@sha256:…' });
  const text = validationText('r.example/app:1', {
    checked: [{ descriptor }, { descriptor: layer.descriptor }],
    problems: [{ descriptor: layer.descriptor, path: [descriptor.digest], error }],
  });
  expect(text).toContain('1 of 2 blobs and manifests are what their descriptors say');
  expect(text).toContain(`- ${layer.descriptor.digest}\n`);
  expect(text).toContain('NOT_FOUND: `There is no blob');
  expect(text).toContain(`Named by ${descriptor.digest}`);
});
