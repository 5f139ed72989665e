import { afterEach, beforeEach, expect, it } from 'vitest';
import { Availability, CIRCUIT_BREAKER_DEFAULTS } from '../../src/oci/index.ts';
import { describeState, explainState, HostStates } from '../../src/views/hostStates.ts';

const options = { ...CIRCUIT_BREAKER_DEFAULTS, failureThreshold: 2 };

let availability: Availability;
let states: HostStates;
let heard: string[];
beforeEach(() => {
  availability = new Availability();
  states = new HostStates(availability);
  heard = [];
  states.onDidChange((host) => heard.push(host));
});
afterEach(() => states.dispose());

function fail(host: string, times = 2): void {
  for (let count = 0; count < times; count += 1) availability.breaker(host).admit(options)?.failed();
}

it('a host that answers is no news', () => {
  availability.breaker('r.example').admit(options)?.completed();
  expect(states.all).toEqual([]);
  expect(heard).toEqual([]);
});

it('a host that does not answer is left alone, and says until when', () => {
  fail('r.example');
  expect(heard).toEqual(['r.example']);
  const state = states.of('r.example');
  expect(state).toMatchObject({ kind: 'open', failures: 2, retryAt: expect.any(Date) });
  expect(state && describeState(state)).toMatch(/^not answering, next try at \d/);
  expect(state && explainState({ host: 'r.example', state })).toMatch(/^r\.example did not answer 2 times in a row\./);
  expect(states.of('other.example')).toBeUndefined();
});

it('one that is to be tried now is tried by the next request, and then all is well', () => {
  fail('r.example');
  expect(availability.breaker('r.example').admit(options)).toBeUndefined();
  availability.tryNow('r.example');
  const permit = availability.breaker('r.example').admit(options);
  expect(states.of('r.example')?.kind).toBe('trying');
  permit?.completed();
  expect(states.all).toEqual([]);
  expect(heard).toEqual(['r.example', 'r.example', 'r.example']);
});

it('one that has been left alone for long enough is in no trouble: the next request is sent', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const short = { ...options, failureThreshold: 1, recoveryTimeoutMs: 30 };
  availability.breaker('r.example').admit(short)?.failed();
  expect(states.of('r.example')?.kind).toBe('open');
  states.onDidChange(() => resolve());
  await promise;
  expect(states.all).toEqual([]);
  expect(availability.breaker('r.example').admit(short)).toBeDefined();
});

it('a host that asked for patience is paused until it is over, which is news', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  availability.pause('r.example', 30, 'it answered 429 and asked to wait');
  const state = states.of('r.example');
  expect(state && describeState(state)).toMatch(/^paused until \d/);
  states.onDidChange(() => resolve());
  await promise;
  expect(states.all).toEqual([]);
});

it('all are told by name, and a circuit that is open says more than a pause', () => {
  availability.pause('b.example', 60_000, 'it answered 503 and asked to wait');
  availability.pause('a.example', 60_000, 'it answered 503 and asked to wait');
  fail('b.example');
  expect(states.all.map(({ host, state }) => [host, state.kind])).toEqual([
    ['a.example', 'paused'],
    ['b.example', 'open'],
  ]);
});
