import { Uri } from 'vscode';
import type { CallOptions, InspectedArtifact, ListedTags, TransferOptions } from '../../../floe-oci.d.ts';
import { OciError, type TransferListener } from '../../oci/index.ts';
import type { AddressBook } from '../addressBook.ts';
import { signalOf } from '../cancellation.ts';
import { contentAt, destinationAt, repositoryAt } from '../operations/content.ts';
import { inspectContent } from '../operations/inspectContent.ts';
import { type ListParts, listRepository } from '../operations/listRepository.ts';
import { type PullToParts, pullTo } from '../operations/pullTo.ts';
import { type PushToParts, pushTo } from '../operations/pushTo.ts';
import { referenceOf } from '../places.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import type { Trees } from '../trees.ts';
import type { ApiCalls } from './exports.ts';

/** What the exported API works with. */
export interface ApiParts extends PullToParts, PushToParts, ListParts {
  readonly book: AddressBook;
  readonly trees: Pick<Trees, 'refreshPlace'>;
}

/** What the exported API does with content; see floe-oci.d.ts. Callers are programs: what they give is checked. */
export function createApiCalls(parts: ApiParts): ApiCalls {
  const { book, observability, trees } = parts;
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
      const { digest, files, problems } = await pullTo(parts, content, target, call);
      return { reference: referenceOf(content.address), digest, files, problems };
    },
    inspect: async (reference, options = {}): Promise<InspectedArtifact> => {
      const content = await contentAt(book, reference);
      const inspection = await inspectContent(observability, content, signalIn(options));
      const { product, signatureStatus, promotionStatus, ...inspected } = inspection;
      return inspected;
    },
    list: async (repository, options = {}): Promise<ListedTags> => {
      const { filter, sort, limit } = options;
      const { tags, errors } = await listRepository(parts, await repositoryAt(book, repository), {
        ...signalIn(options),
        ...(filter !== undefined && { filter }),
        ...(sort !== undefined && { sort }),
        ...(limit !== undefined && { limit }),
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
