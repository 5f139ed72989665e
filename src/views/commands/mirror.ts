import { l10n, window } from 'vscode';
import type { CopiedArtifact } from '../../floe/copyArtifact.ts';
import { blobsOf } from '../../floe/copySummary.ts';
import { compileGlob } from '../../floe/glob.ts';
import { mirrorArtifacts } from '../../floe/mirrorArtifacts.ts';
import { TagPolicy } from '../../floe/tagPolicy.ts';
import type { MirrorResult } from '../../oci/index.ts';
import { codeSpan } from '../codeSpan.ts';
import { describeError, explain } from '../describeError.ts';
import { movedText } from '../movedText.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import { askRepositoryAddress } from './askAddress.ts';
import { askTargetRepository } from './askDestination.ts';
import { askWithReferrers } from './askWithReferrers.ts';
import { orCreate } from './orCreate.ts';
import type { PushParts } from './push.ts';
import { showDestination } from './showDestination.ts';
import { validateWith } from './validateWith.ts';

/** What mirroring works with. */
export interface MirrorParts extends PushParts {
  readonly reports: Reports;
}

/** Copies the tags of a repository to another one. Nothing is removed there, and protected tags are not moved. */
export async function mirror(parts: MirrorParts, known?: Partial<Address>): Promise<void> {
  const source = await askRepositoryAddress(l10n.t('Mirror'), parts.book, known);
  if (source === undefined) return;
  const title = l10n.t('Mirror {0}', nameOf(source));
  const filter = await window.showInputBox({
    title,
    prompt: l10n.t('Tags to copy, as a glob; empty for all'),
    placeHolder: 'v1.*',
    ignoreFocusOut: true,
    validateInput: validateWith((text) => text === '' || compileGlob(text, l10n.t('the filter'))),
  });
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
  const { concurrency, tagPatterns } = parts.settings;
  const pattern = filter.trim();
  await parts.transfers.start({
    title: l10n.t('Mirroring {0} to {1}', nameOf(source), nameOf(destination)),
    action: 'mirror',
    operation: 'mirror',
    about: factsOf(destination),
    run: (call) =>
      orCreate(destination, call, async () => {
        const from = await source.place.open(source.repository, call);
        const to = await destination.place.open(destination.repository, { ...call, create: true });
        const result = await mirrorArtifacts(from, to, {
          ...call,
          ...(pattern !== '' && { filter: compileGlob(pattern, l10n.t('the filter')) }),
          concurrency,
          referrers,
          tagPolicy: new TagPolicy(tagPatterns),
          check: parts.clients.for(source).check,
        });
        const [first] = result.failed;
        // Nothing was done: the reason is worth more than a list of failures.
        if (result.copied.length === 0 && first !== undefined) throw first.error;
        return result;
      }),
    done: async (result) => {
      await showDestination(parts, { place: destination.place, repository: destination.repository });
      await present(parts, source, destination, result);
    },
  });
}

async function present(
  { reports }: MirrorParts,
  source: Address,
  { place, repository }: Address,
  { copied, failed }: MirrorResult<CopiedArtifact>,
): Promise<void> {
  const changed = copied.filter(({ result }) => result.outcome === 'copied').length;
  const same = copied.length - changed;
  const [from, to] = [nameOf(source), nameOf({ place, repository })];
  const counts = [
    l10n.t('{0} of {1} tags', changed, copied.length + failed.length),
    ...(same === 0 ? [] : [l10n.t('{0} were there', same)]),
  ].join(', ');
  const moved = movedText(blobsOf(copied.map(({ result }) => result)));
  const message = l10n.t('Mirrored {0} to {1}: {2}; {3}.', from, to, counts, moved);
  if (failed.length === 0) return void window.showInformationMessage(plainText(message));
  const report = l10n.t('Show Report');
  const answer = await window.showWarningMessage(
    plainText(`${message} ${l10n.t('{0} failed.', failed.length)}`),
    report,
  );
  if (answer !== report) return;
  const lines = failed.map(({ tag, error }) => `- ${tag}: ${codeSpan(explain(describeError(error)))}`);
  await reports.open(
    'mirror.md',
    [`# ${l10n.t('Mirror {0} to {1}', from, to)}`, '', l10n.t('These tags were not copied:'), '', ...lines, ''].join(
      '\n',
    ),
  );
}
