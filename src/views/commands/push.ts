import { type Uri, window, workspace } from 'vscode';
import { parseCompiledArtifacts } from '../../floe/compiledArtifacts.ts';
import { type DocumentFile, MAX_DOCUMENT_SIZE, tooLargeDocument } from '../../floe/jsonDocument.ts';
import { nextVersionTag } from '../../floe/nextVersion.ts';
import { type PreparedDocument, prepareDocument } from '../../floe/pushArtifact.ts';
import { type Packed, pushUnderTag, type TagPush } from '../../floe/pushUnderTag.ts';
import { type TagPatterns, TagPolicy } from '../../floe/tagPolicy.ts';
import { isOciError, parseTag, type RepositoryName } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { describeError } from '../describeError.ts';
import { nameOf, type Place } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { askDestination, type Destination } from './askDestination.ts';
import { askDocument } from './askDocument.ts';
import { copyDigest } from './copyText.ts';
import { openManifest } from './openManifest.ts';
import { proposeRepository } from './proposeRepository.ts';
import { type ShowParts, showDestination } from './showDestination.ts';

export interface PushParts extends ShowParts {
  readonly presenter: Presenter;
  readonly book: AddressBook;
  readonly settings: { readonly concurrency: number; readonly tagPatterns: TagPatterns };
  readonly transfers: Transfers;
}

/** What the caller knows already: the file in the Explorer, the row in a tree. */
export interface PushInput {
  readonly file?: Uri;
  readonly place?: Place;
  readonly repository?: RepositoryName;
}

const TITLE = 'Push Compiled Artifacts';

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
    verb: 'Push',
    proposeRepository: (place) => proposeRepository(place, productName),
    proposeTag: (existing) => nextVersionTag(existing, version) ?? parseTag('latest'),
  });
  if (destination === undefined) return;
  await parts.transfers.start({
    title: `Pushing to ${nameOf(destination)}`,
    action: 'push',
    run: (call) => send(parts, destination, prepared, call),
    done: async (result) => {
      await showDestination(parts, destination);
      await presentPush(parts, destination, result, `${productName} ${version}`);
    },
  });
}

/** Sends what has been packed; see `pushUnderTag`. */
export async function send(
  { settings }: Pick<PushParts, 'settings'>,
  { place, repository, tag }: Destination,
  packed: Packed,
  call: TransferCall,
): Promise<TagPush> {
  const store = await place.open(repository, { create: true, signal: call.signal });
  const { concurrency, tagPatterns } = settings;
  return await pushUnderTag(store, tag, packed, { ...call, concurrency, tagPolicy: new TagPolicy(tagPatterns) });
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
      ? `${nameOf(address)} is this artifact already; nothing was sent. ${digest}`
      : `Pushed ${what} to ${nameOf(address)}. ${digest}`;
  const inspect = 'Inspect';
  const copy = 'Copy Digest';
  const answer = await window.showInformationMessage(plainText(message), inspect, copy);
  if (answer === inspect) await openManifest(parts, address);
  if (answer === copy) await copyDigest(parts, { ...address, digest });
}

/** What looks like a secret leaves the machine only when the user says that it is none. Undefined when it stays. */
async function prepare(document: DocumentFile): Promise<PreparedDocument | undefined> {
  try {
    return await prepareDocument(document);
  } catch (error) {
    if (!isOciError(error, 'SECRET_IN_DOCUMENT')) throw error;
    const { sentence, hint = '' } = describeError(error);
    const push = 'Push Anyway';
    const answer = await window.showWarningMessage(sentence, { modal: true, detail: hint }, push);
    return answer === push ? await prepareDocument(document, { allowSecrets: true }) : undefined;
  }
}
