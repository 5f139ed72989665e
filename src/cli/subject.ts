import { resolve } from 'node:path';
import { type ManifestDescriptor, parseReference, type ReadableStore, type Reference } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import { versionOf } from './references.ts';
import type { Session } from './session.ts';

/**
 * What is to be the subject of an artifact that goes to a place: it is in the same one, where referrers are looked for.
 * @throws CliError WRONG_USAGE when it is named elsewhere; OciError INVALID_REFERENCE, NOT_FOUND
 */
export async function resolveSubject(
  { io, call }: Session,
  target: ReadableStore,
  place: Reference,
  text: string,
): Promise<ManifestDescriptor> {
  const subject = parseReference(text);
  const version = versionOf(subject);
  if (placeKey(subject, io.cwd) !== placeKey(place, io.cwd)) {
    throw wrongUsage(
      'The subject is in another place than the files go to.',
      'An artifact and its subject are in one repository or layout: copy the subject there first.',
    );
  }
  return target.resolve(version, call);
}

function placeKey(reference: Reference, cwd: string): string {
  return reference.kind === 'layout'
    ? `layout ${resolve(cwd, reference.path)}`
    : `${reference.registry}/${reference.repository}`;
}
