import { randomBytes } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { UndiciAnswer } from '../../../../src/oci/transport/engines/undiciAnswer.ts';

const RECORD = 16 * 1024;

/** What undici offers to hold a connection back. */
class Controller {
  isPaused = false;
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
}

function begin(length: number): [UndiciAnswer, (bytes: Buffer) => void, Controller] {
  const answer = new UndiciAnswer(new AbortController().signal, () => {});
  const controller = new Controller();
  const known = controller as unknown as Dispatcher.DispatchController;
  answer.onRequestStart(known);
  answer.onResponseStart(known, 200, { 'content-length': String(length) });
  return [answer, (bytes) => answer.onResponseData(known, bytes), controller];
}

async function sizesOf(answer: UndiciAnswer, received: Buffer[]): Promise<readonly number[]> {
  for await (const chunk of answer) received.push(Buffer.from(chunk));
  return received.map(({ length }) => length);
}

describe('the records of a large body', () => {
  it('that wait for the reader are passed on as one, in their order', async () => {
    const content = randomBytes(20 * RECORD);
    const [answer, arrive, controller] = begin(content.length);
    const received: Buffer[] = [];
    const sizes = sizesOf(answer, received);
    for (let at = 0; at < content.length; at += RECORD) arrive(content.subarray(at, at + RECORD));
    expect(controller.isPaused).toBe(true);
    answer.onResponseEnd();
    expect(await sizes).toEqual([content.length]);
    expect(Buffer.concat(received).equals(content)).toBe(true);
  });

  it('that come one by one are passed on as they come', async () => {
    const content = randomBytes(256 * 1024);
    const [answer, arrive] = begin(content.length);
    const read = async (): Promise<Uint8Array | undefined> => (await answer.next()).value;
    for (let at = 0; at < content.length; at += RECORD) {
      const next = read();
      arrive(content.subarray(at, at + RECORD));
      expect(Buffer.from((await next) ?? []).equals(content.subarray(at, at + RECORD))).toBe(true);
    }
  });

  it('are told before the failure that follows them', async () => {
    const [answer, arrive] = begin(1024 * 1024);
    arrive(randomBytes(RECORD));
    arrive(randomBytes(RECORD));
    answer.onResponseError(undefined, new Error('cut off'));
    expect((await answer.next()).value).toHaveLength(2 * RECORD);
    await expect(answer.next()).rejects.toThrow('cut off');
  });
});

it('a small body is passed on as it comes', async () => {
  const [answer, arrive] = begin(3 * 1024);
  for (let i = 0; i < 3; i++) arrive(randomBytes(1024));
  answer.onResponseEnd();
  expect(await sizesOf(answer, [])).toEqual([1024, 1024, 1024]);
});
