import { describe, expect, it } from 'vitest';
import { packCompiledArtifacts } from '../../src/floe/artifact.ts';
import { type Compared, diffArtifacts } from '../../src/floe/diffArtifacts.ts';
import { COMPILED_ARTIFACTS_TYPE } from '../../src/floe/mediaTypes.ts';
import { MemoryStore, packArtifact, parseTag, sourceOf } from '../../src/oci/index.ts';
import { blob } from '../support/artifacts.ts';
import { failure } from '../support/failure.ts';
import { changed, documentOf, minimalDocument } from './documents.ts';

const [left, right] = [parseTag('v1.0.0'), parseTag('v1.1.0')];
const mode = ['observability', 'telemetry', 'resource_attributes', 'floe_mode'];

async function compiled(store: MemoryStore, tag: typeof left, document: object, annotations = {}): Promise<Compared> {
  await packCompiledArtifacts(store, documentOf(document).bytes, { tags: [tag], annotations });
  return { store, reference: tag };
}

/** One layer that says it is a floe document. */
async function claimed(store: MemoryStore, tag: typeof left, text: string): Promise<Compared> {
  const layer = blob(text, { mediaType: COMPILED_ARTIFACTS_TYPE, title: 'compiled_artifacts.json' });
  await packArtifact(
    store,
    { artifactType: COMPILED_ARTIFACTS_TYPE, layers: [{ ...layer.descriptor, open: sourceOf(layer.bytes) }] },
    { tags: [tag] },
  );
  return { store, reference: tag };
}

describe('two artifacts of floe', () => {
  it('are the same when their manifests are', async () => {
    const [mine, yours] = [new MemoryStore(), new MemoryStore()];
    const one = await compiled(mine, left, minimalDocument());
    const other = await compiled(yours, right, minimalDocument());
    expect(await diffArtifacts(one, other)).toMatchObject({ isSame: true, document: [] });
  });

  it('differ where their documents do', async () => {
    const store = new MemoryStore();
    const one = await compiled(store, left, minimalDocument());
    const other = await compiled(store, right, changed(minimalDocument(), mode, 'prod'));
    const differences = await diffArtifacts(one, other);
    expect(differences).toMatchObject({
      isSame: false,
      document: [{ path: mode.join('.'), left: 'dev', right: 'prod' }],
    });
    expect(differences.left).not.toBe(differences.right);
  });

  it('may have one document under two manifests', async () => {
    const store = new MemoryStore();
    const one = await compiled(store, left, minimalDocument());
    const other = await compiled(store, right, minimalDocument(), { a: 'b' });
    expect(await diffArtifacts(one, other)).toMatchObject({ isSame: false, document: [] });
  });

  it('differ as a whole where one is not JSON, or has no document', async () => {
    const store = new MemoryStore();
    const one = await compiled(store, left, minimalDocument());
    const broken = await claimed(store, right, '{');
    expect(await diffArtifacts(one, broken)).toMatchObject({ isSame: false, document: null });
    expect(await diffArtifacts(broken, broken)).toMatchObject({ isSame: true, document: null });
    await packArtifact(store, { artifactType: 'text/x', layers: [] }, { tags: [right] });
    expect(await diffArtifacts(one, { store, reference: right })).toMatchObject({ isSame: false, document: null });
  });

  it('have to be there, both', async () => {
    const store = new MemoryStore();
    const one = await compiled(store, left, minimalDocument());
    const none = { store, reference: right };
    await expect(diffArtifacts(one, none)).rejects.toEqual(failure('NOT_FOUND'));
    await expect(diffArtifacts(none, one)).rejects.toEqual(failure('NOT_FOUND'));
  });
});
