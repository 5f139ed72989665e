import { l10n, window } from 'vscode';
import {
  inScope,
  isOciError,
  planTagRemovals,
  type RepositoryName,
  removesTags,
  type Tag,
  type TagsRemoval,
} from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';
import { nameOf, type Place } from '../places.ts';
import { plainText } from '../plainText.ts';
import { countReferrers } from '../referrerText.ts';
import { observeAt } from '../telemetry/observeAt.ts';
import type { DeleteParts } from './deleteContent.ts';
import { whileLooking } from './whileLooking.ts';

/** Tags of one repository. */
export interface TagsOf {
  readonly place: Place;
  readonly repository: RepositoryName;
  readonly tags: readonly Tag[];
}

/** What became of the tags of one repository. */
interface Removed {
  readonly gone: readonly Tag[];
  /** The registry removes these only together with what they name. */
  readonly kept: readonly Tag[];
  readonly failed: readonly { readonly tag: Tag; readonly error: unknown }[];
}

/** Tags in a question; more would not fit on a screen. Who has chosen more has seen them in a list. */
const MAX_NAMED = 40;

/**
 * Takes several tags away, after the user has seen all of them. Where a registry removes tags only together with what they
 * name, that is asked about once more, with what else would go.
 */
export async function removeTags(parts: DeleteParts, groups: readonly TagsOf[]): Promise<void> {
  const alone = groups.filter((group) => !isKept(group));
  const kept = groups.filter(isKept);
  if (alone.length > 0) {
    if (!(await confirmTags(alone))) return;
    for (const group of alone) {
      const removed = await parts.presenter.attempt('deleteTag', () => untag(parts, group));
      if (removed === undefined) return;
      if (removed.kept.length > 0) kept.push({ ...group, tags: removed.kept });
      await finish(parts, group, removed);
    }
  }
  for (const group of kept) await removeManifests(parts, group);
}

function isKept({ place: { hosting } }: TagsOf): boolean {
  return hosting !== undefined && removesTags(hosting.kind, hosting.capabilities) === false;
}

async function confirmTags(groups: readonly TagsOf[]): Promise<boolean> {
  const names = groups.flatMap(({ tags, ...repository }) => tags.map((tag) => nameOf({ ...repository, tag })));
  const remove = names.length === 1 ? l10n.t('Delete Tag') : l10n.t('Delete {0} Tags', names.length);
  const question = names.length === 1 ? l10n.t('Delete 1 tag?') : l10n.t('Delete {0} tags?', names.length);
  const detail = [
    listOf(names),
    l10n.t('What they name stays; what no other tag names is then known by its digest alone.'),
  ].join('\n\n');
  return (await window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}

async function untag({ observability, settings }: DeleteParts, group: TagsOf): Promise<Removed> {
  const { place, repository, tags } = group;
  const title = l10n.t('Deleting tags of {0}', nameOf({ place, repository }));
  return await whileLooking(title, async (signal) => {
    const store = await place.open(repository, { signal });
    const removed = { gone: [] as Tag[], kept: [] as Tag[], failed: [] as { tag: Tag; error: unknown }[] };
    const remove = async (tag: Tag): Promise<void> => {
      try {
        await observeAt(observability, 'delete', { place, repository, tag }, () => store.untag(tag, { signal }));
        removed.gone.push(tag);
      } catch (error) {
        if (signal.aborted) throw error;
        if (isOciError(error, 'NOT_FOUND')) removed.gone.push(tag);
        else if (isOciError(error, 'UNSUPPORTED')) removed.kept.push(tag);
        else removed.failed.push({ tag, error });
      }
    };
    await inScope({ signal, concurrency: settings.concurrency }, async ({ run, all }) => {
      await all(tags.map((tag) => run(() => remove(tag))));
    });
    return removed;
  });
}

/** A manifest that has another tag, which nobody wants to go, stays. */
async function removeManifests(parts: DeleteParts, group: TagsOf): Promise<void> {
  const { place, repository, tags } = group;
  const where = nameOf({ place, repository });
  const { concurrency } = parts.settings;
  const plans = await parts.presenter.attempt('deleteManifest', async () => {
    const store = await place.open(repository);
    const title = l10n.t('Looking for what belongs to tags of {0}', where);
    return await whileLooking(title, (signal) => planTagRemovals(store, tags, { concurrency, signal }));
  });
  if (plans === undefined) return;
  const going = plans.filter(({ others }) => others.length === 0);
  const detail = manifestsText(plans);
  const question = plainText(l10n.t('{0} deletes tags only together with their manifests.', place.label));
  if (going.length === 0) return void (await window.showWarningMessage(question, { modal: true, detail }));
  const count = going.flatMap((plan) => plan.tags).length;
  const remove = removeManifestsLabel(going.length, count);
  if ((await window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  const removed = await parts.presenter.attempt('deleteManifest', () => deleteAll(parts, group, going));
  if (removed !== undefined) await finish(parts, group, removed);
}

/** The button names the act, with all that goes. */
export function removeManifestsLabel(manifests: number, tags: number): string {
  if (manifests > 1) return l10n.t('Delete {0} Manifests and {1} Tags', manifests, tags);
  return tags === 1 ? l10n.t('Delete Manifest and 1 Tag') : l10n.t('Delete Manifest and {0} Tags', tags);
}

/** What goes and what stays when tags go together with their manifests, one thing a paragraph. */
export function manifestsText(plans: readonly TagsRemoval[]): string {
  const going = plans.filter(({ others }) => others.length === 0);
  const staying = plans.filter(({ others }) => others.length > 0);
  const referrers = going.flatMap((plan) => plan.referrers);
  const stays = staying.map(({ tags, others }) =>
    l10n.t('{0} (also {1})', listOf(tags.filter((tag) => !others.includes(tag))), listOf(others)),
  );
  return [
    ...(going.length === 0 ? [] : [l10n.t('These go: {0}.', listOf(going.flatMap((plan) => plan.tags)))]),
    ...(stays.length === 0 ? [] : [l10n.t('These stay, because other tags name the same: {0}.', stays.join('; '))]),
    ...(referrers.length === 0
      ? []
      : [l10n.t('What refers to them stays, and then refers to nothing: {0}.', countReferrers(referrers))]),
    ...(going.length === 0 ? [] : [l10n.t('This cannot be undone. Other artifacts keep what they share with it.')]),
  ].join('\n\n');
}

async function deleteAll(
  { observability }: DeleteParts,
  { place, repository }: TagsOf,
  plans: readonly TagsRemoval[],
): Promise<Removed> {
  const store = await place.open(repository);
  const gone: Tag[] = [];
  const failed: { tag: Tag; error: unknown }[] = [];
  for (const { descriptor, tags } of plans) {
    const about = { place, repository, digest: descriptor.digest };
    try {
      await observeAt(observability, 'delete', about, () => store.delete(descriptor));
      gone.push(...tags);
    } catch (error) {
      failed.push(...tags.map((tag) => ({ tag, error })));
    }
  }
  return { gone, kept: [], failed };
}

async function finish({ trees, presenter }: DeleteParts, group: TagsOf, { gone, failed }: Removed): Promise<void> {
  const { place, repository } = group;
  const where = nameOf({ place, repository });
  if (gone.length > 0) await trees.rereadRepository(place, repository);
  const done =
    gone.length === 1 ? l10n.t('Deleted 1 tag of {0}.', where) : l10n.t('Deleted {0} tags of {1}.', gone.length, where);
  const [first] = failed;
  if (first === undefined) {
    if (gone.length > 0) window.setStatusBarMessage(`$(trash) ${plainText(done)}`, 5_000);
    return;
  }
  for (const { tag, error } of failed) presenter.logError(`deleteTag ${tag}`, error);
  const why = isOciError(first.error) ? explain(describeError(first.error)) : String(first.error);
  const rest = l10n.t('Not deleted: {0}. {1}', listOf(failed.map(({ tag }) => tag)), why);
  void window.showWarningMessage(plainText(`${done} ${rest}`));
}

function listOf(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  const more = rest <= 0 ? [] : [l10n.t('{0} more', rest)];
  return [...names.slice(0, MAX_NAMED), ...more].join(', ');
}
