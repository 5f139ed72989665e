import type { CommandId } from '../commandIds.ts';
import type { Place } from '../places.ts';
import { isNamedNode } from '../tree/namedNode.ts';
import { addressOf, type Node, placeOf } from '../tree/node.ts';
import { addTag } from './addTag.ts';
import { type ArrangeParts, filterTags, sortTags } from './arrangeTags.ts';
import { askReach } from './askScope.ts';
import { attach } from './attach.ts';
import { type CacheParts, clearCache, pruneCache, showCache, verifyCache } from './cacheCommands.ts';
import { cancelTransfer, retryTransfer, type TransferParts } from './cancelTransfer.ts';
import { type CompareParts, compareWithSelected, selectForCompare } from './compare.ts';
import { type ConnectNamedParts, connectNamedRegistry } from './connectNamedRegistry.ts';
import { type ConnectParts, connectRegistry } from './connectRegistry.ts';
import { copyPullCommand } from './copyPullCommand.ts';
import { copyDigest, copyReference } from './copyText.ts';
import { copyTo } from './copyTo.ts';
import { deleteManifest, deleteTag } from './deleteContent.ts';
import { disconnectRegistry } from './disconnectRegistry.ts';
import { editCredentials } from './editCredentials.ts';
import { type MirrorParts, mirror } from './mirror.ts';
import { openManifest } from './openManifest.ts';
import { openReference } from './openReference.ts';
import { addRepository, removeRepository } from './pinRepository.ts';
import { type PullParts, pull, pullFile } from './pull.ts';
import { type PushParts, push } from './push.ts';
import { pushFiles } from './pushFiles.ts';
import { type Argument, blobOf, filesInput, isNode, pushInput, pushIntoRow, sideOf } from './rowInputs.ts';
import { type SetSecretParts, setSecret } from './setSecret.ts';
import { showUnavailable, type UnavailableParts } from './showUnavailable.ts';
import { signOut } from './signOut.ts';
import { validate } from './validate.ts';

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
  TransferParts & { readonly local: Place };

/** @param selection all rows or files that are selected, where there are several to select from */
type Run = (argument: Argument, selection?: Argument) => unknown;

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
  const inspect = (argument: Argument) => openManifest(parts, address(argument) || undefined);
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
    removeRepository: (argument) => removeRepository(parts, address(argument) || undefined),
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
    verifyCache: () => verifyCache(parts),
    pruneCache: () => pruneCache(parts),
    clearCache: () => clearCache(parts),
    loadMore: (argument) => isNode(argument) && trees.loadMore(argument),
    push: (argument) => push(parts, pushInput(argument, parts.local)),
    pushHere: (argument) => push(parts, isNode(argument) ? pushIntoRow(argument) : {}),
    pushFiles: (argument, selection) => pushFiles(parts, filesInput(argument, selection)),
    pull: (argument) => {
      const blob = blobOf(argument);
      return blob === undefined ? pull(parts, address(argument) || undefined) : pullFile(parts, blob);
    },
    inspect,
    openManifest: inspect,
    openReference: () => openReference(parts),
    copyReference: (argument) => copyReference(parts, address(argument) || undefined),
    copyDigest: (argument) => copyDigest(parts, address(argument) || undefined),
    copyPullCommand: (argument) => copyPullCommand(parts, address(argument) || undefined),
    copyTo: (argument) => copyTo(parts, address(argument) || undefined),
    mirror: (argument) => mirror(parts, address(argument) || undefined),
    addTag: (argument) => addTag(parts, address(argument) || undefined),
    deleteTag: (argument) => deleteTag(parts, address(argument) || undefined),
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

/** The path of a row that stands for several repositories or one. */
function pathOf(node: Node): string | undefined {
  if (node.kind === 'folder') return node.path;
  return node.kind === 'repository' ? node.repository : undefined;
}
