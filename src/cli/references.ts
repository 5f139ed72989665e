import { type Command, Option } from 'commander';
import { parseReference, parseTag, type Reference } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';

/** The options that name content besides a REF: `-r` its place, `-t` its tag. */
export interface ReferenceOptions {
  readonly registry?: string;
  readonly tag?: string;
}

/** What a command was pointed at. */
export interface Named {
  readonly reference: Reference;
  /** How: by REF, by `-r` (and `-t`), or by the manifest.yaml (and `-t`). */
  readonly by: 'REF' | 'options' | 'manifest';
  /** The operands after the REF. */
  readonly rest: readonly string[];
  /** What else the command names, so that a credential for one registry goes to no other. */
  readonly also?: readonly Reference[];
}

/** Adds `-r` and, where the command is about one tag, `-t`. */
export function addReferenceOptions(command: Command, options: { readonly tag: boolean }): Command {
  command.addOption(new Option('-r, --registry <uri>', 'oci://HOST/REPOSITORY or layout:PATH, instead of REF'));
  return options.tag ? command.addOption(new Option('-t, --tag <tag>', 'the tag, with -r or manifest.yaml')) : command;
}

const FORMS = 'Give REF, or -r oci://HOST/REPOSITORY (or -r layout:PATH) with -t TAG';

/**
 * REF, or `-r` and `-t`, or what the manifest.yaml names with `-t`.
 * @throws CliError WRONG_USAGE when nothing or two things are named; OciError INVALID_REFERENCE
 */
export async function readReference(
  operands: readonly string[],
  { registry, tag }: ReferenceOptions,
  ofManifest: () => Promise<Reference | undefined>,
): Promise<Named> {
  const [first, ...rest] = operands;
  if (registry === undefined && tag === undefined && first !== undefined) {
    return { reference: parseReference(first), by: 'REF', rest };
  }
  const place = registry === undefined ? await ofManifest() : parseReference(registry);
  if (place === undefined) {
    throw wrongUsage(
      'Nothing says which registry or layout is meant.',
      `${FORMS}; -r may be left out beside a manifest.yaml with artifacts.registry.uri.`,
    );
  }
  const reference = tag === undefined ? place : withTag(place, tag);
  return { reference, by: registry === undefined ? 'manifest' : 'options', rest: operands };
}

function withTag(place: Reference, tag: string): Reference {
  if (place.tag !== undefined || place.digest !== undefined) {
    throw wrongUsage('-r names a tag or a digest already, and -t another one.', 'Leave one of them out.');
  }
  return { ...place, tag: parseTag(tag) };
}

/** @throws CliError WRONG_USAGE when operands are left that the command has no use for */
export function refuseOperands({ by, rest }: Named): void {
  const [extra] = rest;
  if (extra === undefined) return;
  throw wrongUsage(
    `"${extra}" is one thing too many.`,
    by === 'REF' ? 'One REF is accepted.' : 'Give either REF, or -r and -t.',
  );
}

/** The operands that are files. @throws CliError WRONG_USAGE when one of them is a second reference */
export function filesOf(named: Named): readonly string[] {
  refuseOperands({ ...named, rest: named.rest.filter((operand) => operand.startsWith('oci://')) });
  return named.rest;
}

/** The tag to push to. @throws CliError WRONG_USAGE when there is none, or a digest, which is not ours to choose */
export function tagOf({ tag, digest }: Reference): NonNullable<Reference['tag']> {
  if (digest !== undefined)
    throw wrongUsage('A digest is given where a tag is needed.', 'The digest follows from the content.');
  if (tag === undefined) throw wrongUsage('No tag is given.', 'Give -t TAG, or REF ending in :TAG.');
  return tag;
}

/** What in a place: its digest, which decides where both are given, or its tag. */
export function versionOf(reference: Reference): NonNullable<Reference['tag'] | Reference['digest']> {
  const version = reference.digest ?? reference.tag;
  if (version === undefined) {
    throw wrongUsage('Neither a tag nor a digest is given.', 'Give -t TAG, or REF ending in :TAG or @DIGEST.');
  }
  return version;
}
