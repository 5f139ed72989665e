import { Uri } from 'vscode';
import type { CommandId } from '../commandIds.ts';
import type { LayerConsent } from '../layerConsent.ts';
import type { Place } from '../places.ts';
import { isNamedNode } from '../tree/namedNode.ts';
import { addressOf, type Node, placeOf } from '../tree/node.ts';
import { addTag } from './addTag.ts';
import { type ArrangeParts, filterTags, sortTags } from './arrangeTags.ts';
import { askReach } from './askScope.ts';
import { attach } from './attach.ts';
import { backUp } from './backup.ts';
import { type CacheParts, clearCache, pruneCache, showCache, verifyCache } from './cacheCommands.ts';
import { cancelTransfer, retryTransfer, type TransferParts } from './cancelTransfer.ts';
import { type CleanUpParts, cleanUpTags } from './cleanUpTags.ts';
import { type CompareParts, compareWithSelected, selectForCompare } from './compare.ts';
import { type ConnectNamedParts, connectNamedRegistry } from './connectNamedRegistry.ts';
import { type ConnectParts, connectRegistry } from './connectRegistry.ts';
import { copyPullCommand } from './copyPullCommand.ts';
import { copySeveral } from './copySeveral.ts';
import { copySnippet } from './copySnippet.ts';
import { copyDigest, copyDigests, copyReference, copyReferences } from './copyText.ts';
import { copyTo } from './copyTo.ts';
import { deleteManifest, deleteTag } from './deleteContent.ts';
import { disconnectRegistry } from './disconnectRegistry.ts';
import { dryRun } from './dryRun.ts';
import { editCredentials } from './editCredentials.ts';
import { inspect } from './inspect.ts';
import { mirror } from './mirror.ts';
import { openInBrowser, type Page } from './openInBrowser.ts';
import { openManifest } from './openManifest.ts';
import { openReference } from './openReference.ts';
import { addRepository, removeRepository } from './pinRepository.ts';
import { type PullParts, pull, pullFile } from './pull.ts';
import { pullSeveral } from './pullSeveral.ts';
import { push } from './push.ts';
import { pushFiles } from './pushFiles.ts';
import { type RecordParts, recordTraffic, stopRecording } from './recordTraffic.ts';
import { removeTags } from './removeTags.ts';
import { restore } from './restore.ts';
import {
  type Argument,
  addressesOf,
  artifactsOf,
  blobOf,
  dryRunInput,
  filesInput,
  isNode,
  pushInput,
  pushIntoRow,
  sideOf,
  tagsOf,
} from './rowInputs.ts';
import { saveCopy } from './saveCopy.ts';
import { searchRepositories } from './searchRepositories.ts';
import { type CollectorParts, setCollectorHeaders } from './setCollectorHeaders.ts';
import { type KindParts, setRegistryKind } from './setRegistryKind.ts';
import { type SetSecretParts, setSecret } from './setSecret.ts';
import { type ActivityParts, showActivity, showActivityLog } from './showActivityLog.ts';
import { type DiagnosticsParts, showDiagnostics } from './showDiagnostics.ts';
import { showUnavailable, type UnavailableParts } from './showUnavailable.ts';
import { signOut } from './signOut.ts';
import type { MirrorParts } from './startMirror.ts';
import type { PushParts } from './startPush.ts';
import { compareWithEarlier, type HistoryParts, showTagHistory } from './tagHistory.ts';
import { validate } from './validate.ts';

/** What all commands together work with. */
export type CommandParts = ConnectParts &
  ConnectNamedParts &
  PushParts &
  PullParts &
  CacheParts &
  UnavailableParts &
  CompareParts &
  MirrorParts &
  ArrangeParts &
  SetSecretParts &
  ActivityParts &
  CollectorParts &
  DiagnosticsParts &
  RecordParts &
  KindParts &
  CleanUpParts &
  HistoryParts &
  TransferParts & { readonly local: Place; readonly consent: LayerConsent };

/** @param selection all rows or files that are selected, where there are several to select from */
type Run = (argument: Argument, selection?: Argument) => unknown;

/** What each command does. */
export type CommandTable = Readonly<Record<Exclude<CommandId, 'connectRegistry'>, Run>> & {
  /** Other commands connect as well. */
  readonly connectRegistry: (argument: Argument) => Promise<Place | undefined>;
};

/** Every command: from what it is called with to what it does. */
export function createCommandTable(parts: CommandParts): CommandTable {
  const { trees } = parts;
  const address = (argument: Argument) => isNode(argument) && addressOf(argument);
  const registry = (argument: Argument) => {
    const place = isNode(argument) ? placeOf(argument) : undefined;
    return place?.kind === 'registry' ? place : undefined;
  };
  const registryName = (argument: Argument) => (typeof argument === 'string' ? argument : registry(argument)?.id);
  const scope = (argument: Argument) => {
    const name = registryName(argument);
    return name === undefined ? undefined : { registry: name };
  };
  /** The user wants to know now: a registry that is left alone is asked, too. */
  const again = (argument: Argument): void => {
    if (!isNode(argument)) return;
    parts.availability.tryNow(placeOf(argument).id);
    trees.refresh(argument);
  };
  return {
    connectRegistry: (argument) => connectRegistry(parts, typeof argument === 'string' ? argument : undefined),
    connectNamedRegistry: (argument) => isNamedNode(argument) && connectNamedRegistry(parts, argument),
    disconnectRegistry: (argument) => disconnectRegistry(parts, registry(argument)),
    editCredentials: async (argument) => {
      const path = isNode(argument) && pathOf(argument);
      if (!path) return await editCredentials(parts, scope(argument));
      const reach = await askReach(placeOf(argument).id, path);
      return reach && (await editCredentials(parts, reach));
    },
    signOut: (argument) => signOut(parts, registryName(argument)),
    addRepository: (argument) => addRepository(parts, registry(argument)),
    removeRepository: (argument) => {
      const project = isNode(argument) &&
        argument.kind === 'folder' && { place: argument.place, project: argument.path };
      return removeRepository(parts, project || address(argument) || undefined);
    },
    searchRepositories: (argument) => searchRepositories(parts, isNode(argument) ? placeOf(argument) : undefined),
    setRegistryKind: (argument) => setRegistryKind(parts, registry(argument)),
    openInBrowser: (argument) => openInBrowser(parts, pageOf(argument)),
    refresh: () => {
      trees.refresh();
      parts.cacheView.refresh();
    },
    refreshRow: again,
    retry: again,
    setSecret: async (argument) => {
      const name = registryName(argument);
      if (name !== undefined && (await setSecret(parts, name))) trees.refresh();
    },
    showUnavailable: (argument) => showUnavailable(parts, registryName(argument)),
    showCache: () => showCache(),
    showDiagnostics: () => showDiagnostics(parts),
    showActivity: () => showActivity(),
    showActivityLog: (argument) => showActivityLog(parts, typeof argument === 'number' ? argument : undefined),
    recordTraffic: () => recordTraffic(parts),
    stopRecording: () => stopRecording(parts),
    setCollectorHeaders: () => setCollectorHeaders(parts),
    verifyCache: () => verifyCache(parts),
    pruneCache: () => pruneCache(parts),
    clearCache: () => clearCache(parts),
    readLayer: (argument) => {
      if (!isNode(argument) || argument.kind !== 'largeLayer') return;
      parts.consent.allow(argument.parent.descriptor);
      trees.refresh(argument.parent);
    },
    loadMore: (argument) => isNode(argument) && trees.loadMore(argument),
    push: (argument) => push(parts, pushInput(argument, parts.local)),
    pushHere: (argument) => push(parts, isNode(argument) ? pushIntoRow(argument) : {}),
    pushFiles: (argument, selection) => pushFiles(parts, filesInput(argument, selection)),
    pull: (argument, selection) => {
      const artifacts = artifactsOf(argument, selection);
      if (artifacts.length > 1) return pullSeveral(parts, artifacts);
      const blob = blobOf(argument);
      return blob === undefined ? pull(parts, address(argument) || undefined) : pullFile(parts, blob);
    },
    inspect: (argument) => inspect(parts, argument instanceof Uri ? argument : address(argument) || undefined),
    openManifest: (argument) => openManifest(parts, address(argument) || undefined),
    saveCopy: (argument) => saveCopy(parts, argument instanceof Uri ? argument : undefined),
    openReference: (argument) => openReference(parts, typeof argument === 'string' ? argument : undefined),
    copyReference: (argument, selection) => {
      const addresses = addressesOf(argument, selection);
      return addresses.length > 1 ? copyReferences(addresses) : copyReference(parts, addresses[0]);
    },
    copyDigest: (argument, selection) => {
      const addresses = artifactsOf(argument, selection);
      return addresses.length > 1 ? copyDigests(parts, addresses) : copyDigest(parts, address(argument) || undefined);
    },
    copyPullCommand: (argument) => copyPullCommand(parts, address(argument) || undefined),
    copySnippet: (argument) => copySnippet(parts, address(argument) || undefined),
    copyTo: (argument, selection) => {
      const tags = artifactsOf(argument, selection).filter(({ tag }) => tag !== undefined);
      return tags.length > 1 ? copySeveral(parts, tags) : copyTo(parts, address(argument) || undefined);
    },
    mirror: (argument) => mirror(parts, address(argument) || undefined),
    backup: (argument) => backUp(parts, address(argument) || undefined),
    restore: (argument) => restore(parts, isNode(argument) ? pushIntoRow(argument) : {}),
    dryRun: (argument) => dryRun(parts, dryRunInput(argument)),
    addTag: (argument) => addTag(parts, address(argument) || undefined),
    deleteTag: (argument, selection) => {
      const groups = tagsOf(addressesOf(argument, selection));
      const isOne = groups.reduce((count, { tags }) => count + tags.length, 0) < 2;
      return isOne ? deleteTag(parts, address(argument) || undefined) : removeTags(parts, groups);
    },
    cleanUpTags: (argument) => cleanUpTags(parts, address(argument) || undefined),
    showTagHistory: (argument) => showTagHistory(parts, address(argument) || undefined),
    compareWithEarlier: (argument) => compareWithEarlier(parts, address(argument) || undefined),
    deleteManifest: (argument) => deleteManifest(parts, address(argument) || undefined),
    attach: (argument) => attach(parts, address(argument) || undefined),
    validate: (argument) => validate(parts, address(argument) || undefined),
    selectForCompare: (argument) => selectForCompare(parts, sideOf(argument)),
    compareWithSelected: (argument) => compareWithSelected(parts, sideOf(argument)),
    filterTags: (argument) => filterTags(parts, address(argument) || undefined),
    sortTags: (argument) => sortTags(parts, address(argument) || undefined),
    cancelTransfer: () => cancelTransfer(parts),
    retryTransfer: () => retryTransfer(parts),
  };
}

/** What a row's page in the registry is about; undefined where it has none. */
function pageOf(argument: Argument): Page | undefined {
  if (!isNode(argument)) return undefined;
  return argument.kind === 'place' ? { place: argument.place } : addressOf(argument);
}

/** The path of a row that stands for several repositories or one. */
function pathOf(node: Node): string | undefined {
  if (node.kind === 'folder') return node.path;
  return node.kind === 'repository' ? node.repository : undefined;
}
