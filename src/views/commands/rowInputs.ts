import { Uri } from 'vscode';
import { type Digest, isManifestDescriptor } from '../../oci/index.ts';
import type { CompareSide } from '../compareSelection.ts';
import { documentName, documentUri } from '../documentUri.ts';
import type { PulledBlob } from '../operations/findPull.ts';
import { type Address, nameOf, type Place } from '../places.ts';
import { addressOf, type Node, type NodeOf, placeOf } from '../tree/node.ts';
import { shortName } from './compare.ts';
import type { DryRunInput } from './dryRun.ts';
import type { PushInput } from './push.ts';
import type { PushFilesInput } from './pushFiles.ts';
import type { TagsOf } from './removeTags.ts';

/** What a command was called with: a row, a file of the Explorer, a word from package.json; nothing from the palette. */
export type Argument = unknown;

/** Whether a command was started on a row of a tree of content. */
export function isNode(argument: Argument): argument is Node {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && 'id' in argument;
}

/** What the rows stand for that a command is for: all that are selected, when it was called on one of them. */
export function addressesOf(argument: Argument, selection: Argument): readonly Address[] {
  const selected = Array.isArray(selection) ? selection.filter(isNode) : [];
  const rows = selected.length > 0 ? selected : [argument].filter(isNode);
  return rows.map(addressOf).filter((address) => address !== undefined);
}

/** The artifacts among them, each once. */
export function artifactsOf(argument: Argument, selection: Argument): readonly Address[] {
  const addresses = addressesOf(argument, selection).filter(({ tag, digest }) => (tag ?? digest) !== undefined);
  return [...new Map(addresses.map((address) => [nameOf(address), address])).values()];
}

/** The tags among them, by repository. */
export function tagsOf(addresses: readonly Address[]): readonly TagsOf[] {
  const tagged = addresses.flatMap(({ tag, ...rest }) => (tag === undefined ? [] : [{ ...rest, tag }]));
  const groups = Map.groupBy(tagged, ({ place, repository }) => `${place.id}|${repository}`);
  return [...groups.values()].flatMap((rows): readonly TagsOf[] => {
    const [first] = rows;
    if (first === undefined) return [];
    return [{ place: first.place, repository: first.repository, tags: [...new Set(rows.map(({ tag }) => tag))] }];
  });
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

/** What a dry run that is started on a row is about. */
export function dryRunInput(argument: Argument): DryRunInput {
  const address = isNode(argument) ? addressOf(argument) : undefined;
  if (address === undefined) return {};
  const { place, repository, tag, digest } = address;
  return (digest ?? tag) === undefined ? { repository: { place, repository } } : { content: address };
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
  const address = { place, repository, digest: descriptor.digest };
  return { address, manifest: signedManifestOf(argument), descriptor, name: documentName(argument) };
}

/**
 * The manifest whose signature vouches for a row: what the tag names vouches for all below it, but not for what only refers to
 * it, which is signed by itself or not at all.
 */
function signedManifestOf(node: NodeOf<'content'>): Digest {
  const { parent, manifest } = node;
  if (parent.kind === 'content') return parent.referrer === undefined ? signedManifestOf(parent) : manifest;
  return parent.kind === 'tag' ? (parent.content?.descriptor.digest ?? manifest) : manifest;
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
