import { l10n, window } from 'vscode';
import type { Packed, TagPush } from '../../floe/pushUnderTag.ts';
import type { TagPatterns } from '../../floe/tagPolicy.ts';
import type { Observer, OperationFacts } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import type { FloeClients } from '../floeClients.ts';
import { rehearseSend } from '../operations/rehearseSend.ts';
import { send } from '../operations/send.ts';
import { type Destination, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import type { Reports } from '../reports.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { copyDigest } from './copyText.ts';
import { inspect } from './inspect.ts';
import { orCreate } from './orCreate.ts';
import { rehearse, tagNote } from './rehearse.ts';
import { type ShowParts, showDestination } from './showDestination.ts';

/** What pushing works with. */
export interface PushParts extends ShowParts {
  readonly presenter: Presenter;
  readonly book: AddressBook;
  readonly clients: FloeClients;
  readonly settings: { readonly concurrency: number; readonly tagPatterns: TagPatterns };
  readonly transfers: Transfers;
  /** Told of what is done. */
  readonly observability: Observer;
}

/** A push of which everything is known. */
export interface PlannedPush {
  readonly destination: Destination;
  /** What is pushed, for people. */
  readonly what: string;
  /** For the log. */
  readonly action: 'push' | 'pushFiles';
  readonly about: OperationFacts;
  /** Hands over what is sent; afterwards it may be gone. */
  readonly packed: <T>(call: TransferCall, use: (packed: Packed) => Promise<T>) => Promise<T>;
}

/** What is done with a push of which everything is known. */
export type BeginPush = (parts: PushParts, planned: PlannedPush) => Promise<void>;

/** Pushes, shows the result in its tree, and says what can be done with it. */
export async function startPush(parts: PushParts, planned: PlannedPush): Promise<void> {
  const { destination, action, about, packed } = planned;
  await parts.transfers.start({
    title: l10n.t('Pushing to {0}', nameOf(destination)),
    action,
    operation: 'push',
    about: { ...factsOf(destination), ...about },
    run: (call) =>
      packed(call, (artifact) => orCreate(destination, call, () => send(parts, destination, artifact, call))),
    done: async (pushed) => {
      await showDestination(parts, destination);
      await present(parts, planned, pushed);
    },
  });
}

/** Says what a push would send, and offers to push. */
export async function rehearsePush(
  parts: PushParts & { readonly reports: Reports },
  planned: PlannedPush,
): Promise<void> {
  const { destination, what, about, packed } = planned;
  await rehearse(parts, {
    what: l10n.t('Push {0} to {1}', what, nameOf(destination)),
    about: { ...factsOf(destination), ...about },
    look: (call) =>
      packed(call, async (artifact) => {
        const { blobs, outcome } = await rehearseSend(parts, destination, artifact, call);
        return { blobs, notes: [tagNote(destination.tag, outcome)] };
      }),
    button: l10n.t('Push'),
    start: () => startPush(parts, planned),
  });
}

async function present(
  parts: PushParts,
  { destination, what }: PlannedPush,
  { outcome, descriptor }: TagPush,
): Promise<void> {
  const { digest } = descriptor;
  const message =
    outcome === 'unchanged'
      ? l10n.t('{0} is this artifact already; nothing was sent. {1}', nameOf(destination), digest)
      : l10n.t('Pushed {0} to {1}. {2}', what, nameOf(destination), digest);
  const look = l10n.t('Inspect');
  const copy = l10n.t('Copy Digest');
  const answer = await window.showInformationMessage(plainText(message), look, copy);
  if (answer === look) await inspect(parts, destination);
  if (answer === copy) await copyDigest(parts, { ...destination, digest });
}
