import { beforeEach, expect, it } from 'vitest';
import { Uri } from 'vscode';
import { OciError } from '../../src/oci/index.ts';
import { UnreadDocuments } from '../../src/views/unreadDocuments.ts';
import { executed } from '../support/vscode.ts';

const unauthorized = new OciError('UNAUTHORIZED', 'x', { registry: 'r.example', reason: '' });
const uri = (path: string): Uri => Uri.from({ scheme: 'oci', authority: 'r.example', path });

let shown: number;
let retries: number;
let answer: PromiseWithResolvers<boolean>;
let unread: UnreadDocuments;
beforeEach(() => {
  executed.length = 0;
  shown = 0;
  retries = 0;
  answer = Promise.withResolvers();
  unread = new UnreadDocuments({
    presenter: {
      offer: () => {
        shown += 1;
        return { isRepeatable: true, answer: answer.promise };
      },
    },
    onRetry: () => {
      retries += 1;
    },
  });
});

it('documents of one registry that want a credential are one message, and all are opened again', async () => {
  const offered = unread.offer(uri('/a'), unauthorized);
  await unread.offer(uri('/a'), unauthorized);
  await unread.offer(uri('/b'), unauthorized);
  answer.resolve(true);
  await offered;
  expect([shown, retries]).toEqual([1, 1]);
  expect(executed).toEqual(['vscode.open oci://r.example/a', 'vscode.open oci://r.example/b']);
});

it('nothing is opened when the user leaves the message', async () => {
  const offered = unread.offer(uri('/a'), unauthorized);
  answer.resolve(false);
  await offered;
  expect([retries, executed]).toEqual([0, []]);
});

it('what no credential would mend is left to the editor', async () => {
  await unread.offer(uri('/a'), new OciError('NOT_FOUND', 'x', { kind: 'blob', what: 'x' }));
  expect(shown).toBe(0);
});
