import { beforeEach, describe, expect, it } from 'vitest';
import { cancelled, OciError, silentLogger, silentTelemetry } from '../../../src/oci/index.ts';
import { transferProgress, transferSummary } from '../../../src/views/transfers/statusItem.ts';
import type { TransferCall } from '../../../src/views/transfers/transfer.ts';
import { Transfers } from '../../../src/views/transfers/transfers.ts';
import { blob } from '../../support/artifacts.ts';

const unavailable = new OciError('REGISTRY_UNAVAILABLE', 'x', { registry: 'r.example', reason: '', status: 503 });
const immutable = new OciError('TAG_IMMUTABLE', 'x', {
  reference: 'r',
  existing: 'a',
  pushed: 'b',
  onlyAnnotationsDiffer: false,
});

/** What the user was shown, and what they answer to each. */
let shown: unknown[];
let answers: (boolean | Promise<boolean>)[];
let transfers: Transfers;
beforeEach(() => {
  shown = [];
  answers = [];
  const presenter: ConstructorParameters<typeof Transfers>[0] = {
    logError: () => {},
    attempt: async (_action, step) => await step(),
    offer: (error) => {
      shown.push(error);
      return { isRepeatable: error === unavailable, answer: Promise.resolve(answers.shift() ?? false) };
    },
  };
  transfers = new Transfers(presenter, { telemetry: silentTelemetry, logger: silentLogger });
});

/** A job whose runs end as these say, one after the other. */
function job(...ends: readonly ((call: TransferCall) => Promise<string>)[]) {
  const runs: string[] = [];
  const done: string[] = [];
  return {
    runs,
    done,
    title: 'Pushing to r.example/app',
    action: 'push',
    run: async (call: TransferCall) => {
      runs.push('run');
      return await (ends[runs.length - 1] ?? (async () => 'done'))(call);
    },
    finish: async (result: string) => void done.push(result),
  };
}

function start(each: ReturnType<typeof job>): Promise<void> {
  const { title, action, run, finish: done } = each;
  return transfers.start({ title, action, operation: 'push', about: {}, run, done });
}

const untilCancelled = ({ signal }: TransferCall): Promise<string> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(cancelled())));

describe('a transfer', () => {
  it('is under way while it runs, and gone when all is done', async () => {
    const gate = Promise.withResolvers<string>();
    const each = job(() => gate.promise);
    const ended = start(each);
    expect(transfers.underWay.map(({ title }) => title)).toEqual(['Pushing to r.example/app']);
    gate.resolve('pushed');
    await ended;
    expect(transfers.underWay).toEqual([]);
    expect(each.done).toEqual(['pushed']);
  });

  it('that is cancelled ends in silence', async () => {
    const each = job(untilCancelled);
    const ended = start(each);
    transfers.underWay[0]?.cancel();
    await ended;
    expect([each.done, shown, transfers.underWay, transfers.failed]).toEqual([[], [], [], []]);
  });

  it('that waits for others is cancelled without having run', async () => {
    const running = [job(untilCancelled), job(untilCancelled), job(untilCancelled)];
    const all = running.map(start);
    const waiting = job();
    all.push(start(waiting));
    await Promise.resolve();
    expect(transfers.underWay.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'waiting']);
    expect(transfers.underWay.map(transferProgress).at(-1)).toBe('waiting');
    transfers.underWay.at(-1)?.cancel();
    await all.at(-1);
    expect(waiting.runs).toEqual([]);
    for (const transfer of transfers.underWay) transfer.cancel();
    await Promise.all(all);
  });
});

describe('a transfer that failed', () => {
  it('is shown, kept, and run again when the user wants that much later', async () => {
    const each = job(() => Promise.reject(unavailable));
    await start(each);
    expect(shown).toEqual([unavailable]);
    const [failed] = transfers.failed;
    if (failed === undefined) throw new Error('Not kept');
    await transfers.retry(failed);
    expect([each.runs.length, each.done, transfers.failed]).toEqual([2, ['done'], []]);
  });

  it('is run again at once when the user says so where it is shown', async () => {
    answers = [true];
    const each = job(() => Promise.reject(unavailable));
    await start(each);
    expect([each.runs.length, each.done, transfers.failed]).toEqual([2, ['done'], []]);
  });

  it('is run again from a message that has outlived it, unless it was done by then', async () => {
    const late = Promise.withResolvers<boolean>();
    answers = [late.promise];
    const each = job(
      () => Promise.reject(unavailable),
      async () => 'second',
    );
    const ended = start(each);
    await expect.poll(() => transfers.failed.length, { timeout: 20_000 }).toBe(1);
    for (let other = 0; other < 11; other += 1) await start(job(() => Promise.reject(unavailable)));
    expect(transfers.failed.length).toBe(10);
    late.resolve(true);
    await ended;
    expect([each.runs.length, each.done]).toEqual([2, ['second']]);
  });

  it('is not kept where nothing would be different the next time', async () => {
    await start(job(() => Promise.reject(immutable)));
    expect([shown, transfers.failed]).toEqual([[immutable], []]);
  });

  it('is run again once, however often it is asked for', async () => {
    const each = job(
      () => Promise.reject(unavailable),
      async () => 'second',
    );
    await start(each);
    const [failed] = transfers.failed;
    if (failed === undefined) throw new Error('Not kept');
    await Promise.all([transfers.retry(failed), transfers.retry(failed)]);
    expect([each.runs.length, each.done]).toEqual([2, ['second']]);
  });
});

it('a summary has all transfers in it', async () => {
  const { descriptor } = blob(1, { size: 1000 });
  const half = async (call: TransferCall): Promise<string> => {
    call.onEvent({ kind: 'progress', descriptor, bytes: 500 });
    return await untilCancelled(call);
  };
  const all = [start(job(half)), start(job(untilCancelled))];
  await Promise.resolve();
  expect(transferSummary(transfers.underWay)).toBe('2 transfers · 50%');
  transfers.dispose();
  await Promise.all(all);
});
