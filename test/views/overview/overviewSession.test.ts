import { beforeEach, describe, expect, it } from 'vitest';
import { COMPILED_ARTIFACTS_TYPE } from '../../../src/floe/mediaTypes.ts';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import {
  Activity,
  cancelled,
  OciError,
  parseRepositoryName,
  parseTag,
  silentLogger,
  silentTelemetry,
} from '../../../src/oci/index.ts';
import { documentUri } from '../../../src/views/documentUri.ts';
import { layoutGraph } from '../../../src/views/overview/layoutGraph.ts';
import { MAX_NODES } from '../../../src/views/overview/modelGraph.ts';
import type { HostMessage, PartName, Parts } from '../../../src/views/overview/overview.ts';
import { type OverviewParts, OverviewSession } from '../../../src/views/overview/overviewSession.ts';
import type { Target } from '../../../src/views/overview/targets.ts';
import { blob, emptyConfig, type Graph, imageManifest, put, putGraph } from '../../support/artifacts.ts';
import { MemoryPlace } from '../support/places.ts';

const repository = parseRepositoryName('team/product');
const tag = parseTag('1.2.0');

function floe(document: string): Graph {
  const layer = blob(document, { mediaType: COMPILED_ARTIFACTS_TYPE, title: 'compiled_artifacts.json' });
  const root = imageManifest([layer], { artifactType: COMPILED_ARTIFACTS_TYPE });
  return { root, contents: [emptyConfig, layer, root] };
}

const DOCUMENT = JSON.stringify({ transforms: { models: [{ name: 'a' }, { name: 'b', depends_on: ['a'] }] } });
const graph = floe(DOCUMENT);

/** A store of which a part can be made to fail. */
class FailingStore extends MemoryStore {
  failure: OciError | undefined;

  override async *referrers(...options: Parameters<MemoryStore['referrers']>): ReturnType<MemoryStore['referrers']> {
    if (this.failure !== undefined) throw this.failure;
    yield* super.referrers(...options);
  }
}

let place: MemoryPlace;
let store: FailingStore;
let gone: Target[];
beforeEach(async () => {
  place = new MemoryPlace();
  store = new FailingStore('r.example/team/product');
  place.put(repository, store);
  await putGraph(store, graph, tag);
  gone = [];
});

function open(overrides: Partial<OverviewParts> = {}, shown: Graph = graph) {
  const messages: HostMessage[] = [];
  const uri = documentUri({ place, repository, tag, role: 'manifest', descriptor: shown.root.descriptor });
  const parts: OverviewParts = {
    placeFor: async () => place,
    concurrency: () => 4,
    look: () => ({ facts: [] }),
    layout: async (models) => layoutGraph(models),
    go: async (target) => void gone.push(target),
    repair: async (remedy) => remedy === 'retry',
    logError: () => {},
    observer: { telemetry: silentTelemetry, logger: silentLogger },
    ...overrides,
  };
  const session = new OverviewSession(parts, uri, (message) => messages.push(message));
  const states = (name: PartName) =>
    messages.flatMap((message) => ('name' in message && message.name === name ? [message.part.state] : []));
  const last = <Name extends PartName>(name: Name): Parts[Name] | undefined =>
    messages.findLast((message) => 'name' in message && message.name === name && message)?.[
      'part' as keyof HostMessage
    ] as Parts[Name] | undefined;
  return { session, messages, states, last };
}

describe('an overview', () => {
  it('is seen in the Activity view, with what is read of its repository', async () => {
    const activity = new Activity({ describe: () => ({ code: '', message: '', causes: [] }) });
    const { session } = open({ observer: { telemetry: activity, logger: silentLogger } });
    await session.take({ act: 'ready' });
    expect(activity.entries.map(({ operation, state }) => `${operation} ${state}`).sort()).toEqual([
      'inspect success',
      'inspect success',
      'list success',
      'referrers success',
    ]);
  });

  it('says that it is reading, then what the manifest says, and the rest as it comes', async () => {
    const { session, messages, states } = open();
    await session.take({ act: 'ready' });
    expect(messages[0]).toHaveProperty('texts');
    for (const name of ['manifest', 'tags', 'referrers', 'product', 'layout'] as const) {
      expect(states(name).slice(-2)).toEqual(['loading', 'shown']);
    }
  });

  it('of what is no artifact of floe has no product', async () => {
    const root = imageManifest([blob(7)]);
    const other = { root, contents: [emptyConfig, blob(7), root] };
    await putGraph(store, other);
    const { session, states } = open({}, other);
    await session.take({ act: 'ready' });
    expect(states('product')).toEqual(['none']);
    expect(states('layout')).toEqual(['none']);
  });

  it('is told all again when the page comes back, without a request', async () => {
    const { session, messages } = open();
    await session.take({ act: 'ready' });
    const { requests } = place;
    messages.length = 0;
    await session.take({ act: 'ready' });
    expect(messages.slice(1).map((message) => 'name' in message && message.part.state)).toEqual(
      Array.from({ length: 5 }, () => 'shown'),
    );
    expect(place.requests).toBe(requests);
  });

  it('opens and copies what it has offered, and nothing else', async () => {
    const { session, last } = open();
    await session.take({ act: 'ready' });
    await session.take({ act: 'go', target: 99_999 });
    expect(gone).toEqual([]);
    const product = last('product');
    const target = product?.state === 'shown' ? product.value.models.nodes[1]?.opens : undefined;
    await session.take({ act: 'go', target: target ?? -1 });
    expect(gone).toMatchObject([{ kind: 'model', position: 1 }]);
  });

  it('names all tags where there are few, and says where it was promoted to', async () => {
    await put(store, graph.root, 'latest', '1.2.0-prod');
    await put(store, imageManifest([]), 'other');
    const { session, last } = open();
    await session.take({ act: 'ready' });
    expect(last('tags')).toMatchObject({
      value: { tags: ['1.2.0', '1.2.0-prod', 'latest'], promotion: { text: 'Promoted to prod' } },
    });
  });

  it('asks whoever knows promotions in the place of tags and records', async () => {
    const promotions = { read: async () => ({ status: 'pending', environments: [] }) as const };
    const { session, last } = open({ hooks: { promotions } });
    await session.take({ act: 'ready' });
    expect(last('tags')).toMatchObject({ value: { promotion: { text: 'Pending' } } });
  });

  it('has no drawing made of models that are too many for one', async () => {
    const models = Array.from({ length: MAX_NODES + 1 }, (_, at) => ({ name: `m${at}` }));
    const huge = floe(JSON.stringify({ transforms: { models } }));
    await putGraph(store, huge);
    const { session, states, last } = open({ layout: () => Promise.reject(new Error('asked')) }, huge);
    await session.take({ act: 'ready' });
    expect(states('layout')).toEqual(['none']);
    expect(last('product')).toMatchObject({ value: { models: { isDrawn: false, nodes: { length: MAX_NODES + 1 } } } });
  });

  it('asks about many tags only when it is told to', async () => {
    await put(store, graph.root, ...Array.from({ length: 30 }, (_, at) => `tag-${at}`));
    const { session, last } = open();
    await session.take({ act: 'ready' });
    expect(last('tags')).toMatchObject({
      value: { tags: ['1.2.0'], search: 'Look for Other Tags', promotion: { look: 'unknown' } },
    });
    await session.take({ act: 'searchTags' });
    const tags = last('tags');
    expect(tags?.state === 'shown' && tags.value.tags.length).toBe(31);
    expect(tags).not.toHaveProperty('value.search');
  });

  it('shows an error where its part would be, and tries that part again', async () => {
    store.failure = new OciError('DENIED', 'no', { registry: 'r.example', reason: '' });
    const { session, last } = open();
    await session.take({ act: 'ready' });
    expect(last('manifest')).toMatchObject({ state: 'shown' });
    expect(last('referrers')).toMatchObject({
      state: 'failed',
      failure: { actions: [{ remedy: 'retry' }, { remedy: 'credentials' }, { remedy: 'log' }] },
    });
    await session.take({ act: 'repair', part: 'referrers', remedy: 'log' });
    expect(last('referrers')).toMatchObject({ state: 'failed' });
    store.failure = undefined;
    await session.take({ act: 'repair', part: 'referrers', remedy: 'retry' });
    expect(last('referrers')).toMatchObject({ state: 'shown', value: { signature: { look: 'absent' } } });
  });

  it('of a registry that the user does not want to connect says so, and can be tried again', async () => {
    let isWanted = false;
    const { session, last } = open({
      placeFor: async () => {
        if (!isWanted) throw cancelled();
        return place;
      },
    });
    await session.take({ act: 'ready' });
    expect(last('manifest')).toMatchObject({ failure: { sentence: 'Not connected to this registry.' } });
    isWanted = true;
    await session.take({ act: 'repair', part: 'manifest', remedy: 'retry' });
    expect(last('manifest')).toMatchObject({ state: 'shown' });
    expect(last('referrers')).toMatchObject({ state: 'shown' });
  });

  it('of a document that is no JSON shows everything else', async () => {
    const broken = floe('{');
    await putGraph(store, broken, '2.0.0');
    const { session, last } = open({}, broken);
    await session.take({ act: 'ready' });
    expect(last('product')).toMatchObject({ state: 'failed' });
    expect(last('manifest')).toMatchObject({ state: 'shown' });
  });

  it('whose graph is too tangled to be laid out says so', async () => {
    const { session, last } = open({
      layout: async () => {
        throw new Error('too tangled');
      },
    });
    await session.take({ act: 'ready' });
    expect(last('product')).toMatchObject({ state: 'shown' });
    expect(last('layout')).toMatchObject({ failure: { sentence: 'too tangled' } });
  });

  it('that was closed says nothing more', async () => {
    const { session, messages } = open();
    const started = session.take({ act: 'ready' });
    session.dispose();
    const count = messages.length;
    await started;
    expect(messages).toHaveLength(count);
  });
});
