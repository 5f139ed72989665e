import { Uri } from 'vscode';
import type { CommandId } from '../commandIds.ts';
import type { Place } from '../places.ts';
import { addressOf, type Node, placeOf } from '../tree/node.ts';
import { askReach } from './askScope.ts';
import { type ConnectParts, connectRegistry } from './connectRegistry.ts';
import { copyDigest, copyReference } from './copyText.ts';
import { disconnectRegistry } from './disconnectRegistry.ts';
import { editCredentials } from './editCredentials.ts';
import { openManifest } from './openManifest.ts';
import { openReference } from './openReference.ts';
import { addRepository, removeRepository } from './pinRepository.ts';
import { type PullParts, pull } from './pull.ts';
import { type PushInput, type PushParts, push } from './push.ts';
import { signOut } from './signOut.ts';

export interface CommandParts extends ConnectParts, PushParts, PullParts {
  readonly local: Place;
}

/** What a command was called with: a row, a file of the Explorer, a word from package.json; nothing from the palette. */
type Argument = unknown;

export type CommandTable = Readonly<Record<Exclude<CommandId, 'connectRegistry'>, (argument: Argument) => unknown>> & {
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
  return {
    connectRegistry: (argument) => connectRegistry(parts, typeof argument === 'string' ? argument : undefined),
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
    refresh: () => trees.refresh(),
    refreshRow: (argument) => isNode(argument) && trees.refresh(argument),
    retry: (argument) => isNode(argument) && trees.refresh(argument),
    loadMore: (argument) => isNode(argument) && trees.loadMore(argument),
    push: (argument) => push(parts, pushInput(argument, parts.local)),
    pushHere: (argument) => push(parts, isNode(argument) ? pushIntoRow(argument) : {}),
    pull: (argument) => pull(parts, address(argument) || undefined),
    inspect,
    openManifest: inspect,
    openReference: () => openReference(parts),
    copyReference: (argument) => copyReference(parts, address(argument) || undefined),
    copyDigest: (argument) => copyDigest(parts, address(argument) || undefined),
  };
}

/** From a view's title the argument is whichever row has the focus: nobody has chosen that as a destination. */
function pushInput(argument: Argument, local: Place): PushInput {
  if (argument === local.id) return { place: local };
  return argument instanceof Uri ? { file: argument } : {};
}

function pushIntoRow(node: Node): PushInput {
  const { repository } = addressOf(node) ?? {};
  return { place: placeOf(node), ...(repository === undefined ? {} : { repository }) };
}

/** The path of a row that stands for several repositories or one. */
function pathOf(node: Node): string | undefined {
  if (node.kind === 'folder') return node.path;
  return node.kind === 'repository' ? node.repository : undefined;
}

function isNode(argument: Argument): argument is Node {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && 'id' in argument;
}
