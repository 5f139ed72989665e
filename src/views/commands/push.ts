import { l10n, type Uri, window, workspace } from 'vscode';
import { parseCompiledArtifacts } from '../../floe/compiledArtifacts.ts';
import { type DocumentFile, MAX_DOCUMENT_SIZE, tooLargeDocument } from '../../floe/jsonDocument.ts';
import { nextVersionTag } from '../../floe/nextVersion.ts';
import { type PreparedDocument, prepareDocument } from '../../floe/pushArtifact.ts';
import type { Packed, TagPush } from '../../floe/pushUnderTag.ts';
import type { TagPatterns } from '../../floe/tagPolicy.ts';
import { isOciError, type Observer, parseTag, type RepositoryName } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { describeError } from '../describeError.ts';
import type { FloeClients } from '../floeClients.ts';
import { nameOf, type Place } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { askDestination, type Destination } from './askDestination.ts';
import { askDocument } from './askDocument.ts';
import { copyDigest } from './copyText.ts';
import { inspect } from './inspect.ts';
import { orCreate } from './orCreate.ts';
import { proposeRepository } from './proposeRepository.ts';
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

/** What the caller knows already: the file in the Explorer, the row in a tree. */
export interface PushInput {
  readonly file?: Uri;
  readonly place?: Place;
  readonly repository?: RepositoryName;
}

const TITLE = l10n.t('Push Compiled Artifacts');

/** Pushes compiled artifacts: which file, where to, under which tag. */
export async function push(parts: PushParts, input: PushInput = {}): Promise<void> {
  const file = input.file ?? (await askDocument(TITLE));
  if (file === undefined) return;
  const name = workspace.asRelativePath(file);
  if ((await workspace.fs.stat(file)).size > MAX_DOCUMENT_SIZE) throw tooLargeDocument(name);
  const document = { file: name, bytes: await workspace.fs.readFile(file) };
  // Nothing is asked about where it goes before it is known that it may go.
  const product = parseCompiledArtifacts(document).value.metadata;
  const prepared = await prepare(document);
  if (prepared === undefined) return;
  const { product_name: productName, product_version: version } = product;
  const destination = await askDestination(parts.book, input, {
    titleTo: pushTitle,
    proposeRepository: (place) => proposeRepository(place, productName),
    proposeTag: (existing) => nextVersionTag(existing, version) ?? parseTag('latest'),
  });
  if (destination === undefined) return;
  await parts.transfers.start({
    title: l10n.t('Pushing to {0}', nameOf(destination)),
    action: 'push',
    operation: 'push',
    about: { ...factsOf(destination), layers: 1, size: document.bytes.length, productName, productVersion: version },
    run: (call) => orCreate(destination, call, () => send(parts, destination, prepared, call)),
    done: async (result) => {
      await showDestination(parts, destination);
      await presentPush(parts, destination, result, `${productName} ${version}`);
    },
  });
}

/** What the prompts of a push say above. */
export function pushTitle(where?: string): string {
  return where === undefined ? l10n.t('Push to') : l10n.t('Push to {0}', where);
}

/** Sends what has been packed; see `FloeClient.push`. */
export async function send(
  { clients, settings }: Pick<PushParts, 'clients' | 'settings'>,
  destination: Destination,
  packed: Packed,
  call: TransferCall,
): Promise<TagPush> {
  const { concurrency } = settings;
  const pushed = await clients.for(destination).push(packed, destination.tag, { ...call, concurrency });
  call.tell?.({ digest: pushed.descriptor.digest });
  return pushed;
}

/** Says what has been pushed, and what can be done with it. */
export async function presentPush(
  parts: PushParts,
  address: Destination,
  { outcome, descriptor }: TagPush,
  what: string,
): Promise<void> {
  const { digest } = descriptor;
  const message =
    outcome === 'unchanged'
      ? l10n.t('{0} is this artifact already; nothing was sent. {1}', nameOf(address), digest)
      : l10n.t('Pushed {0} to {1}. {2}', what, nameOf(address), digest);
  const look = l10n.t('Inspect');
  const copy = l10n.t('Copy Digest');
  const answer = await window.showInformationMessage(plainText(message), look, copy);
  if (answer === look) await inspect(parts, address);
  if (answer === copy) await copyDigest(parts, { ...address, digest });
}

/** What looks like a secret leaves the machine only when the user says that it is none. Undefined when it stays. */
async function prepare(document: DocumentFile): Promise<PreparedDocument | undefined> {
  try {
    return await prepareDocument(document);
  } catch (error) {
    if (!isOciError(error, 'SECRET_IN_DOCUMENT')) throw error;
    const { sentence, hint = '' } = describeError(error);
    const push = l10n.t('Push Anyway');
    const answer = await window.showWarningMessage(sentence, { modal: true, detail: hint }, push);
    return answer === push ? await prepareDocument(document, { allowSecrets: true }) : undefined;
  }
}
