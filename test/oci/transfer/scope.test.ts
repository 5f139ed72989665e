import { describe, expect, it } from 'vitest';
import { inScope } from '../../../src/oci/transfer/scope.ts';
import { failure } from '../../support/failure.ts';
import { turns, untilCancelled } from '../../support/stores.ts';

describe('a scope', () => {
  it('gives what the work gives', async () => {
    const work = inScope({}, ({ run, all }) => all([1, 2].map((n) => run(async () => n * 2))));
    expect(await work).toEqual([2, 4]);
  });

  it('fails with what failed first, after all others have ended', async () => {
    let ended = 0;
    const slow = async (signal: AbortSignal): Promise<never> => {
      try {
        return await untilCancelled(signal);
      } finally {
        ended++;
      }
    };
    const work = inScope({}, ({ signal, run, all }) => {
      const fails = async (): Promise<never> => {
        await turns(2);
        throw new TypeError('first');
      };
      return all([run(() => slow(signal)), run(fails), run(() => slow(signal))]);
    });
    await expect(work).rejects.toThrow(new TypeError('first'));
    expect(ended).toBe(2);
  });

  it('does not begin what was still waiting for room', async () => {
    let begun = 0;
    const work = inScope({ concurrency: 1 }, ({ run, all }) =>
      all(
        [1, 2, 3].map(() =>
          run(async () => {
            begun++;
            throw new Error('no');
          }),
        ),
      ),
    );
    await expect(work).rejects.toThrow('no');
    expect(begun).toBe(1);
  });

  it('is cancelled by its caller, and says so whatever the parts throw', async () => {
    const controller = new AbortController();
    const work = inScope({ signal: controller.signal }, ({ signal, run }) =>
      run(async () => {
        controller.abort();
        await turns();
        signal.throwIfAborted();
        throw new Error('was not aborted');
      }),
    );
    await expect(work).rejects.toEqual(failure('CANCELLED'));
  });

  it('fails with the failure, not with a cancellation that came after it', async () => {
    const controller = new AbortController();
    const work = inScope({ signal: controller.signal }, ({ signal, run, all }) => {
      signal.addEventListener('abort', () => controller.abort());
      return all([run(() => Promise.reject(new Error('first')))]);
    });
    await expect(work).rejects.toThrow('first');
  });

  it('does not begin when it is cancelled already, and leaves no listener behind', async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    await inScope({ signal }, async () => {});
    await expect(inScope({ signal }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    controller.abort();
    let begun = false;
    const work = inScope({ signal }, async () => {
      begun = true;
    });
    await expect(work).rejects.toEqual(failure('CANCELLED'));
    expect([begun, listeners]).toEqual([false, 0]);
  });
});
