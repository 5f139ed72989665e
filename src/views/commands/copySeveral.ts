import { l10n, window } from 'vscode';
import { inScope, OciError } from '../../oci/index.ts';
import { type Address, type Destination, nameOf } from '../places.ts';
import { plainText } from '../plainText.ts';
import { askPlace, askRepository } from './askAddress.ts';
import { type CopyParts, startCopy } from './startCopy.ts';
import { whileLooking } from './whileLooking.ts';

/** A tag and where it is copied to. */
export interface CopyStep {
  readonly source: Address & { readonly tag: NonNullable<Address['tag']> };
  readonly destination: Destination;
}

/**
 * Copies several tags to another place, each under its own name, after the user has seen which goes where. Those of one
 * repository go to one repository; those of several keep the names of theirs.
 */
export async function copySeveral(parts: CopyParts, addresses: readonly Address[]): Promise<void> {
  const sources = addresses.flatMap(({ tag, ...rest }) => (tag === undefined ? [] : [{ ...rest, tag }]));
  const title = l10n.t('Copy {0} Tags', sources.length);
  const to = await askPlace(title, parts.book, 'repository');
  if (to === undefined) return;
  const repositories = new Set(sources.map(({ repository }) => repository));
  const [only] = repositories;
  const repository =
    to.repository ?? (repositories.size === 1 ? await askRepository(title, to.place, only) : undefined);
  if (repository === undefined && repositories.size === 1) return;
  const steps = sources.map((source): CopyStep => {
    const destination = { place: to.place, repository: repository ?? source.repository, tag: source.tag };
    return { source, destination };
  });
  await copySteps(parts, steps);
}

/**
 * Copies each tag where it is to go, after the user has seen all of it.
 * @throws OciError INVALID_ARGUMENT when two of them would be one
 */
export async function copySteps(parts: CopyParts, steps: readonly CopyStep[]): Promise<void> {
  refuseCollisions(steps);
  const referrers = await confirm(l10n.t('Copy {0} Tags', steps.length), steps);
  if (referrers === undefined) return;
  const resolved = await parts.presenter.attempt('copyTo', () =>
    whileLooking(l10n.t('Looking at {0} tags', steps.length), (looking) =>
      inScope({ signal: looking }, ({ run, all, signal }) => {
        const look = async (step: CopyStep) => {
          const store = await step.source.place.open(step.source.repository, { signal });
          return { ...step, descriptor: await store.resolve(step.source.tag, { signal }) };
        };
        return all(steps.map((step) => run(() => look(step))));
      }),
    ),
  );
  let copied = 0;
  const onCopied = (): void => {
    copied += 1;
  };
  await Promise.all(
    (resolved ?? []).map(({ source, destination, descriptor }) =>
      startCopy(parts, { address: source, descriptor, destination, referrers }, onCopied),
    ),
  );
  if (copied > 0) await finish(parts, steps, copied);
}

/** @throws OciError INVALID_ARGUMENT when two tags would be one */
function refuseCollisions(steps: readonly CopyStep[]): void {
  const seen = new Set<string>();
  for (const { destination } of steps) {
    const name = nameOf(destination);
    if (seen.has(name)) {
      throw new OciError('INVALID_ARGUMENT', `two tags would be ${name}`, {
        argument: 'tag',
        value: name,
        accepted: l10n.t('tags that have different names where they go'),
      });
    }
    seen.add(name);
  }
}

/** Whether what refers to them comes along; undefined when the user leaves it. */
async function confirm(title: string, steps: readonly CopyStep[]): Promise<boolean | undefined> {
  const withReferrers = l10n.t('Copy with What Refers to Them');
  const alone = l10n.t('Copy');
  const detail = steps.map(({ source, destination }) => `${nameOf(source)} → ${nameOf(destination)}`).join('\n');
  const answer = await window.showInformationMessage(`${title}?`, { modal: true, detail }, withReferrers, alone);
  return answer === undefined ? undefined : answer === withReferrers;
}

async function finish({ trees, registries }: CopyParts, steps: readonly CopyStep[], copied: number): Promise<void> {
  const [first] = steps;
  if (first === undefined) return;
  const { place } = first.destination;
  for (const repository of new Set(steps.map(({ destination }) => destination.repository))) {
    // What a registry does not list would be nowhere.
    const isShown = await trees.reveal(place, { place, repository });
    if (!isShown && place.kind === 'registry') await registries.add(place.id, repository);
  }
  const message =
    copied === steps.length
      ? l10n.t('Copied {0} tags to {1}.', copied, place.label)
      : l10n.t('Copied {0} of {1} tags to {2}.', copied, steps.length, place.label);
  void window.showInformationMessage(plainText(message));
}
