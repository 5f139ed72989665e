import { type Uri, window, workspace } from 'vscode';
import { parseCompiledArtifacts } from '../../floe/compiledArtifacts.ts';
import type { DocumentFile } from '../../floe/jsonDocument.ts';
import { type PreparedDocument, prepareDocument } from '../../floe/pushArtifact.ts';
import { pushUnderTag, type TagPush } from '../../floe/pushUnderTag.ts';
import type { CompiledArtifacts } from '../../floe/schema/compiledArtifacts.ts';
import { type TagPatterns, TagPolicy } from '../../floe/tagPolicy.ts';
import { isOciError, isTag, parseTag, type RepositoryName, type Tag } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import type { ConnectedRegistries } from '../connectedRegistries.ts';
import { describeError } from '../describeError.ts';
import { type Address, nameOf, type Place } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Presenter } from '../present.ts';
import type { Trees } from '../trees.ts';
import { askPlace, askRepository, askTag, type PartialAddress } from './askAddress.ts';
import { askDocument } from './askDocument.ts';
import { copyDigest } from './copyText.ts';
import { openManifest } from './openManifest.ts';
import { proposeRepository } from './proposeRepository.ts';
import { withTransferProgress } from './transferProgress.ts';

export interface PushParts {
  readonly presenter: Presenter;
  readonly book: AddressBook;
  readonly settings: { readonly concurrency: number; readonly tagPatterns: TagPatterns };
  readonly registries: ConnectedRegistries;
  readonly trees: Trees;
}

/** What the caller knows already: the file in the Explorer, the row in a tree. */
export interface PushInput {
  readonly file?: Uri;
  readonly place?: Place;
  readonly repository?: RepositoryName;
}

export type Destination = Address & { readonly tag: Tag };

const TITLE = 'Push Compiled Artifacts';

/** Pushes compiled artifacts: which file, where to, under which tag. */
export async function push(parts: PushParts, input: PushInput = {}): Promise<void> {
  const file = input.file ?? (await askDocument(TITLE));
  if (file === undefined) return;
  const document = { file: workspace.asRelativePath(file), bytes: await workspace.fs.readFile(file) };
  // Nothing is asked about where it goes before it is known that it may go.
  const product = parseCompiledArtifacts(document).value.metadata;
  const prepared = await prepare(document);
  if (prepared === undefined) return;
  const destination = await askDestination(parts.book, input, product);
  if (destination === undefined) return;
  const result = await parts.presenter.attempt('push', () => run(parts, destination, prepared));
  if (result === undefined) return;
  await reveal(parts, destination);
  await present(parts, destination, result, `${product.product_name} ${product.product_version}`);
}

async function askDestination(
  book: AddressBook,
  input: PushInput,
  { product_name: product, product_version: version }: CompiledArtifacts['metadata'],
): Promise<Destination | undefined> {
  const start: PartialAddress | undefined =
    input.place === undefined ? await askPlace(TITLE, book) : { ...input, place: input.place };
  if (start === undefined) return undefined;
  const { place } = start;
  const proposed = proposeRepository(place, product);
  const repository = start.repository ?? (await askRepository(`Push to ${place.label}`, place, proposed));
  if (repository === undefined) return undefined;
  const proposedTag = isTag(version) ? version : parseTag('latest');
  const tag = start.tag ?? (await askTag(`Push to ${nameOf({ place, repository })}`, place, repository, proposedTag));
  return tag && { place, repository, tag };
}

async function run({ settings }: PushParts, destination: Destination, prepared: PreparedDocument): Promise<TagPush> {
  const { place, repository, tag } = destination;
  return await withTransferProgress(`Pushing to ${nameOf(destination)}`, async ({ signal, onEvent }) => {
    const store = await place.open(repository, { create: true, signal });
    const { concurrency, tagPatterns } = settings;
    return await pushUnderTag(store, tag, prepared, {
      signal,
      onEvent,
      concurrency,
      tagPolicy: new TagPolicy(tagPatterns),
    });
  });
}

/** Shows the tag in its tree. A repository that its registry does not list is pinned, or it would be nowhere. */
async function reveal({ registries, trees }: PushParts, destination: Destination): Promise<void> {
  const { place, repository } = destination;
  if (await trees.reveal(place, destination)) return;
  if (place.kind === 'registry') await trees.reveal(await registries.add(place.id, repository), destination);
}

async function present(
  parts: PushParts,
  address: Destination,
  { outcome, descriptor }: TagPush,
  product: string,
): Promise<void> {
  const { digest } = descriptor;
  const message =
    outcome === 'unchanged'
      ? `${nameOf(address)} is this artifact already; nothing was sent. ${digest}`
      : `Pushed ${product} to ${nameOf(address)}. ${digest}`;
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
