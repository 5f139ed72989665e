import { l10n } from 'vscode';
import { type Address, nameOf } from '../places.ts';
import { askRepositoryAddress } from './askAddress.ts';
import { askTargetRepository } from './askDestination.ts';
import { askTagFilter } from './askTagFilter.ts';
import { askWithReferrers } from './askWithReferrers.ts';
import { type BeginMirror, type MirrorParts, startMirror } from './startMirror.ts';

/**
 * Copies the tags of a repository to another one. Nothing is removed there, and protected tags are not moved.
 * @param begin what is done once everything is known; default: they are copied
 */
export async function mirror(
  parts: MirrorParts,
  known?: Partial<Address>,
  begin: BeginMirror = startMirror,
): Promise<void> {
  const source = await askRepositoryAddress(l10n.t('Mirror'), parts.book, known);
  if (source === undefined) return;
  const title = l10n.t('Mirror {0}', nameOf(source));
  const filter = await askTagFilter(title);
  if (filter === undefined) return;
  const destination = await askTargetRepository(
    parts.book,
    {},
    {
      titleTo: (where) =>
        where === undefined
          ? l10n.t('Mirror {0} to', nameOf(source))
          : l10n.t('Mirror {0} to {1}', nameOf(source), where),
      proposeRepository: () => source.repository,
    },
  );
  if (destination === undefined) return;
  const referrers = await askWithReferrers(title, l10n.t('signatures, SBOMs, attestations'));
  if (referrers === undefined) return;
  await begin(parts, { kind: 'mirror', source, destination, filter, referrers });
}
