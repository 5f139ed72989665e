import { Uri } from 'vscode';
import type { CallOptions, InspectedArtifact, ListedTags, TransferOptions } from '../../../floe-oci.d.ts';
import { inspectArtifact } from '../../floe/inspectArtifact.ts';
import { listTags } from '../../floe/listTags.ts';
import { TagPolicy } from '../../floe/tagPolicy.ts';
import { OciError, type TransferListener } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { signalOf } from '../cancellation.ts';
import type { PushParts } from '../commands/push.ts';
import { contentAt, destinationAt, repositoryAt } from '../operations/content.ts';
import { type PullToParts, pullTo } from '../operations/pullTo.ts';
import { type PushToParts, pushTo } from '../operations/pushTo.ts';
import { referenceOf } from '../places.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { ApiCalls } from './exports.ts';

/** What the exported API works with. */
export interface ApiParts extends PullToParts, PushToParts, Pick<PushParts, 'trees'> {
  readonly book: AddressBook;
}

/** What the exported API does with content; see floe-oci.d.ts. Callers are programs: what they give is checked. */
export function createApiCalls(parts: ApiParts): ApiCalls {
  const { book, settings, trees } = parts;
  return {
    push: async (files, reference, options = {}) => {
      const { artifactType, annotations } = options;
      const uris = readFiles(files);
      const destination = await destinationAt(book, reference);
      const call = { ...callOf(options), artifactType, annotations };
      const { descriptor, outcome } = await pushTo(parts, uris, destination, call);
      if (destination.place.kind !== 'layout') trees.refreshPlace(destination.place);
      return { reference: referenceOf(destination), digest: descriptor.digest, outcome };
    },
    pull: async (reference, target, options = {}) => {
      if (!(target instanceof Uri)) throw invalid('target', target, 'a Uri');
      const content = await contentAt(book, reference);
      const call = { ...callOf(options), force: options.force === true };
      return { reference: referenceOf(content.address), ...(await pullTo(parts, content, target, call)) };
    },
    inspect: async (reference, options = {}): Promise<InspectedArtifact> => {
      const { address, name } = await contentAt(book, reference);
      const call = signalIn(options);
      const store = await address.place.reader(address.repository, call);
      const { product, signatureStatus, promotionStatus, ...inspected } = await inspectArtifact(store, name, call);
      return { ...inspected, reference: referenceOf(address) };
    },
    list: async (repository, options = {}): Promise<ListedTags> => {
      const { place, repository: name } = await repositoryAt(book, repository);
      const { filter, sort, limit } = options;
      const call = signalIn(options);
      const { tags, errors } = await listTags(await place.reader(name, call), {
        ...call,
        ...(filter !== undefined && { filter }),
        ...(sort !== undefined && { sort }),
        ...(limit !== undefined && { limit }),
        concurrency: settings.concurrency,
        tagPolicy: new TagPolicy(settings.tagPatterns),
      });
      return { tags: tags.map(({ product, ...tag }) => tag), errors };
    },
  };
}

function readFiles(files: unknown): readonly Uri[] {
  const list: readonly unknown[] = Array.isArray(files) ? files : [files];
  if (list.length > 0 && list.every((file) => file instanceof Uri)) return list;
  throw invalid('files', files, 'a Uri, or several');
}

function invalid(argument: string, value: unknown, accepted: string): OciError<'INVALID_ARGUMENT'> {
  const details = { argument, value: String(value), accepted };
  return new OciError('INVALID_ARGUMENT', `${argument} has to be ${accepted}`, details);
}

function signalIn({ token }: CallOptions): { readonly signal?: AbortSignal } {
  return token === undefined ? {} : { signal: signalOf(token) };
}

function callOf({ token, onProgress }: TransferOptions): TransferCall {
  const signal = token === undefined ? new AbortController().signal : signalOf(token);
  return { signal, onEvent: onProgress === undefined ? () => {} : counting(onProgress) };
}

/** Bytes of all blobs together. What the caller's listener throws is the caller's: it fails no transfer. */
function counting(onProgress: (bytes: number) => void): TransferListener {
  const moved = new Map<string, number>();
  return (event) => {
    if (event.kind !== 'progress') return;
    moved.set(event.descriptor.digest, event.bytes);
    try {
      onProgress(moved.values().reduce((sum, bytes) => sum + bytes, 0));
    } catch {}
  };
}
