import { Uri } from 'vscode';
import { isManifestDescriptor } from '../../oci/index.ts';
import type { CompareSide } from '../compareSelection.ts';
import { documentName, documentUri } from '../documentUri.ts';
import type { Place } from '../places.ts';
import { addressOf, type Node, placeOf } from '../tree/node.ts';
import { shortName } from './compare.ts';
import type { PulledBlob } from './pull.ts';
import type { PushInput } from './push.ts';
import type { PushFilesInput } from './pushFiles.ts';

/** What a command was called with: a row, a file of the Explorer, a word from package.json; nothing from the palette. */
export type Argument = unknown;

export function isNode(argument: Argument): argument is Node {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && 'id' in argument;
}

/** From a view's title the argument is whichever row has the focus: nobody has chosen that as a destination. */
export function pushInput(argument: Argument, local: Place): PushInput {
  if (argument === local.id) return { place: local };
  return argument instanceof Uri ? { file: argument } : {};
}

/** The repository that a row stands for, or its place. */
export function pushIntoRow(node: Node): PushInput {
  const { repository } = addressOf(node) ?? {};
  return { place: placeOf(node), ...(repository === undefined ? {} : { repository }) };
}

/** The Explorer gives the file under the pointer and all that are selected; a row is where they go to. */
export function filesInput(argument: Argument, selection: Argument): PushFilesInput {
  if (isNode(argument)) return pushIntoRow(argument);
  if (!(argument instanceof Uri)) return {};
  const files = Array.isArray(selection) ? selection.filter((file) => file instanceof Uri) : [];
  return { files: files.length === 0 ? [argument] : files };
}

/** A row that stands for a config or a layer; undefined for all others. */
export function blobOf(argument: Argument): PulledBlob | undefined {
  if (!isNode(argument) || argument.kind !== 'content' || isManifestDescriptor(argument.descriptor)) return undefined;
  const { place, repository, descriptor } = argument;
  return { address: { place, repository, digest: descriptor.digest }, descriptor, name: documentName(argument) };
}

/** What a row is in a comparison; undefined where there is nothing to compare. JSON is laid out on lines of its own. */
export function sideOf(argument: Argument): CompareSide | undefined {
  if (!isNode(argument)) return undefined;
  const address = addressOf(argument);
  if (address === undefined) return undefined;
  const blob = blobOf(argument);
  if (blob === undefined || argument.kind !== 'content') return { address, name: shortName(address) };
  const { descriptor } = blob;
  const uri = documentUri({ ...argument, isIndented: /[+/]json$/.test(descriptor.mediaType) });
  return { address, name: `${shortName({ ...address, tag: argument.tag })} ${blob.name}`, blob: { descriptor, uri } };
}
