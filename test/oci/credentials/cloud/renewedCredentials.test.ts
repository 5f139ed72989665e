import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type IssuedCredential, RenewedCredentials } from '../../../../src/oci/credentials/cloud/renewedCredentials.ts';
import type { Credential } from '../../../../src/oci/credentials/credentials.ts';

const MINUTE = 60_000;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A cloud whose credentials live an hour, and are numbered. */
function cloud(lifetime = 60 * MINUTE): {
  readonly issue: () => Promise<IssuedCredential>;
  readonly issued: () => number;
} {
  let issued = 0;
  return {
    issue: async () => {
      const credential: Credential = { kind: 'basic', username: 'AWS', password: `${++issued}`, source: 'test' };
      return { credential, expiresAt: Date.now() + lifetime };
    },
    issued: () => issued,
  };
}

describe('a credential of a cloud', () => {
  it('is kept until its margin begins, and then renewed', async () => {
    const { issue, issued } = cloud();
    const renewed = new RenewedCredentials(10);
    for (const minute of [0, 20, 49]) {
      vi.setSystemTime(minute * MINUTE);
      expect(await renewed.get('key', issue, {})).toMatchObject({ password: '1' });
    }
    vi.setSystemTime(50 * MINUTE);
    expect(await renewed.get('key', issue, {})).toMatchObject({ password: '2' });
    expect(issued()).toBe(2);
  });

  it('is renewed when it was refused, but not when it has only just been issued', async () => {
    const { issue } = cloud();
    const renewed = new RenewedCredentials(10);
    await renewed.get('key', issue, {});
    expect(await renewed.get('key', issue, { isRefused: true })).toMatchObject({ password: '1' });
    vi.setSystemTime(MINUTE);
    expect(await renewed.get('key', issue, { isRefused: true })).toMatchObject({ password: '2' });
    expect(await renewed.get('key', issue, { isRefused: true })).toMatchObject({ password: '2' });
  });

  it('that begins within its margin is not asked for each time', async () => {
    const { issue } = cloud(5 * MINUTE);
    const renewed = new RenewedCredentials(10);
    await renewed.get('key', issue, {});
    vi.setSystemTime(10_000);
    expect(await renewed.get('key', issue, {})).toMatchObject({ password: '1' });
    vi.setSystemTime(30_000);
    expect(await renewed.get('key', issue, {})).toMatchObject({ password: '2' });
  });

  it('that has ended is never used', async () => {
    const { issue } = cloud(1000);
    const renewed = new RenewedCredentials(10);
    await renewed.get('key', issue, {});
    vi.setSystemTime(1000);
    expect(await renewed.get('key', issue, {})).toMatchObject({ password: '2' });
  });

  it('is issued once for many, and apart for each key', async () => {
    const { issue, issued } = cloud();
    const renewed = new RenewedCredentials(10);
    const all = await Promise.all(['a', 'a', 'a', 'b'].map((key) => renewed.get(key, issue, {})));
    expect(new Set(all).size).toBe(2);
    expect(issued()).toBe(2);
  });

  it('that could not be had is asked for again', async () => {
    const { issue } = cloud();
    const renewed = new RenewedCredentials(10);
    const fail = async (): Promise<never> => Promise.reject(new Error('not now'));
    await expect(renewed.get('key', fail, {})).rejects.toThrow('not now');
    expect(await renewed.get('key', issue, {})).toMatchObject({ password: '1' });
  });

  it('is not waited for by who has left', async () => {
    const renewed = new RenewedCredentials(10);
    const controller = new AbortController();
    const waiting = renewed.get('key', () => new Promise<never>(() => {}), { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
