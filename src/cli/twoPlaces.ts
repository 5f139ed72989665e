import { parseReference, type Reference } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { Named, ReferenceOptions } from './references.ts';
import type { Session } from './session.ts';

/** What a command reads from and what it writes to, or what it compares. */
export interface TwoPlaces {
  readonly source: Named;
  readonly destination: Named;
}

/**
 * The first place by REF, by `-r` and `-t`, or by the manifest.yaml, the other one by the operand after it.
 * @param read how the other operand is read; default as a reference
 * @throws CliError WRONG_USAGE when there is not just one more operand; OciError INVALID_REFERENCE
 */
export async function twoPlaces(
  session: Session,
  operands: readonly string[],
  options: ReferenceOptions,
  read: (operand: string) => Reference = parseReference,
): Promise<TwoPlaces> {
  const source = await session.named(operands, options);
  const [other, extra] = source.rest;
  if (other === undefined) throw wrongUsage('The second place is not given.', 'Two are needed.');
  if (extra !== undefined) throw wrongUsage(`"${extra}" is one thing too many.`, 'Two places are accepted.');
  const reference = read(other);
  return {
    source: { ...source, also: [reference] },
    destination: { reference, by: 'REF', rest: [], also: [source.reference] },
  };
}

/** A folder on the command line, with or without `layout:` before it. */
export function folderReference(operand: string): Reference {
  if (operand.startsWith('layout:')) return parseReference(operand);
  if (operand === '') throw wrongUsage('No folder is given.', 'Give the path of a folder.');
  return { kind: 'layout', path: operand };
}

/** Whole repositories have no tag and no digest. @throws CliError WRONG_USAGE */
export function refuseVersion({ tag, digest }: Reference, hint: string): void {
  const version = digest ?? tag;
  if (version !== undefined) throw wrongUsage(`"${version}" is given where a repository is meant.`, hint);
}
