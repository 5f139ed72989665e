import { window } from 'vscode';
import type { CopiedArtifact } from '../../floe/copyArtifact.ts';
import { blobsOf, movedText } from '../../floe/copySummary.ts';
import { compileGlob } from '../../floe/glob.ts';
import { mirrorArtifacts } from '../../floe/mirrorArtifacts.ts';
import { TagPolicy } from '../../floe/tagPolicy.ts';
import type { MirrorResult } from '../../oci/index.ts';
import { codeSpan } from '../codeSpan.ts';
import { describeError, explain } from '../describeError.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import { askRepositoryAddress } from './askAddress.ts';
import { askTargetRepository } from './askDestination.ts';
import { askWithReferrers } from './askWithReferrers.ts';
import type { PushParts } from './push.ts';
import { showDestination } from './showDestination.ts';
import { validateWith } from './validateWith.ts';

export interface MirrorParts extends PushParts {
  readonly reports: Reports;
}

/** Copies the tags of a repository to another one. Nothing is removed there, and protected tags are not moved. */
export async function mirror(parts: MirrorParts, known?: Partial<Address>): Promise<void> {
  const source = await askRepositoryAddress('Mirror', parts.book, known);
  if (source === undefined) return;
  const title = `Mirror ${nameOf(source)}`;
  const filter = await window.showInputBox({
    title,
    prompt: 'Tags to copy, as a glob; empty for all',
    placeHolder: 'v1.*',
    ignoreFocusOut: true,
    validateInput: validateWith((text) => text === '' || compileGlob(text, 'the filter')),
  });
  if (filter === undefined) return;
  const destination = await askTargetRepository(
    parts.book,
    {},
    {
      verb: title,
      proposeRepository: () => source.repository,
    },
  );
  if (destination === undefined) return;
  const referrers = await askWithReferrers(title, 'signatures, SBOMs, attestations');
  if (referrers === undefined) return;
  const { concurrency, tagPatterns } = parts.settings;
  const pattern = filter.trim();
  await parts.transfers.start({
    title: `Mirroring ${nameOf(source)} to ${nameOf(destination)}`,
    action: 'mirror',
    run: async (call) => {
      const from = await source.place.open(source.repository, call);
      const to = await destination.place.open(destination.repository, { ...call, create: true });
      const result = await mirrorArtifacts(from, to, {
        ...call,
        ...(pattern !== '' && { filter: compileGlob(pattern, 'the filter') }),
        concurrency,
        referrers,
        tagPolicy: new TagPolicy(tagPatterns),
      });
      const [first] = result.failed;
      // Nothing was done: the reason is worth more than a list of failures.
      if (result.copied.length === 0 && first !== undefined) throw first.error;
      return result;
    },
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
  const names = `${nameOf(source)} to ${nameOf({ place, repository })}`;
  const counts = [`${changed} of ${copied.length + failed.length} tags`, ...(same === 0 ? [] : [`${same} were there`])];
  const message = `Mirrored ${names}: ${counts.join(', ')}; ${movedText(blobsOf(copied.map(({ result }) => result)))}.`;
  if (failed.length === 0) return void window.showInformationMessage(plainText(message));
  const report = 'Show Report';
  const answer = await window.showWarningMessage(plainText(`${message} ${failed.length} failed.`), report);
  if (answer !== report) return;
  const lines = failed.map(({ tag, error }) => `- ${tag}: ${codeSpan(explain(describeError(error)))}`);
  await reports.open(
    'mirror.md',
    [`# Mirror ${names}`, '', 'These tags were not copied:', '', ...lines, ''].join('\n'),
  );
}
