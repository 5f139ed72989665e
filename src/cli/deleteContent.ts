import {
  cancelled,
  formatReference,
  type ManifestDescriptor,
  planRemoval,
  type Reference,
  type Tag,
  throwIfAborted,
  visible,
} from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import { type Named, versionOf } from './references.ts';
import type { Session } from './session.ts';

/** What was removed, or is about to be. */
interface Removal {
  readonly removed: 'tag' | 'manifest';
  readonly digest: string;
  /** Tags that go. */
  readonly tags: readonly Tag[];
  /** What refers to a manifest that goes; it stays. */
  readonly referrers: readonly ManifestDescriptor[];
}

/** Removes a tag and nothing else. @throws OciError NOT_FOUND, UNSUPPORTED, CANCELLED when a person says no */
export async function deleteTag(session: Session, named: Named, tag: Tag, isSure: boolean): Promise<void> {
  const store = await session.repository(named);
  const { digest } = await store.resolve(tag, session.call);
  session.tell({ digest });
  const place = placeOf(named.reference);
  await confirm(session, `Remove the tag ${tag} from ${place}? What it names (${digest}) stays.`, isSure);
  await store.untag(tag, session.call);
  const text = `Removed the tag ${tag} from ${place}.`;
  await report(session, named.reference, text, { removed: 'tag', digest, tags: [tag], referrers: [] });
}

/** Removes a manifest with all its tags. @throws OciError NOT_FOUND, UNSUPPORTED, CANCELLED when a person says no */
export async function deleteManifest(session: Session, named: Named, isSure: boolean): Promise<void> {
  const version = versionOf(named.reference);
  const store = await session.repository(named);
  const { descriptor, tags, referrers } = await planRemoval(store, version, session.scope);
  const { digest } = descriptor;
  session.tell({ digest });
  const place = placeOf(named.reference);
  const question = `Remove the manifest ${digest} from ${place}? ${tagsToGo(tags)}${referrersToStay(referrers)}`;
  await confirm(session, question, isSure);
  await store.delete(descriptor, session.call);
  const text = `Removed the manifest ${digest} from ${place}. ${tagsToGo(tags)}${referrersToStay(referrers)}`;
  await report(session, named.reference, text, { removed: 'manifest', digest, tags, referrers });
}

function tagsToGo(tags: readonly Tag[]): string {
  return tags.length === 0 ? 'No tag names it.' : `Its tags go with it: ${tags.join(', ')}.`;
}

function referrersToStay(referrers: readonly ManifestDescriptor[]): string {
  if (referrers.length === 0) return '';
  const names = referrers.map(({ artifactType, digest }) => `${artifactType ?? 'unknown type'} ${digest}`);
  return ` These referred to it, and stay: ${names.join(', ')}.`;
}

/** @throws CliError WRONG_USAGE where nobody can be asked; OciError CANCELLED */
async function confirm({ io }: Session, question: string, isSure: boolean): Promise<void> {
  if (isSure) return;
  if (io.confirm === undefined) {
    throw wrongUsage('There is no terminal to ask on whether to remove this.', 'Give --yes to remove it unasked.');
  }
  const isConfirmed = await io.confirm(visible(question));
  throwIfAborted(io.signal);
  if (!isConfirmed) throw cancelled();
}

async function report(session: Session, reference: Reference, text: string, removal: Removal): Promise<void> {
  if (!session.options.json) return session.output.line(text);
  await session.output.json({ reference: formatReference(reference), ...removal });
}

function placeOf({ tag: _tag, digest: _digest, ...place }: Reference): string {
  return formatReference(place);
}
