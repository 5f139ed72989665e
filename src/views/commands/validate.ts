import { l10n, window } from 'vscode';
import {
  type ManifestDescriptor,
  type Repository,
  type ValidationReport,
  validate as validateIn,
} from '../../oci/index.ts';
import { codeSpan } from '../codeSpan.ts';
import { describeError, explain } from '../describeError.ts';
import { formatSize } from '../format.ts';
import { type Address, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import type { Reports } from '../reports.ts';
import { factsOf } from '../telemetry/observeAt.ts';
import type { Transfers } from '../transfers/transfers.ts';
import { askAddress } from './askAddress.ts';
import type { ContentParts } from './openManifest.ts';

/** What validating works with. */
export interface ValidateParts extends ContentParts {
  readonly settings: { readonly concurrency: number };
  readonly reports: Reports;
  readonly transfers: Transfers;
}

/** Reads everything that can be reached from an artifact, or from all tags of a repository, and recomputes every digest and size. */
export async function validate(parts: ValidateParts, known?: Partial<Address>): Promise<void> {
  const address =
    known?.place !== undefined && known.repository !== undefined
      ? { ...known, place: known.place, repository: known.repository }
      : await askAddress(l10n.t('Validate'), parts.book, known);
  if (address === undefined) return;
  const { concurrency } = parts.settings;
  await parts.transfers.start({
    title: l10n.t('Validating {0}', nameOf(address)),
    action: 'validate',
    operation: 'validate',
    about: factsOf(address),
    run: async (call) => {
      const store = await address.place.open(address.repository, call);
      return await validateIn(store, await rootsOf(store, address, call), { ...call, concurrency });
    },
    done: (report) => present(parts, address, report),
  });
}

async function rootsOf(
  store: Repository,
  { tag, digest }: Address,
  call: { readonly signal: AbortSignal },
): Promise<readonly ManifestDescriptor[]> {
  const version = digest ?? tag;
  if (version !== undefined) return [await store.resolve(version, call)];
  const roots: ManifestDescriptor[] = [];
  for await (const each of store.tags(call)) roots.push(await store.resolve(each, call));
  return roots;
}

async function present({ reports }: ValidateParts, address: Address, report: ValidationReport): Promise<void> {
  const { checked, problems } = report;
  const show = l10n.t('Show Report');
  const name = nameOf(address);
  const answer =
    problems.length === 0
      ? await window.showInformationMessage(
          plainText(l10n.t('Validated {0}: all {1} blobs and manifests are as they should be.', name, checked.length)),
          show,
        )
      : await window.showWarningMessage(
          plainText(
            l10n.t(
              '{0} of {1} blobs and manifests in {2} are missing, or are not what their descriptors say.',
              problems.length,
              checked.length,
              name,
            ),
          ),
          show,
        );
  if (answer === show) await reports.open(`validate ${address.tag ?? 'report'}.md`, validationText(name, report));
}

/** What was looked at and what is wrong with it, as Markdown. */
export function validationText(name: string, { checked, problems }: ValidationReport): string {
  const wrong = new Set(problems.map(({ descriptor }) => descriptor.digest));
  const good = checked.filter(({ descriptor }) => !wrong.has(descriptor.digest));
  const bytes = good.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  return [
    `# ${l10n.t('Validation of {0}', plainText(name))}`,
    '',
    l10n.t(
      '{0} of {1} blobs and manifests are what their descriptors say ({2}).',
      good.length,
      checked.length,
      formatSize(bytes),
    ),
    '',
    ...(problems.length === 0 ? [] : [`## ${l10n.t('Problems')}`, '']),
    ...problems.flatMap(({ descriptor, path, error }) => [
      `- ${descriptor.digest}`,
      `  ${codeSpan(descriptor.mediaType)}, ${formatSize(descriptor.size)}`,
      `  ${error.code}: ${codeSpan(explain(describeError(error)))}`,
      ...(path.length === 0 ? [] : [`  ${l10n.t('Named by {0}', path.join(' > '))}`]),
    ]),
    ...(problems.length === 0 ? [] : ['']),
    `## ${l10n.t('Checked')}`,
    '',
    ...good.map(
      ({ descriptor: { digest, mediaType, size } }) => `- ${digest} ${codeSpan(mediaType)}, ${formatSize(size)}`,
    ),
    '',
  ].join('\n');
}
