import { beforeEach, describe, expect, it } from 'vitest';
import {
  createStores,
  fixed,
  parseRegistryReference,
  parseTag,
  type RealmChange,
  silentLogger,
} from '../../../src/oci/index.ts';
import { LastingPins } from '../../../src/views/credentials/lastingPins.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { MemoryState } from '../support/state.ts';

let state: MemoryState;
let asked: RealmChange[];
let answer: boolean;
beforeEach(() => {
  state = new MemoryState();
  asked = [];
  answer = true;
});

function pinsOfWindow(): LastingPins {
  return new LastingPins(state, async (change) => {
    asked.push(change);
    return answer;
  });
}

it('last beyond the window, and are no secret', async () => {
  await pinsOfWindow().remember('r.example', 'https://auth.example');
  await pinsOfWindow().remember('s.example', 'https://auth.example');
  expect(await pinsOfWindow().find('r.example')).toBe('https://auth.example');
  expect(await pinsOfWindow().find('constructor')).toBeUndefined();
  expect(JSON.stringify([...state.entries.values()])).toBe(
    '[{"r.example":"https://auth.example","s.example":"https://auth.example"}]',
  );
});

it('are none where what is kept cannot be read', async () => {
  await state.update('floeOci.realms.v1', ['x']);
  expect(await pinsOfWindow().find('0')).toBeUndefined();
});

describe('the question', () => {
  const change = { registry: 'r.example', from: undefined, to: 'https://auth.example' };

  it('is one for many requests', async () => {
    const pins = pinsOfWindow();
    expect(await Promise.all([1, 2, 3].map(() => pins.allows(change)))).toEqual([true, true, true]);
    expect(asked).toEqual([change]);
  });

  it('is asked again after a no only when the user starts something new', async () => {
    answer = false;
    const pins = pinsOfWindow();
    expect([await pins.allows(change), await pins.allows(change)]).toEqual([false, false]);
    expect(asked).toHaveLength(1);
    answer = true;
    pins.askAgain();
    expect(await pins.allows(change)).toBe(true);
    pins.askAgain();
    expect(await pins.allows(change)).toBe(true);
    expect(asked).toHaveLength(2);
  });
});

describe('a registry whose token server is another origin', () => {
  const user = { username: 'ada', password: 'horse' };
  let tokens: TestRegistry;
  let registry: TestRegistry;
  beforeEach(async () => {
    tokens = await startRegistry({ auth: { ...user, scheme: 'bearer' } });
    registry = await startRegistry({ auth: { ...user, scheme: 'bearer', realm: `${tokens.url}/token` } });
    return () => Promise.all([tokens.close(), registry.close()]);
  });

  async function read(pins: LastingPins): Promise<unknown> {
    const credentials = fixed({ kind: 'basic', ...user, source: 'test' }, registry.host);
    const stores = createStores({ engine: 'undici', credentials, pins, logger: silentLogger, userAgent: 'test' });
    try {
      const repository = await stores.open(parseRegistryReference(`oci://${registry.host}/team/product`));
      await repository.resolve(parseTag('1.0.0'));
    } catch (error) {
      return error;
    } finally {
      await stores.close();
    }
    return undefined;
  }

  it('gets no secret there before the user has allowed it', async () => {
    answer = false;
    expect(await read(pinsOfWindow())).toMatchObject({ code: 'REALM_REFUSED' });
    expect(asked).toEqual([{ registry: registry.host, from: undefined, to: tokens.url }]);
    expect(tokens.lines()).toEqual([]);
  });

  it('is asked about once, and never again while it stays the same', async () => {
    await read(pinsOfWindow());
    await read(pinsOfWindow());
    expect(asked).toHaveLength(1);
    expect(tokens.lines().length).toBeGreaterThan(1);
  });

  it('is asked about when it was another one before', async () => {
    answer = false;
    const pins = pinsOfWindow();
    await pins.remember(registry.host, 'https://auth.example');
    expect(await read(pins)).toMatchObject({ code: 'REALM_REFUSED' });
    expect(asked).toEqual([{ registry: registry.host, from: 'https://auth.example', to: tokens.url }]);
    expect(tokens.lines()).toEqual([]);
  });
});
