import { beforeEach, describe, expect, it } from 'vitest';
import {
  CIRCUIT_BREAKER_DEFAULTS,
  CircuitBreaker,
  type CircuitChange,
  checkCircuitBreaker,
  type Permit,
} from '../../../src/oci/transport/breaker.ts';

let now: number;
let changes: CircuitChange[];
let breaker: CircuitBreaker;
beforeEach(() => {
  now = 0;
  changes = [];
  breaker = new CircuitBreaker(
    () => now,
    (change) => changes.push(change),
  );
});

const options = { ...CIRCUIT_BREAKER_DEFAULTS, failureThreshold: 3, recoveryTimeoutMs: 1000 };
const admit = (own = options): Permit => {
  const permit = breaker.admit(own);
  if (permit === undefined) throw new Error('refused');
  return permit;
};
const fail = (times: number): void => {
  for (let time = 0; time < times; time++) admit().failed();
};

it('lets the next request try when somebody wants to know, and is as it was in any other state', () => {
  breaker.tryNow();
  expect(breaker.state).toBe('closed');
  fail(3);
  now = 10;
  expect(breaker.admit(options)).toBeUndefined();
  breaker.tryNow();
  const permit = admit();
  expect(breaker.state).toBe('half-open');
  breaker.tryNow();
  expect(breaker.admit(options)).toBeUndefined();
  permit.completed();
  expect(changes).toEqual(['opened', 'half_open', 'closed']);
});

describe('a closed circuit', () => {
  it('opens after so many failures in a row', () => {
    fail(2);
    expect([breaker.state, breaker.failures]).toEqual(['closed', 2]);
    fail(1);
    expect([breaker.state, breaker.failures, breaker.retryAt]).toEqual(['open', 3, 1000]);
    expect(changes).toEqual(['opened']);
  });

  it('forgets failures with a success', () => {
    fail(2);
    admit().completed();
    fail(2);
    expect(breaker.state).toBe('closed');
  });

  it('learns nothing from headers, or from what was given up', () => {
    fail(2);
    admit().answered();
    admit().abandoned();
    fail(1);
    expect(breaker.state).toBe('open');
  });

  it('counts a request once', () => {
    const permit = admit();
    permit.failed();
    permit.failed();
    permit.completed();
    expect(breaker.failures).toBe(1);
  });

  it('counts requests that are under way at the same time', () => {
    const permits = [admit(), admit(), admit(), admit()];
    for (const permit of permits) permit.failed();
    expect([breaker.state, breaker.failures, changes]).toEqual(['open', 3, ['opened']]);
  });
});

describe('an open circuit', () => {
  beforeEach(() => fail(3));

  it('refuses everything until its time', () => {
    now = 999;
    expect(breaker.admit(options)).toBeUndefined();
    now = 1000;
    expect(breaker.admit(options)).toBeDefined();
    expect([breaker.state, breaker.retryAt]).toEqual(['half-open', undefined]);
  });

  it('does not mind how requests end that were sent before', () => {
    now = 5000;
    const early = admit();
    early.failed();
    expect(breaker.state).toBe('open');
    now = 6000;
    const probe = admit();
    early.completed();
    expect(breaker.state).toBe('half-open');
    probe.completed();
    expect(changes).toEqual(['opened', 'half_open', 'reopened', 'half_open', 'closed']);
  });
});

describe('a half-open circuit', () => {
  beforeEach(() => {
    fail(3);
    now = 1000;
  });

  it('lets one request through and refuses the others meanwhile', () => {
    admit();
    expect(breaker.admit(options)).toBeUndefined();
  });

  it('lets as many through as it is told', () => {
    const two = { ...options, halfOpenRequests: 2 };
    admit(two);
    admit(two);
    expect(breaker.admit(two)).toBeUndefined();
  });

  it.each(['answered', 'completed'] as const)('closes when its request is %s', (end) => {
    admit()[end]();
    expect([breaker.state, breaker.failures]).toEqual(['closed', 0]);
  });

  it('opens again when its request fails, for as long again', () => {
    admit().failed();
    expect([breaker.state, breaker.retryAt, breaker.failures]).toEqual(['open', 2000, 4]);
    expect(changes).toEqual(['opened', 'half_open', 'reopened']);
  });

  it('gets the place of a request back that was given up', () => {
    const permit = admit();
    permit.abandoned();
    permit.abandoned();
    admit();
    expect(breaker.admit(options)).toBeUndefined();
  });

  it('counts the body of the request that closed it', () => {
    const permit = admit();
    permit.answered();
    permit.failed();
    expect([breaker.state, breaker.failures]).toEqual(['closed', 1]);
  });
});

describe('settings', () => {
  it.each(['failureThreshold', 'recoveryTimeoutMs', 'halfOpenRequests'] as const)(
    '%s is a whole number from 1',
    (name) => {
      for (const value of [0, -1, 1.5, Number.NaN]) {
        expect(() => checkCircuitBreaker({ ...CIRCUIT_BREAKER_DEFAULTS, [name]: value })).toThrow(
          expect.objectContaining({
            code: 'INVALID_ARGUMENT',
            details: { argument: `circuitBreaker.${name}`, value: String(value), accepted: 'a whole number from 1 up' },
          }),
        );
      }
    },
  );

  it('have defaults that are accepted', () => {
    expect(() => checkCircuitBreaker(CIRCUIT_BREAKER_DEFAULTS)).not.toThrow();
  });
});
